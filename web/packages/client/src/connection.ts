/**
 * Stay connected: one socket at a time, credential, resume, and coming back for ever with jitter (W1, W2, W3).
 *
 * Stops only when the door says that coming back makes no sense. Does not know what frames mean.
 */

import type { CredentialKind, Environment, GetToken, Timings } from "./api.js";
import { Backoff } from "./backoff.js";
import { CLOSE, fatalKind, wantsPatience } from "./codes.js";
import { fetchTicket, target, TicketRefused } from "./credential.js";
import { TEXTS } from "./errors.js";
import type { Frame, Hello } from "./frames.js";
import { Link, type LinkEnd, type LinkOwner } from "./link.js";
import type { Place } from "./position.js";
import { SignedIn } from "./signedin.js";
import { allows, moved, type ConnectionState, type Move } from "./state.js";

/** Who lives on a connection. */
export interface ConnectionOwner {
  /** Where the stream was left. */
  resumeFrom(): Place | null;
  /** Whether answers are still due on a socket that was replaced. */
  waitsFor(link: Link): boolean;
  /** The state is another one, and it is not open. */
  changed(): void;
  /** The state is open: from now on this is the socket to speak on. */
  greeted(link: Link, hello: Hello): void;
  /** `late`: from a socket that was replaced already; only answers count. */
  received(frame: Frame, late: boolean): void;
  /** A socket is gone. */
  lost(link: Link): void;
}

/** What a connection is made with. */
export interface ConnectionSettings {
  readonly address: string;
  readonly getToken: GetToken | null;
  readonly credential: CredentialKind;
}

/** An attempt to open a socket: waiting for its credential, then for its `hello`. */
interface Dial {
  link: Link | null;
  cancelTimer: () => void;
}

const SIGN_IN_AGAIN: LinkEnd = { code: CLOSE.unauthenticated, reason: TEXTS.refused, retryInMs: null };
const NOT_SIGNED_IN: LinkEnd = { code: CLOSE.unauthenticated, reason: TEXTS.notAuthenticated, retryInMs: null };

/** The connection of a door, across sockets. */
export class Connection implements LinkOwner {
  #state: ConnectionState = { at: "idle" };
  #current: Link | null = null;
  #dial: Dial | null = null;
  readonly #retiring = new Map<Link, () => void>();
  #attempt = 0;
  #token: string | null = null;
  #askedFresh = false;
  #refused: LinkEnd = SIGN_IN_AGAIN;
  #cancelRetry: () => void = () => undefined;
  #cancelAge: () => void = () => undefined;
  #renewals: ((switched: boolean) => void)[] = [];
  readonly #backoff: Backoff;
  readonly #signedIn: SignedIn;
  readonly #owner: ConnectionOwner;
  readonly #settings: ConnectionSettings;
  readonly #environment: Environment;
  readonly #timings: Timings;

