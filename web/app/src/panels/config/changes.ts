/** What an edit changes, value by value. Pure. */
import type { Path } from "@/ui/editor";
import { isList, isObject, type Json, same } from "./merge-patch";

export type Change = {
  path: Path;
  kind: "added" | "removed" | "changed";
  before: Json | undefined;
  after: Json | undefined;
};

/** Leaves that differ; an object or a list that came or went counts once. */
export function changesOf(before: Json | undefined, after: Json | undefined, path: Path = []): readonly Change[] {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changesOf(before[key], after[key], [...path, key]));
  }
  if (isList(before) && isList(after) && before.length === after.length) {
    return before.flatMap((item, index) => changesOf(item, after[index], [...path, index]));
  }
  return [{ path, kind: before === undefined ? "added" : after === undefined ? "removed" : "changed", before, after }];
}

/** "agents.list[0].name". */
export const written = (path: Path): string =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : step))
    .join(".")
    .replaceAll(".[", "[");

/** Paths in which both sides changed something different: those need a decision. */
export function clashes(mine: readonly Change[], theirs: readonly Change[]): readonly Path[] {
  return mine
    .filter((one) => theirs.some((other) => touches(one.path, other.path) && !same(one.after, other.after)))
    .map((one) => one.path);
}

const touches = (a: Path, b: Path): boolean => {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((step, index) => step === b[index]);
};
