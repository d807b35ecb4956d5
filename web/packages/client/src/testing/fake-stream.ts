/**
 * The owner's stream as the fake door keeps it: numbered frames, all of them, and the seats of its clients.
 */

import type { Frame } from "../frames.js";

interface Pushed {
  readonly offset: number;
  readonly frame: Frame;
  /** The only client it is for; null: for all. */
  readonly seat: string | null;
}

/** One stream; `renew` begins another one, as a restarted door does. */
export class FakeStream {
  offset = 0;
  #epoch = 1;
  #seats = 0;
  #pushed: Pushed[] = [];

  seat(): string {
    this.#seats += 1;
    return `seat${this.#seats}`;
  }

  /** What a client shows to come back. */
  epochOf(seat: string): string {
    return `e${this.#epoch}.${seat}`;
  }

  /** The seat of an epoch, if it is this stream's. */
  seatOf(epoch: string): string | null {
    const [stream, seat] = epoch.split(".");
    return stream === `e${this.#epoch}` && seat !== undefined ? seat : null;
  }

  push(frame: Frame, seat: string | null): Frame {
    this.offset += 1;
    const pushed = { offset: this.offset, frame: { ...frame, offset: this.offset }, seat };
    this.#pushed.push(pushed);
    return pushed.frame;
  }

  since(offset: number, seat: string): Frame[] {
    const missed = this.#pushed.filter((each) => each.offset > offset && (each.seat === null || each.seat === seat));
    return missed.map((each) => each.frame);
  }

  renew(): void {
    this.#epoch += 1;
    this.#pushed = [];
  }
}
