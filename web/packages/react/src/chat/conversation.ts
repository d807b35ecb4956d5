/**
 * The history of one session, kept above any view (W9): loaded when somebody looks, and asked for again whenever what
 * is told live is not the whole story.
 */

import { isOver, textOf, type Door, type GatewayEvent, type Turn, type Unsubscribe } from "@vestibule/client";
import { asDoorError } from "../errors.js";
import { text } from "../read.js";
import type { ObservedStore } from "../shared/observed.js";
import { Store } from "../shared/store.js";
import { isRunOf, isTurnOf, type Named } from "./membership.js";
import { defaultKey, normalKey } from "./session-key.js";
import { earlierCame, EMPTY, failed, inFlight, newestCame, rowCame, type Transcript } from "./transcript.js";

/** Which conversation. */
export interface ConversationOf extends Named {
  /** Messages asked for at a time. */
  readonly pageSize: number;
}

/** Several reasons to reload within this time are one. */
const GATHER_MS = 300;

/** Reasons of `sessions.changed` after which the transcript is another one. */
const REWRITTEN = new Set(["reset", "compact", "delete", "rewind", "new"]);

/** One session of one door. */
export class Conversation {
  readonly #door: Door;
  readonly #observed: ObservedStore;
  readonly #of: ConversationOf;
  readonly #store: Store<Transcript>;
  #users = 0;
  #end: Unsubscribe | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #wasReady = false;
  #isAsking = false;
  #askAgain = false;
  /** Turns whose missing parts the history was asked for. */
  readonly #mended = new Set<string>();

  constructor(door: Door, observed: ObservedStore, of: ConversationOf) {
    this.#door = door;
    this.#observed = observed;
    this.#of = of;
    const sessionKey = of.sessionKey === null ? null : normalKey(of.agent, of.sessionKey);
    this.#store = new Store<Transcript>({ ...EMPTY, sessionKey });
  }

  readonly snapshot = (): Transcript => this.#store.get();

  readonly subscribe = (listener: () => void): Unsubscribe => this.#store.subscribe(listener);

  /** Somebody looks, until the result is called. */
  readonly open = (): Unsubscribe => {
    this.#users += 1;
    if (this.#users === 1) this.#end = this.#follow();
    return () => {
      this.#users -= 1;
      if (this.#users > 0) return;
      this.#end?.();
      this.#end = null;
    };
  };

  /** Ask for the newest page again. */
  readonly reload = (): void => void this.#load();

  /** Ask for the page before the oldest message that is held. */
  readonly loadEarlier = async (): Promise<void> => {
    const { sessionKey, rows, hasEarlier, isLoadingEarlier } = this.#store.get();
    if (sessionKey === null || !hasEarlier || isLoadingEarlier) return;
    this.#change({ isLoadingEarlier: true });
    try {
      const params = { sessionKey, limit: this.#of.pageSize, offset: rows.length };
      const answer = await this.#door.call("chat.history", params, { idempotent: true });
      this.#store.set(earlierCame(this.#store.get(), answer));
    } catch (thrown) {
      this.#store.set(failed(this.#store.get(), asDoorError(thrown)));
    }
  };

  // inside

  #follow(): Unsubscribe {
    const ends = [
      this.#door.subscribe(() => this.#settle()),
      this.#door.onStale(({ reason }) => {
        if (reason === "principal") this.#forget();
        this.#soon();
      }),
      this.#door.onEvent("session.message", ({ payload }) => this.#told(payload)),
      this.#door.onEvent("sessions.changed", (event) => this.#changed(event)),
      this.#door.chat.subscribe(() => this.#lookAtTurns()),
      this.#observed.subscribe(() => this.#lookAtRuns()),
      () => {
        if (this.#timer !== null) clearTimeout(this.#timer);
        this.#timer = null;
        this.#unsubscribe();
      },
    ];
    this.#settle();
    // What happened while nobody looked was not followed.
    if (this.#store.get().isLoaded) this.#soon();
    return () => {
      for (const end of ends) end();
    };
  }

  /** The connection or the gateway has changed: find the key, load what is not loaded. */
  #settle(): void {
    const { principal, gateway, connection } = this.#door.snapshot();
    const isReady = connection.at === "open" && (gateway?.state === "ready" || gateway?.state === "degraded");
    const isNews = isReady && !this.#wasReady;
    this.#wasReady = isReady;
    if (!isNews || principal === null) return;
    if (this.#store.get().sessionKey !== null) {
      this.#begin();
      return;
    }
    void defaultKey(this.#of.agent, principal).then((sessionKey) => {
      if (sessionKey === null || this.#store.get().sessionKey !== null) return;
      this.#change({ sessionKey });
      this.#begin();
    });
  }

  /** Rows are told as they are written where the gateway can do that; elsewhere reloads have to do. */
  #begin(): void {
    const { sessionKey: key, isLoaded, error } = this.#store.get();
    if (this.#users === 0 || key === null) return;
    this.#door.call("sessions.messages.subscribe", { key }).catch(() => undefined);
    if (!isLoaded || error !== null) void this.#load();
  }

  #unsubscribe(): void {
    const { sessionKey: key } = this.#store.get();
    this.#wasReady = false;
    if (key === null || this.#door.snapshot().connection.at !== "open") return;
    this.#door.call("sessions.messages.unsubscribe", { key }).catch(() => undefined);
  }

  async #load(): Promise<void> {
    const { sessionKey } = this.#store.get();
    if (sessionKey === null) return;
    if (this.#isAsking) {
      this.#askAgain = true;
      return;
    }
    this.#isAsking = true;
    this.#change({ isLoading: true });
    const ended = this.#ended();
    try {
      const params = { sessionKey, limit: this.#of.pageSize };
      const answer = await this.#door.call("chat.history", params, { idempotent: true });
      this.#adopt(answer, sessionKey);
      this.#store.set(newestCame(this.#store.get(), answer, ended));
    } catch (thrown) {
      this.#store.set(failed(this.#store.get(), asDoorError(thrown)));
    }
    this.#isAsking = false;
    if (!this.#askAgain) return;
    this.#askAgain = false;
    this.#soon();
  }

  /** A run that was on before we came is told from here on by events: begin with what it has said. */
  #adopt(answer: unknown, sessionKey: string): void {
    const found = inFlight(answer, sessionKey);
    if (found === null || this.#ownRunIds().has(found.runId)) return;
    const known = this.#observed.current(found.runId);
    const isNews = known === undefined || (known.state.at === "running" && textOf(known).length < found.text.length);
    if (isNews) this.#observed.take(known === undefined ? found.events : found.events.slice(-1));
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.#load();
    }, GATHER_MS);
  }

