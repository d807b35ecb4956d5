/**
 * Asks again what is on screen when it has gone out of date: once per read, however many events and hooks (W7, W8).
 *
 * Knows nothing of React or the cache: a hook hands in what to do.
 */

import type { GatewayEvent, Unsubscribe } from "@vestibule/client";
import { carriedBy, concerns, familyOf, PACE_MS, type Family } from "./families.js";
import { matches, type Pattern } from "./pattern.js";

/** A read that is on screen. */
export interface Watched {
  readonly method: string;
  /** Instead of the family's. */
  readonly events?: readonly string[] | undefined;
  readonly refetch: () => void;
  /** This is the new answer. */
  readonly put: (data: unknown) => void;
  /** The gateway is there again: refetch what failed without it. */
  readonly recover: () => void;
}

/** One key of the cache. */
interface Entry {
  readonly method: string;
  /** Hooks may name other events than the family's. */
  readonly hooks: Map<Watched, Family | null>;
  /** What the last hook heard; kept for the time when nobody looks. */
  family: Family | null;
  /** It changed while nobody looked. */
  stale: boolean;
  lastMs: number;
  timer: ReturnType<typeof setTimeout> | null;
}

/** Events of one moment become one refetch. */
const GATHER_MS = 50;
/** Keys remembered after their last hook is gone. */
const MAX_ENTRIES = 500;

/** One for all hooks of a provider. */
export class Refetcher {
  readonly #entries = new Map<string, Entry>();

  /** A hook shows this key, until the result is called. What changed unseen is asked for at once. */
  watch(key: string, watched: Watched): Unsubscribe {
    const entry = this.#entry(key, watched.method);
    entry.family = familyHeardBy(watched);
    entry.hooks.set(watched, entry.family);
    if (entry.stale) {
      entry.stale = false;
      this.#soon(entry);
    }
    return () => {
      entry.hooks.delete(watched);
      if (entry.hooks.size > 0 || entry.timer === null) return;
      clearTimeout(entry.timer);
      entry.timer = null;
      entry.stale = true;
    };
  }

  /** The gateway told something. */
  event(event: GatewayEvent): void {
    const carried = carriedBy(event);
    for (const entry of this.#entries.values()) {
      if (carried?.read === entry.method) this.#put(entry, carried.data);
      else if (isHint(entry, event)) this.#hint(entry);
    }
  }

  /** These reads are out of date. */
  refetch(methods: Pattern): void {
    for (const entry of this.#entries.values()) if (matches(methods, entry.method)) this.#hint(entry);
  }

  /** Something was missed for good: everything may be out of date. */
  refetchAll(): void {
    for (const entry of this.#entries.values()) this.#hint(entry);
  }

  /** The gateway answers again. */
  recovered(): void {
    for (const { hooks } of this.#entries.values()) first(hooks)?.recover();
  }

  /** Nothing is asked any more. */
  stop(): void {
    for (const entry of this.#entries.values()) {
      if (entry.timer !== null) clearTimeout(entry.timer);
      entry.timer = null;
    }
  }

  #entry(key: string, method: string): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = { method, hooks: new Map(), family: null, stale: false, lastMs: -Infinity, timer: null };
    this.#entries.set(key, entry);
    if (this.#entries.size > MAX_ENTRIES) {
      const unseen = [...this.#entries].find(([other, { hooks }]) => hooks.size === 0 && other !== key);
      if (unseen !== undefined) this.#entries.delete(unseen[0]);
    }
    return entry;
  }

  #put(entry: Entry, data: unknown): void {
    const hook = first(entry.hooks);
    if (hook === undefined) entry.stale = true;
    else hook.put(data);
  }

  #hint(entry: Entry): void {
    if (entry.hooks.size === 0) entry.stale = true;
    else this.#soon(entry);
  }

  #soon(entry: Entry): void {
    if (entry.timer !== null) return;
    const pauseMs = entry.lastMs + (entry.family?.paceMs ?? PACE_MS) - Date.now();
    entry.timer = setTimeout(
      () => {
        entry.timer = null;
        entry.lastMs = Date.now();
        first(entry.hooks)?.refetch();
      },
      Math.max(GATHER_MS, pauseMs),
    );
  }
}

function familyHeardBy({ method, events }: Watched): Family | null {
  return events === undefined ? familyOf(method) : { reads: method, events };
}

function isHint({ hooks, family }: Entry, event: GatewayEvent): boolean {
  const heard = hooks.size === 0 ? [family] : [...hooks.values()];
  return heard.some((each) => each !== null && concerns(each, event));
}

function first(hooks: ReadonlyMap<Watched, unknown>): Watched | undefined {
  return hooks.keys().next().value;
}
