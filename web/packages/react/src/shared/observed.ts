/**
 * Runs that were started elsewhere, as they happen.
 */

import { reduceObserved, type Door, type GatewayEvent, type ObservedRun, type Unsubscribe } from "@vestibule/client";
import { Store } from "./store.js";

/** A run and when this page first heard of it. */
export interface Observed {
  readonly run: ObservedRun;
  readonly firstSeenAtMs: number;
}

/** By run id, in order of appearance. */
export type ObservedById = ReadonlyMap<string, Observed>;

/** Increments of text are told this often at most. */
const PACE_MS = 16;

/** Watches one door. */
export class ObservedStore {
  readonly #door: Door;
  readonly #store = new Store<ObservedById>(new Map());
  #runs: ReadonlyMap<string, ObservedRun> = new Map();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(door: Door) {
    this.#door = door;
  }

  readonly snapshot = (): ObservedById => this.#store.get();

  readonly subscribe = (listener: () => void): Unsubscribe => this.#store.subscribe(listener);

  start(): Unsubscribe {
    const offEvents = this.#door.onEvent(["chat", "agent"], (event) => this.take([event]));
    const offStale = this.#door.onStale(({ reason }) => {
      // What was under way may have ended unheard; the history knows.
      this.#runs = reason === "principal" ? new Map() : new Map([...this.#runs].filter(([, run]) => isEnded(run)));
      this.#tell();
    });
    return () => {
      offEvents();
      offStale();
      if (this.#timer !== null) this.#tell();
    };
  }

  /** A run as it is at this moment, not paced. */
  current(runId: string): ObservedRun | undefined {
    return this.#runs.get(runId);
  }

  /** Events of runs, live or from a history's `inFlightRun`. */
  take(events: readonly GatewayEvent[]): void {
    const runs = events.reduce(reduceObserved, this.#runs);
    if (runs === this.#runs) return;
    const paced = [...runs].every(([id, run]) => {
      const before = this.#runs.get(id);
      return run === before || (before !== undefined && !isEnded(run));
    });
    this.#runs = runs;
    if (paced) this.#timer ??= setTimeout(() => this.#tell(), PACE_MS);
    else this.#tell();
  }

  #tell(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const before = this.#store.get();
    const now = Date.now();
    const next = [...this.#runs].map(([id, run]): [string, Observed] => {
      const known = before.get(id);
      return [id, known?.run === run ? known : { run, firstSeenAtMs: known?.firstSeenAtMs ?? now }];
    });
    this.#store.set(new Map(next));
  }
}

function isEnded({ state }: ObservedRun): boolean {
  return state.at !== "running";
}