  #told(payload: unknown): void {
    const { sessionKey, isLoaded } = this.#store.get();
    const key = text(payload, "sessionKey");
    if (key === null || normalKey(this.#of.agent, key) !== sessionKey) return;
    // The answer that is awaited may be older than this row.
    if (this.#isAsking) this.#askAgain = true;
    if (!isLoaded) return;
    const message = typeof payload === "object" && payload !== null && "message" in payload ? payload.message : null;
    this.#store.set(rowCame(this.#store.get(), message));
  }

  #changed({ payload }: GatewayEvent): void {
    const key = text(payload, "sessionKey");
    const isOurs = key !== null && normalKey(this.#of.agent, key) === this.#store.get().sessionKey;
    if (isOurs && REWRITTEN.has(text(payload, "reason") ?? "")) this.#soon();
  }

  /** The answer to a message without a key tells the key. What a finished turn misses, the history has. */
  #lookAtTurns(): void {
    for (const turn of this.#door.chat.snapshot().turns) {
      if (!this.#isOurs(turn)) continue;
      if (turn.sessionKey !== null && this.#store.get().sessionKey === null) {
        this.#change({ sessionKey: normalKey(this.#of.agent, turn.sessionKey) });
        this.#begin();
      }
      if (!isOver(turn) || this.#mended.has(turn.id) || !turn.runs.some(({ incomplete }) => incomplete)) continue;
      this.#mended.add(turn.id);
      this.#soon();
    }
  }

  /** The end of a run of others: what was asked, and all that was answered, is in the history now. */
  #lookAtRuns(): void {
    for (const [id, observed] of this.#observed.snapshot()) {
      if (
        observed.run.state.at === "running" ||
        this.#mended.has(id) ||
        !isRunOf(observed, this.#of, this.#store.get().sessionKey)
      )
        continue;
      this.#mended.add(id);
      if (!this.#ownRunIds().has(id)) this.#soon();
    }
  }

  #ownRunIds(): ReadonlySet<string> {
    return new Set(this.#door.chat.snapshot().turns.flatMap(({ id, runs }) => [id, ...runs.map((run) => run.id)]));
  }

  /** Runs of this session that are over. */
  #ended(): readonly string[] {
    const { sessionKey } = this.#store.get();
    const turns = this.#door.chat.snapshot().turns.filter((turn) => isOver(turn) && this.#isOurs(turn));
    const runs = [...this.#observed.snapshot().values()].filter(({ run }) => run.state.at !== "running");
    return [
      ...turns.map(({ id }) => id),
      ...runs.filter((each) => isRunOf(each, this.#of, sessionKey)).map(({ run }) => run.id),
    ];
  }

  #isOurs(turn: Turn): boolean {
    return isTurnOf(turn, this.#of, this.#store.get().sessionKey);
  }

  /** Somebody else is signed in. */
  #forget(): void {
    const sessionKey = this.#of.sessionKey === null ? null : normalKey(this.#of.agent, this.#of.sessionKey);
    this.#store.set({ ...EMPTY, sessionKey });
    this.#wasReady = false;
    this.#settle();
  }

  #change(fields: Partial<Transcript>): void {
    this.#store.set({ ...this.#store.get(), ...fields });
  }
}
