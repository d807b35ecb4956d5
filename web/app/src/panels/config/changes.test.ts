import { expect, test } from "vitest";
import { changesOf, clashes, written } from "./changes";

test("each value that differs is one change, with its path", () => {
  const changes = changesOf({ a: { b: 1, c: [1, 2] }, old: { x: 1 } }, { a: { b: 2, c: [1, 3] }, fresh: null });

  expect(changes.map((change) => [change.kind, written(change.path)])).toEqual([
    ["changed", "a.b"],
    ["changed", "a.c[1]"],
    ["removed", "old"],
    ["added", "fresh"],
  ]);
});

test("a list of another length is one change", () => {
  expect(changesOf({ a: [1] }, { a: [1, 2] })).toEqual([{ path: ["a"], kind: "changed", before: [1], after: [1, 2] }]);
});

test("two sides clash where both changed the same thing differently, also above or below it", () => {
  const base = { a: { b: 1, c: 1 }, d: 1 };
  const mine = changesOf(base, { a: { b: 2, c: 1 }, d: 5 });

  expect(clashes(mine, changesOf(base, { a: { b: 3, c: 1 }, d: 5 }))).toEqual([["a", "b"]]);
  expect(clashes(mine, changesOf(base, { d: 1 }))).toEqual([["a", "b"]]);
  expect(clashes(mine, changesOf(base, { a: { b: 1, c: 9 }, d: 1 }))).toEqual([]);
});
