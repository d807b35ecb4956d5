/**
 * Where this client is in the owner's stream, and which pushed frames it has seen already.
 *
 * Pure: frames' numbers in, verdicts out.
 */

/** A place in an owner's stream. */
export interface Place {
  readonly epoch: string;
  readonly offset: number;
}

/** What to do with a pushed frame. `gap`: it is new, but something before it is missing. */
export type Verdict = "new" | "seen" | "gap";

/** The stream's epoch and the offset of the last frame taken from it. */
export class Position {
  #place: Place | null;
  #seq = 0;

  /** `place`: where an earlier page left the stream. */
  constructor(place: Place | null = null) {
    this.#place = place;
  }

  /** What to ask a new socket for; null before the first `hello`. */
  get place(): Place | null {
    return this.#place;
  }

  /** Take a `hello`. Whether the stream goes on where it was (always so for the first one). */
  greeted(hello: Place & { readonly recovered: boolean }): boolean {
    const before = this.#place;
    this.#seq = 0;
    // The missed frames follow a recovery: the offset stays where it is until they come.
    if (before !== null && hello.recovered && hello.epoch === before.epoch) return true;
    this.#place = { epoch: hello.epoch, offset: hello.offset };
    return before === null;
  }

  /** Take a pushed frame's numbers; frames without them are always new. */
  take(seq: number | null, offset: number | null): Verdict {
    const gap = seq !== null && seq > this.#seq + 1;
    if (seq !== null) this.#seq = Math.max(this.#seq, seq);
    if (offset !== null && this.#place !== null) {
      if (offset <= this.#place.offset) return "seen";
      this.#place = { ...this.#place, offset };
    }
    return gap ? "gap" : "new";
  }
}
