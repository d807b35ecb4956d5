/** A JSON value as rows of a tree: only what is unfolded, so that megabytes cost what one looks at. Pure. */

export type Row = {
  /** Where it is: keys joined by an unprintable mark; the tree's own name for it. */
  id: string;
  depth: number;
  /** Its key or index; null at the root. */
  key: string | null;
  kind: "object" | "array" | "string" | "number" | "boolean" | "null" | "more";
  /** What stands after the key: the value, or how much is inside. */
  text: string;
  /** Null: nothing to unfold. */
  open: boolean | null;
  value: unknown;
};

/** Of a list this many are shown at first; the row after them unfolds the next. */
export const PAGE = 200;
const CUT = 400;
const MARK = "\u0001";

export type Unfolded = ReadonlySet<string>;

/** Root and first level are unfolded from the start, as far as they are small. */
export function firstUnfolded(value: unknown): Unfolded {
  const open = new Set([""]);
  for (const [key, inner] of entriesOf(value)) if (entriesOf(inner).length <= 12) open.add(`${MARK}${key}`);
  return entriesOf(value).length > 40 ? new Set([""]) : open;
}

export function rowsOf(value: unknown, unfolded: Unfolded): readonly Row[] {
  const rows: Row[] = [];
  add(rows, value, { id: "", depth: 0, key: null }, unfolded);
  return rows;
}

function add(
  rows: Row[],
  value: unknown,
  at: { id: string; depth: number; key: string | null },
  unfolded: Unfolded,
): void {
  const kind = kindOf(value);
  const inner = entriesOf(value);
  const folds = (kind === "object" || kind === "array") && inner.length > 0;
  const open = folds ? unfolded.has(at.id) : null;
  rows.push({ ...at, kind, text: textOf(value, kind, inner.length), open, value });
  if (open !== true) return;
  const shown = shownOf(at.id, inner.length, unfolded);
  for (const [key, child] of inner.slice(0, shown)) {
    add(rows, child, { id: `${at.id}${MARK}${key}`, depth: at.depth + 1, key }, unfolded);
  }
  if (shown >= inner.length) return;
  const more = Math.min(PAGE, inner.length - shown);
  rows.push({
    id: moreId(at.id, shown),
    depth: at.depth + 1,
    key: null,
    kind: "more",
    text: `Show ${more} more of ${inner.length - shown}`,
    open: null,
    value: undefined,
  });
}

const moreId = (id: string, shown: number): string => `${id}${MARK}${MARK}${shown}`;

/** How many children are in sight: a page, and one more for each "more" that was unfolded. */
function shownOf(id: string, count: number, unfolded: Unfolded): number {
  let shown = PAGE;
  while (shown < count && unfolded.has(moreId(id, shown))) shown += PAGE;
  return Math.min(shown, count);
}

/** With a row unfolded or folded. */
export function toggled(unfolded: Unfolded, id: string): Unfolded {
  const next = new Set(unfolded);
  if (!next.delete(id)) next.add(id);
  return next;
}

function kindOf(value: unknown): Row["kind"] {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    default:
      return "object";
  }
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value);
}

function textOf(value: unknown, kind: Row["kind"], count: number): string {
  if (kind === "array") return count === 0 ? "[]" : `[ ${count} ]`;
  if (kind === "object") return count === 0 ? "{}" : `{ ${count} }`;
  if (kind === "null") return "null";
  const text = kind === "string" ? JSON.stringify(value) : String(value);
  return text.length > CUT ? `${text.slice(0, CUT)}…` : text;
}
