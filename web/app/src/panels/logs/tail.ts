/** The end of the log as far as it is kept: pure, answer by answer. */
import { type LogLine, parseLine } from "./line";
import type { LogsTail } from "./wire";

/** More is not kept: whoever needs older lines reads the file. */
export const KEPT_LINES = 20_000;

export type Tail = {
  /** Null: nothing was read yet. */
  cursor: number | null;
  file: string | null;
  lines: readonly LogLine[];
  /** Lines that were kept once and are not any more. */
  dropped: number;
  /** The line after which something is missing or another file begins; null: none. */
  gap: { beforeId: number; kind: "began-anew" | "skipped"; bytes: number } | null;
};

export const EMPTY: Tail = { cursor: null, file: null, lines: [], dropped: 0, gap: null };

/** The tail with one more answer of `logs.tail`. The same object when it brought nothing. */
export function take(tail: Tail, answer: LogsTail): Tail {
  const file = answer.file ?? tail.file;
  if (answer.lines.length === 0 && answer.cursor === tail.cursor && file === tail.file) return tail;
  const firstId = tail.dropped + tail.lines.length;
  const fresh = answer.lines.map((raw, index) => parseLine(raw, firstId + index));
  const all = [...tail.lines, ...fresh];
  const over = Math.max(0, all.length - KEPT_LINES);
  return {
    cursor: answer.cursor,
    file,
    lines: over > 0 ? all.slice(over) : all,
    dropped: tail.dropped + over,
    gap: gapOf(tail, answer, firstId),
  };
}

function gapOf(tail: Tail, answer: LogsTail, firstId: number): Tail["gap"] {
  if (tail.cursor === null || answer.reset !== true) return tail.gap;
  const skipped = answer.skippedBytes ?? 0;
  return answer.cursor >= tail.cursor && skipped > 0
    ? { beforeId: firstId, kind: "skipped", bytes: skipped }
    : { beforeId: firstId, kind: "began-anew", bytes: 0 };
}

/** Taken off the screen; what comes next is shown again. */
export const clear = (tail: Tail): Tail => ({
  ...tail,
  lines: [],
  dropped: tail.dropped + tail.lines.length,
  gap: null,
});
