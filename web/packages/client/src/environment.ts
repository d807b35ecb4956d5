/**
 * What a door takes from its surroundings, and its durations, with the browser's and the product's defaults.
 */

import type { Environment, Timings } from "./api.js";

/** See `Timings` for what each is for. */
export const DEFAULT_TIMINGS: Timings = {
  connectTimeoutMs: 10_000,
  rpcTimeoutMs: 30_000,
  answerMarginMs: 2_000,
  pingIntervalMs: null,
  probeTimeoutMs: 5_000,
  retryBaseMs: 500,
  retryCapMs: 30_000,
  stableAfterMs: 10_000,
  maxSocketAgeMs: null,
  retireAfterMs: 35_000,
  unsentTimeoutMs: 5 * 60_000,
  turnSilenceMs: 5 * 60_000,
  chatPaceMs: 16,
};

/** The longest a timer can be set for: beyond it browsers fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The surroundings of a page, a worker or a Node process. */
export function defaultEnvironment(): Environment {
  return {
    openSocket: (url, protocols) => new WebSocket(url, protocols),
    now: () => Date.now(),
    after: (delayMs, run) => {
      const timer = setTimeout(run, Math.min(Math.max(0, delayMs), MAX_DELAY_MS));
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
    randomUUID,
    fetch: (input, init) => fetch(input, init),
    window: "window" in globalThis ? globalThis.window : null,
    document: "document" in globalThis ? globalThis.document : null,
    report: (error) => console.error(error),
  };
}

/** A version 4 UUID (W11). `crypto.randomUUID` is absent where a page was not served over HTTPS. */
export function randomUUID(): string {
  const source: Pick<Crypto, "getRandomValues"> & Partial<Pick<Crypto, "randomUUID">> = crypto;
  if (source.randomUUID !== undefined) return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40;
    return index === 8 ? (byte & 0x3f) | 0x80 : byte;
  }).map((byte) => byte.toString(16).padStart(2, "0"));
  return [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6, 8), hex.slice(8, 10), hex.slice(10)]
    .map((group) => group.join(""))
    .join("-");
}
