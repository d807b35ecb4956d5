/** The mark the gateway puts in place of a secret. Sent back where it was, the secret stays; it is never a value. Pure. */
import type { Path } from "@/ui/editor";
import { isList, isObject, type Json } from "./merge-patch";

export const MARK = "__OPENCLAW_REDACTED__";
/** How a hidden secret is shown. */
export const SHOWN = "•••••• kept secret";

/** A text to show to people. */
export const masked = (text: string): string => text.replaceAll(MARK, SHOWN);

/** A value in one line, for a list of changes. */
export function said(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return masked(text.length > 160 ? `${text.slice(0, 160)}…` : text);
}

/** Paths where a mark stands although no secret was hidden there: it would be stored as it is, or be refused. */
export function strayMarks(before: Json | undefined, after: Json | undefined, path: Path = []): readonly Path[] {
  if (typeof after === "string") return after === MARK && before !== MARK ? [path] : [];
  if (isList(after)) {
    // In a list things may move: the gateway finds their secrets by themselves, as long as there were any.
    if (JSON.stringify(before ?? null).includes(MARK)) return [];
    return after.flatMap((item, index) => strayMarks(undefined, item, [...path, index]));
  }
  if (!isObject(after)) return [];
  return Object.entries(after).flatMap(([key, value]) =>
    strayMarks(isObject(before) ? before[key] : undefined, value, [...path, key]),
  );
}
