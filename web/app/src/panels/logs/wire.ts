/** `logs.tail`: the lines after a place in the file, each one JSON object as text. Nothing is pushed: one asks again. */
export type LogsTail = {
  /** Host path: only for those who run the host. */
  file?: string;
  /** Where the next question goes on: bytes from the file's start. */
  cursor: number;
  size: number;
  lines: readonly string[];
  truncated?: boolean;
  /** The cursor was of no use: another file, or too far behind. */
  reset?: boolean;
  skippedBytes?: number;
};

export const FIRST_TAIL = { limit: 2_000, maxBytes: 1_000_000 } as const;
export const NEXT_TAIL = { limit: 5_000, maxBytes: 1_000_000 } as const;
