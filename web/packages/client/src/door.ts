/**
 * The door as one object: what its frames mean, and what is known at the moment.
 *
 * Never repeats a call that may have an effect. Chat messages are repeated, because their id makes that safe.
 */

import type {
  CallOptions,
  Door,
  DoorOptions,
  DoorSnapshot,
  Environment,
  Notice,
  Stale,
  Timings,
  Unsubscribe,
} from "./api.js";
import { Calls, isLarger } from "./calls.js";
import { Chat, type ChatDoor, type Said } from "./chat.js";
import { Connection, type ConnectionOwner } from "./connection.js";
import { socketUrl } from "./credential.js";
import { DEFAULT_TIMINGS, defaultEnvironment } from "./environment.js";
import { clientError, type DoorError, TEXTS } from "./errors.js";
import { matcher } from "./events.js";
import {
  numberOrNull,
  readChat,
  readEvent,
  readOffer,
  readStatus,
  text,
  textOrNull,
  type Frame,
  type GatewayEvent,
  type Hello,
  type Principal,
} from "./frames.js";
import { Handlers, Store } from "./handlers.js";
import type { Link } from "./link.js";
import { Memory, type Saved } from "./memory.js";
import { Position, type Place } from "./position.js";
import type { ConnectionState } from "./state.js";
import { watchPage } from "./waking.js";

/** What the gateway offers is asked for again after this, should the answer not come. */
const OFFER_RETRY_MS = 5_000;

/** A door; nothing is opened before `connect()`. Throws for what is no address. */
export function createDoor(options: DoorOptions): Door {
  return new DoorClient(
    options,
    { ...defaultEnvironment(), ...options.environment },
    { ...DEFAULT_TIMINGS, ...options.timings },
  );
}

class DoorClient implements Door, ConnectionOwner, ChatDoor {
  readonly chat: Chat;
  readonly #calls: Calls;
  readonly #connection: Connection;
  readonly #memory: Memory;
  readonly #position: Position;
  readonly #store: Store<DoorSnapshot>;
  readonly #events: Handlers<[GatewayEvent]>;
  readonly #frames: Handlers<[Frame]>;
  readonly #stale: Handlers<[Stale]>;
  readonly #notices: Handlers<[Notice]>;
  readonly #environment: Environment;
  readonly #timings: Timings;
  /** Whose the place and the turns are; empty while nobody's. */
  #who = "";
  #link: Link | null = null;
  #maxPayload = Infinity;
  #leavePage: (() => void) | null = null;
  #cancelOffer: () => void = () => undefined;

  constructor(options: DoorOptions, environment: Environment, timings: Timings) {
    const address = socketUrl(options.url);
    this.#environment = environment;
    this.#timings = timings;
    const nothing = { gateway: null, offer: null, principal: null, recovered: false, generation: 0 };
    this.#store = new Store<DoorSnapshot>({ connection: { at: "idle" }, ...nothing }, environment.report);
    this.#events = new Handlers(environment.report);
    this.#frames = new Handlers(environment.report);
    this.#stale = new Handlers(environment.report);
    this.#notices = new Handlers(environment.report);
    this.#calls = new Calls(environment, timings);
    this.chat = new Chat(this, environment, timings);
    const { getToken = null, credential = "subprotocol" } = options;
    this.#connection = new Connection(this, { address, getToken, credential }, environment, timings);
    this.#memory = new Memory(options.storage ?? null, address, environment, () => this.#saved());
    const left = this.#memory.load();
    this.#position = new Position(left?.place ?? null);
    if (left !== null) {
      this.#who = left.who;
      this.chat.restore(left.turns, left.place.offset);
    }
  }

  // for the application