  constructor(owner: ConnectionOwner, settings: ConnectionSettings, environment: Environment, timings: Timings) {
    this.#owner = owner;
    this.#settings = settings;
    this.#environment = environment;
    this.#timings = timings;
    this.#backoff = new Backoff(timings.retryBaseMs, timings.retryCapMs, environment.random);
    this.#signedIn = new SignedIn(environment, () => void this.refreshToken());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  connect(): void {
    if (!allows(this.#state, "connect")) return;
    this.#backoff.reset();
    this.#attempt = 0;
    this.#askedFresh = false;
    this.#call("connect");
  }

  close(): void {
    this.#drop();
    if (allows(this.#state, "close")) this.#move("close", { at: "idle" });
  }

  reconnectNow(): void {
    if (this.#state.at === "connecting") return;
    if (!allows(this.#state, "retry")) return this.connect();
    this.#drop();
    this.#call("retry");
  }

  /** The page woke up: do not wait, and do not trust an open socket (W4). */
  wake(): void {
    if (this.#state.at === "waiting") this.#call("retry");
    this.doubt();
  }

  /** The network may be gone; a door on this machine is there all the same. */
  doubt(): void {
    this.#current?.probe();
  }

  renew(): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#current === null) return resolve(false);
      this.#renewals.push(resolve);
      if (this.#dial === null) void this.#open(false);
    });
  }

  async refreshToken(): Promise<boolean> {
    const token = await this.#freshToken().catch(() => null);
    if (token === null || this.#current === null) return false;
    this.#token = token;
    this.#current.send(JSON.stringify({ type: "auth", token }));
    return true;
  }

  // what links tell

  greeted(link: Link, hello: Hello): void {
    const before = this.#current;
    if (link === this.#dial?.link) {
      this.#endDial();
      this.#current = link;
      this.#grow();
    }
    if (link !== this.#current) return;
    this.#signedIn.until(hello.principal.expiresAtMs);
    this.#state = moved(this.#state, "greeted", { at: "open", hello });
    this.#owner.greeted(link, hello);
    if (before !== null && before !== link) this.#retire(before);
    this.#renewed(true);
  }

  received(link: Link, frame: Frame): void {
    const late = link !== this.#current;
    if (!late && frame.type === "auth") this.#signedIn.renewed(frame);
    this.#owner.received(frame, late);
    if (late && !this.#owner.waitsFor(link)) this.#farewell(link);
  }

  ended(link: Link, end: LinkEnd): void {
    if (this.#retiring.has(link)) return this.#forget(link);
    if (link === this.#current) {
      this.#leave(link);
      // The next socket was on its way already: let it come.
      if (this.#dial !== null) return this.#move("retry", { at: "connecting", attempt: this.#attempt });
      return this.#decide(end);
    }
    this.#failed(end);
  }

  // opening

  #call(move: Move): void {
    this.#cancelRetry();
    this.#attempt += 1;
    this.#move(move, { at: "connecting", attempt: this.#attempt });
    void this.#open(false);
  }

  async #open(fresh: boolean): Promise<void> {
    const dial: Dial = { link: null, cancelTimer: () => undefined };
    this.#dial = dial;
    dial.cancelTimer = this.#environment.after(this.#timings.connectTimeoutMs, () => {
      if (this.#dial === dial) this.#failed({ code: CLOSE.lost, reason: TEXTS.connectTimeout, retryInMs: null });
    });
    const secret = await this.#secret(fresh);
    if (this.#dial !== dial) return; // closed, or given up, while the token was awaited (W2)
    dial.cancelTimer();
    if (typeof secret === "object" && secret !== null) {
      this.#failed(secret);
      return;
    }
    const { address, credential } = this.#settings;
    try {
      dial.link = new Link(
        target(address, credential, secret, this.#owner.resumeFrom()),
        this,
        this.#environment,
        this.#timings,
      );
    } catch (error) {
      // The browser takes neither the address nor the token as they are: another attempt would not go better.
      this.#endDial();
      this.#refuse({ kind: "final", code: 0, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  /** What to show to the door: a token, a ticket, null for nothing; or why there is none. */
  async #secret(fresh: boolean): Promise<string | null | LinkEnd> {
    const { getToken, credential, address } = this.#settings;
    if (getToken === null) return null;
    try {
      const token = await getToken({ fresh });
      if (typeof token !== "string" || token === "") return NOT_SIGNED_IN;
      if (fresh && token === this.#token) return this.#refused;
      this.#token = token;
      return credential === "ticket" ? await fetchTicket(address, token, this.#environment) : token;
    } catch (error) {
      if (error instanceof TicketRefused) return SIGN_IN_AGAIN;
      const reason = error instanceof Error ? error.message : String(error);
      return { code: CLOSE.lost, reason: `No token: ${reason}`, retryInMs: null };
    }
  }

  async #freshToken(): Promise<string | null> {
    return (await this.#settings.getToken?.({ fresh: true })) ?? null;
  }

  // ending

  /** An attempt came to nothing. */
  #failed(end: LinkEnd): void {
    this.#endDial();
    this.#renewed(false);
    if (this.#current === null) this.#decide(end);
    else this.#grow(); // the old socket is still there
  }

  /** The socket is gone, or there is none: come back, or not. */
  #decide(end: LinkEnd): void {
    const kind = fatalKind(end.code);
    if (kind === null) return this.#comeBack(end);
    const worthATry =
      kind === "signIn" && end !== NOT_SIGNED_IN && !this.#askedFresh && this.#settings.getToken !== null;
    if (!worthATry) return this.#refuse({ kind, code: end.code, reason: end.reason });
    // There may be a fresher token: that is worth one attempt, at once.
    this.#askedFresh = true;
    this.#refused = end;
    if (this.#state.at === "open") this.#move("retry", { at: "connecting", attempt: this.#attempt });
    void this.#open(true);
  }

  #comeBack(end: LinkEnd): void {
    const retryInMs = end.retryInMs ?? this.#backoff.nextMs(wantsPatience(end.code));
    const retryAtMs = this.#environment.now() + retryInMs;
    const { code, reason } = end;
    this.#move("lost", { at: "waiting", attempt: this.#attempt, code, reason, retryInMs, retryAtMs });
    this.#cancelRetry();
    this.#cancelRetry = this.#environment.after(retryInMs, () => this.#call("retry"));
  }

  #refuse(closed: { kind: "signIn" | "forbidden" | "final"; code: number; reason: string }): void {
    this.#drop();
    this.#move("refused", { at: "closed", ...closed });
  }

  /** The current socket is no more. */
  #leave(link: Link): void {
    this.#current = null;
    this.#cancelAge();
    this.#signedIn.stop();
    const livedMs = this.#environment.now() - (link.openedAtMs ?? this.#environment.now());
    if (livedMs >= this.#timings.stableAfterMs) {
      this.#backoff.reset();
      this.#attempt = 0;
      this.#askedFresh = false;
    }
    this.#owner.lost(link);
  }

  /** Let go of everything that is open or under way. */
  #drop(): void {
    this.#cancelRetry();
    this.#dial?.link?.close();
    this.#endDial();
    for (const link of [...this.#retiring.keys()]) this.#farewell(link);
    const link = this.#current;
    if (link !== null) {
      link.close();
      this.#leave(link);
    }
    this.#renewed(false);
  }

  #endDial(): void {
    this.#dial?.cancelTimer();
    this.#dial = null;
  }

  // make before break

  /** Open the next socket before this one is too old (E5); not all clients at once. */
  #grow(): void {
    this.#cancelAge();
    const { maxSocketAgeMs } = this.#timings;
    const current = this.#current;
    if (maxSocketAgeMs === null || current?.openedAtMs == null) return;
    const ageMs = this.#environment.now() - current.openedAtMs;
    const dueInMs = maxSocketAgeMs * (0.9 + 0.1 * this.#environment.random()) - ageMs;
    this.#cancelAge = this.#environment.after(dueInMs > 0 ? dueInMs : this.#backoff.nextMs(), () => void this.renew());
  }

  /** A replaced socket stays while answers are due on it. */
  #retire(link: Link): void {
    this.#retiring.set(
      link,
      this.#environment.after(this.#timings.retireAfterMs, () => this.#farewell(link)),
    );
    if (!this.#owner.waitsFor(link)) this.#farewell(link);
  }

  #farewell(link: Link): void {
    link.close();
    this.#forget(link);
  }

  #forget(link: Link): void {
    this.#retiring.get(link)?.();
    this.#retiring.delete(link);
    this.#owner.lost(link);
  }

  #renewed(switched: boolean): void {
    const waiting = this.#renewals;
    this.#renewals = [];
    for (const resolve of waiting) resolve(switched);
  }

  #move(move: Move, next: ConnectionState): void {
    this.#state = moved(this.#state, move, next);
    this.#owner.changed();
  }
}
