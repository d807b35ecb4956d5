/**
 * How long the credential of the live socket is good for: asks for a fresh one before it ends (S3).
 */

import type { Environment } from "./api.js";
import { numberOrNull, type Frame } from "./frames.js";

/** Share of the remaining time after which a fresh token is asked for. */
const SHARE = 0.8;
const LEAST_MS = 1_000;

/** Watches one credential at a time. */
export class SignedIn {
  readonly #environment: Environment;
  readonly #refresh: () => void;
  #cancel: () => void = () => undefined;

  constructor(environment: Environment, refresh: () => void) {
    this.#environment = environment;
    this.#refresh = refresh;
  }

  /** The credential ends at this time (Unix milliseconds), or never. */
  until(expiresAtMs: number | null): void {
    this.stop();
    if (expiresAtMs === null) return;
    const leftMs = expiresAtMs - this.#environment.now();
    if (leftMs > 0) this.#cancel = this.#environment.after(Math.max(LEAST_MS, leftMs * SHARE), this.#refresh);
  }

  /** The door took a fresh token: `{"type":"auth","ok":true,"expiresAtMs"?}`. */
  renewed(frame: Frame): void {
    if (frame["ok"] === true) this.until(numberOrNull(frame, "expiresAtMs"));
  }

  stop(): void {
    this.#cancel();
    this.#cancel = () => undefined;
  }
}
