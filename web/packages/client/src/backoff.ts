/**
 * How long to wait before the next attempt: full jitter under a doubling ceiling (W3). Knows no clock.
 */

/** Attempts beyond this do not raise the ceiling any more; keeps the power finite. */
const MAX_DOUBLINGS = 32;
/** Where a door that asks for patience begins. */
const PATIENT_DOUBLINGS = 2;

/** Delays between attempts to connect. */
export class Backoff {
  readonly #baseMs: number;
  readonly #capMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(baseMs: number, capMs: number, random: () => number) {
    this.#baseMs = baseMs;
    this.#capMs = capMs;
    this.#random = random;
  }

  /** The delay before the next attempt, drawn from zero to the ceiling. `patient`: the door asked to slow down. */
  nextMs(patient = false): number {
    if (patient) this.#failures = Math.max(this.#failures, PATIENT_DOUBLINGS);
    const ceiling = Math.min(this.#capMs, this.#baseMs * 2 ** Math.min(this.#failures, MAX_DOUBLINGS));
    this.#failures += 1;
    return Math.round(this.#random() * ceiling);
  }

  /** A connection was stable. */
  reset(): void {
    this.#failures = 0;
  }
}
