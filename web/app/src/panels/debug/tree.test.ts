import { expect, test } from "vitest";
import { firstUnfolded, PAGE, rowsOf, toggled } from "./tree";

const value = { ok: true, jobs: [{ id: "a" }, { id: "b" }], none: {}, text: 'say "hi"' };
const texts = (unfolded: ReadonlySet<string>) => rowsOf(value, unfolded).map((row) => [row.depth, row.key, row.text]);

test("only what is unfolded has rows", () => {
  expect(texts(new Set())).toEqual([[0, null, "{ 4 }"]]);
  expect(texts(new Set([""]))).toEqual([
    [0, null, "{ 4 }"],
    [1, "ok", "true"],
    [1, "jobs", "[ 2 ]"],
    [1, "none", "{}"],
    [1, "text", '"say \\"hi\\""'],
  ]);
});

test("a row unfolds and folds again, deep down too", () => {
  const jobs = rowsOf(value, new Set([""]))[2]?.id ?? "";
  const open = toggled(new Set([""]), jobs);

  expect(rowsOf(value, open)).toHaveLength(7);
  expect(rowsOf(value, toggled(open, jobs))).toHaveLength(5);
});

test("small things are unfolded from the start", () => {
  expect(rowsOf(value, firstUnfolded(value)).length).toBe(7);
});

test("a list of thousands is shown by pages", () => {
  const long = { list: Array.from({ length: 1_000 }, (_, index) => index) };
  const list = rowsOf(long, new Set([""]))[1]?.id ?? "";
  const open = new Set(["", list]);
  const first = rowsOf(long, open);
  const more = first.at(-1);

  expect(first).toHaveLength(2 + PAGE + 1);
  expect(more?.text).toBe("Show 200 more of 800");
  expect(rowsOf(long, toggled(open, more?.id ?? ""))).toHaveLength(2 + 2 * PAGE + 1);
});
