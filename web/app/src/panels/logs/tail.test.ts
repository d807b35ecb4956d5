import { describe, expect, test } from "vitest";
import { clear, EMPTY, KEPT_LINES, take } from "./tail";

const lines = (count: number, word = "line") => Array.from({ length: count }, (_, index) => `${word} ${index}`);

describe("the followed end of the log", () => {
  test("grows by what each answer brings, and goes on at its cursor", () => {
    const first = take(EMPTY, { cursor: 100, size: 100, lines: ["a", "b"], truncated: true, reset: true });
    const second = take(first, { cursor: 130, size: 130, lines: ["c"] });

    expect(second.cursor).toBe(130);
    expect(second.lines.map((line) => [line.id, line.message])).toEqual([
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ]);
    expect(second.gap).toBeNull();
  });

  test("is the same object when nothing was written", () => {
    const first = take(EMPTY, { cursor: 100, size: 100, lines: ["a"] });

    expect(take(first, { cursor: 100, size: 100, lines: [] })).toBe(first);
  });

  test("of a rotated file begins anew, and what was read stays", () => {
    const before = take(EMPTY, { cursor: 5_000, size: 5_000, lines: ["old"] });
    const after = take(before, { cursor: 40, size: 40, lines: ["new"], reset: true });

    expect(after.lines.map((line) => line.message)).toEqual(["old", "new"]);
    expect(after.gap).toEqual({ beforeId: 1, kind: "began-anew", bytes: 0 });
  });

  test("says how much it skipped when it fell behind", () => {
    const before = take(EMPTY, { cursor: 5_000, size: 5_000, lines: ["old"] });
    const after = take(before, {
      cursor: 9_000_000,
      size: 9_000_000,
      lines: ["new"],
      reset: true,
      skippedBytes: 7_000,
    });

    expect(after.gap).toEqual({ beforeId: 1, kind: "skipped", bytes: 7_000 });
  });

  test("is bounded: the oldest lines go, the ids go on", () => {
    const full = take(EMPTY, { cursor: 1, size: 1, lines: lines(KEPT_LINES) });
    const over = take(full, { cursor: 2, size: 2, lines: lines(3, "more") });

    expect(over.lines).toHaveLength(KEPT_LINES);
    expect(over.lines[0]?.id).toBe(3);
    expect(over.lines.at(-1)?.id).toBe(KEPT_LINES + 2);
  });

  test("can be taken off the screen without losing its place", () => {
    const cleared = clear(take(EMPTY, { cursor: 9, size: 9, lines: ["a", "b"] }));
    const next = take(cleared, { cursor: 12, size: 12, lines: ["c"] });

    expect(next.lines.map((line) => [line.id, line.message])).toEqual([[2, "c"]]);
  });
});
