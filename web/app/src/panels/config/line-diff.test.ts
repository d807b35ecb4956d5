import { expect, test } from "vitest";
import { diffOf, isSame } from "./line-diff";

const short = (before: string, after: string) =>
  diffOf(before, after).map((line) =>
    line.kind === "skipped" ? `…${line.count}` : `${{ same: " ", removed: "-", added: "+" }[line.kind]}${line.text}`,
  );

test("lines that went and came stand side by side, with their numbers", () => {
  expect(short("a\nb\nc", "a\nB\nc\nd")).toEqual([" a", "-b", "+B", " c", "+d"]);
  expect(diffOf("a\nb", "b")).toEqual([
    { kind: "removed", text: "a", before: 1, after: null },
    { kind: "same", text: "b", before: 2, after: 1 },
  ]);
});

test("what is far from any change is folded", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `l${index}`);

  expect(short(lines.join("\n"), lines.with(10, "x").join("\n"))).toEqual([
    "…7",
    " l7",
    " l8",
    " l9",
    "-l10",
    "+x",
    " l11",
    " l12",
    " l13",
    "…6",
  ]);
});

test("equal texts have no difference; a missing last line break is none", () => {
  expect(isSame(diffOf("a\nb\n", "a\nb"))).toBe(true);
  expect(short("", "a")).toEqual(["+a"]);
});