  readonly connect = (): void => {
    this.#leavePage ??= watchPage(this.#environment, {
      wake: () => this.#connection.wake(),
      doubt: () => this.#connection.doubt(),
      leave: this.#memory.write,
    });
    this.#connection.connect();
  };

  readonly close = (): void => {
    this.#leavePage?.();
    this.#leavePage = null;
    this.#memory.write();
    this.#connection.close();
    this.#calls.end(clientError("CLOSED", TEXTS.closed));
  };

  readonly reconnectNow = (): void => this.#connection.reconnectNow();

  readonly renew = (): Promise<boolean> => this.#connection.renew();

  readonly refreshToken = (): Promise<boolean> => this.#connection.refreshToken();

  readonly opened = (options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {}): Promise<Hello> =>
    new Promise((resolve, reject) => {
      const { timeoutMs = this.#timings.connectTimeoutMs, signal } = options;
      const settle = (): boolean => {
        const { connection } = this.snapshot();
        if (connection.at === "open") resolve(connection.hello);
        else if (connection.at === "closed") reject(refusal(connection));
        else return false;
        return true;
      };
      if (settle()) return;
      const end = (error?: DoorError): void => {
        if (error !== undefined) reject(error);
        else if (!settle()) return;
        unsubscribe();
        cancel();
        signal?.removeEventListener("abort", abort);
      };
      const unsubscribe = this.subscribe(() => end());
      const late = clientError("OFFLINE", TEXTS.connectTimeout, { retryable: true });
      const cancel = this.#environment.after(timeoutMs, () => end(late));
      const abort = (): void => end(clientError("ABORTED", "Waiting for the door was given up."));
      signal?.addEventListener("abort", abort);
    });

  readonly snapshot = (): DoorSnapshot => this.#store.get();

  readonly subscribe = (listener: () => void): Unsubscribe => this.#store.subscribe(listener);

  readonly call = async <T = unknown>(method: string, params?: unknown, options: CallOptions = {}): Promise<T> => {
    const { connection } = this.snapshot();
    if (connection.at === "closed") throw refusal(connection);
    // The one place where a payload gets its type: the caller's word for it.
    return (await this.#calls.call(method, params, options)) as T;
  };

  readonly onEvent = (
    pattern: string | readonly string[] | ((event: GatewayEvent) => void),
    handler?: (event: GatewayEvent) => void,
  ): Unsubscribe => {
    if (typeof pattern === "function") return this.#events.add(pattern);
    const matches = matcher(pattern);
    return this.#events.add((event) => {
      if (matches(event.event)) handler?.(event);
    });
  };

  readonly onFrame = (handler: (frame: Frame) => void): Unsubscribe => this.#frames.add(handler);

  readonly onStale = (handler: (stale: Stale) => void): Unsubscribe => this.#stale.add(handler);

  readonly onNotice = (handler: (notice: Notice) => void): Unsubscribe => this.#notices.add(handler);

  // what the chat asks

  say(frame: object): Said {
    const message = JSON.stringify(frame);
    if (this.#link === null) return "offline";
    if (isLarger(message, this.#maxPayload)) return "too-large";
    this.#link.send(message);
    return "sent";
  }

  offset(): number {
    return this.#position.place?.offset ?? 0;
  }

  touched(): void {
    this.#memory.touch();
  }

  // what the connection tells

  resumeFrom(): Place | null {
    return this.#position.place;
  }

  waitsFor(link: Link): boolean {
    return this.#calls.waitsFor(link);
  }

  changed(): void {
    const { state } = this.#connection;
    this.#store.set({ ...this.snapshot(), connection: state });
    if (state.at === "closed") this.#calls.end(refusal(state));
  }

  greeted(link: Link, hello: Hello): void {
    const who = `${hello.principal.owner}/${hello.principal.member}`;
    const stranger = this.#who !== "" && this.#who !== who;
    const before = this.snapshot();
    const goesOn = this.#position.greeted(hello);
    this.#who = who;
    this.#link = link;
    this.#maxPayload = hello.policy.maxPayload;
    if (stranger) this.chat.reset();
    // The first one of a page has nothing to show yet that could be out of date.
    const first = before.principal === null;
    const reason: Stale["reason"] | null = stranger ? "principal" : goesOn || first ? null : "not-recovered";
    const { state } = this.#connection;
    this.#store.set({
      connection: state,
      gateway: keepVersion(hello.gateway, stranger ? null : before.gateway),
      offer: stranger ? null : before.offer,
      principal: samePrincipal(before.principal, hello.principal) ? before.principal : hello.principal,
      recovered: hello.recovered,
      generation: before.generation + (reason === null ? 0 : 1),
    });
    this.#calls.opened(link, hello.policy.maxPayload);
    this.chat.opened(goesOn);
    this.#memory.touch();
    this.#askOffer();
    if (reason !== null) this.#stale.tell({ reason });
  }

  received(frame: Frame, late: boolean): void {
    if (frame.type === "res") this.#calls.answer(frame);
    if (frame.type === "res" || (frame.type === "hello" && !late)) return this.#frames.tell(frame);
    if (late) {
      if (frame.type === "error" && textOrNull(frame, "id") !== null) this.#error(frame);
      return;
    }
    const verdict = this.#position.take(numberOrNull(frame, "seq"), numberOrNull(frame, "offset"));
    if (verdict === "seen") return;
    if (verdict === "gap") this.#missed("gap");
    if (numberOrNull(frame, "offset") !== null) this.#memory.touch();
    this.#frames.tell(frame);
    this.#take(frame);
  }

  lost(link: Link): void {
    if (this.#link === link) {
      this.#link = null;
      this.chat.lost();
      this.#cancelOffer();
    }
    this.#calls.lost(link);
  }

  // inside

  #take(frame: Frame): void {
    switch (frame.type) {
      case "event": {
        const event = readEvent(frame);
        if (event === null) return;
        if (event.event === "door.resync") this.#missed("resync");
        return this.#events.tell(event);
      }
      case "status":
        this.#store.set({ ...this.snapshot(), gateway: keepVersion(readStatus(frame), this.snapshot().gateway) });
        return this.#askOffer();
      case "error":
        return this.#error(frame);
      default: {
        const said = readChat(frame);
        if (said !== null) this.chat.receive(said);
      }
    }
  }

  /** C8: an error is a turn's, a call's, or a notice. */
  #error(frame: Frame): void {
    const said = readChat(frame);
    const endsRun = frame["turnEnded"] !== undefined || frame["code"] === "RUN_LOST";
    if (said !== null && (endsRun || this.chat.knows(said.id)) && this.chat.receive(said)) return;
    if (this.#calls.answer({ type: "res", id: frame["id"], ok: false, error: frame })) return;
    const runId = textOrNull(frame, "runId");
    if (runId !== null) this.chat.abortFailed(runId);
    this.#notices.tell({ message: text(frame, "message"), code: text(frame, "code"), runId });
  }

  #missed(reason: Stale["reason"]): void {
    this.chat.missed();
    this.#store.set({ ...this.snapshot(), generation: this.snapshot().generation + 1 });
    this.#stale.tell({ reason });
  }

  /** Whenever the gateway has become ready: its methods and scopes may be others now. */
  #askOffer(): void {
    this.#cancelOffer();
    if (this.snapshot().gateway?.state !== "ready") return;
    const asked = this.#link;
    this.#calls.call("door.gateway", undefined, {}).then(
      (payload) => {
        const offer = readOffer(payload);
        const { gateway } = this.snapshot();
        if (gateway === null || asked !== this.#link) return;
        const version = offer.version ?? gateway.version;
        const protocol = offer.protocol ?? gateway.protocol;
        this.#store.set({ ...this.snapshot(), offer, gateway: { ...gateway, version, protocol } });
      },
      () => {
        if (asked === this.#link) this.#cancelOffer = this.#environment.after(OFFER_RETRY_MS, () => this.#askOffer());
      },
    );
  }

  #saved(): Saved | null {
    const { place } = this.#position;
    if (place === null) return null;
    const offset = Math.min(place.offset, this.chat.checkpoint() ?? place.offset);
    return { who: this.#who, place: { epoch: place.epoch, offset }, turns: this.chat.saved() };
  }
}

/** What a call fails with when the door will not have us back. */
function refusal(closed: Extract<ConnectionState, { at: "closed" }>): DoorError {
  if (closed.kind !== "signIn") return clientError("CLOSED", closed.reason);
  const message = closed.reason === TEXTS.notAuthenticated ? closed.reason : TEXTS.refused;
  return clientError("UNAUTHENTICATED", message);
}

type Status = DoorSnapshot["gateway"] & object;

/** A `status` frame does not repeat what was known of the gateway's version. */
function keepVersion(status: Status, before: Status | null): Status {
  return {
    ...status,
    version: status.version ?? before?.version ?? null,
    protocol: status.protocol ?? before?.protocol ?? null,
  };
}

function samePrincipal(one: Principal | null, other: Principal): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
