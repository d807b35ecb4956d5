/**
 * Messages that travel in parts, because something on the way takes only small ones (E4).
 *
 * `{"type":"part","id","index","count","data"}`: the `data` of all parts with one `id`, joined by `index`, is the text
 * of one frame. Parts may come in any order. What is incomplete is bounded: the oldest gives way.
 */

import { numberOrNull, textOrNull, type Frame } from "./frames.js";

/** Incomplete messages kept, and parts of one message. */
const MAX_OPEN = 8;
const MAX_PARTS = 4_096;
/** Characters of one message: above any door's own limit. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

interface Gathering {
  readonly pieces: (string | undefined)[];
  missing: number;
  characters: number;
}

/** Puts messages together again. */
export class Parts {
  readonly #open = new Map<string, Gathering>();

  /** Take a part. The whole text when it was the last one missing, else null. */
  take(part: Frame): string | null {
    const id = textOrNull(part, "id");
    const index = numberOrNull(part, "index");
    const count = numberOrNull(part, "count");
    const data = part["data"];
    if (id === null || !isWhole(index) || !isWhole(count) || typeof data !== "string") return null;
    if (count < 1 || count > MAX_PARTS || index >= count) return null;
    const gathering = this.#gathering(id, count);
    if (gathering.pieces.length !== count || gathering.pieces[index] !== undefined) return null;
    gathering.pieces[index] = data;
    gathering.missing -= 1;
    gathering.characters += data.length;
    if (gathering.missing > 0 && gathering.characters <= MAX_CHARACTERS) return null;
    this.#open.delete(id);
    return gathering.missing === 0 ? gathering.pieces.join("") : null;
  }

  #gathering(id: string, count: number): Gathering {
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MAX_OPEN) this.#open.delete(oldest);
    const begun = { pieces: Array.from<string | undefined>({ length: count }), missing: count, characters: 0 };
    this.#open.set(id, begun);
    return begun;
  }
}

function isWhole(value: number | null): value is number {
  return value !== null && Number.isInteger(value) && value >= 0;
}

/** Bytes of a part around its data, and the worst growth of a character as JSON in UTF-8 (`\u0000`). */
const ENVELOPE_BYTES = 160;
const WORST_BYTES_PER_CHARACTER = 6;

/** A message as it may be sent: itself, or its parts of at most `partBytes` each. */
export function inParts(id: string, message: string, partBytes: number | null): string[] {
  if (partBytes === null || message.length * 3 <= partBytes) return [message];
  const size = Math.max(1, Math.floor((partBytes - ENVELOPE_BYTES) / WORST_BYTES_PER_CHARACTER));
  const count = Math.ceil(message.length / size);
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ type: "part", id, index, count, data: message.slice(index * size, (index + 1) * size) }),
  );
}
