/** What changed between two texts, line by line. Pure. */

export type DiffLine = { kind: "same" | "added" | "removed"; text: string };

/** Above this many pairs the middle is shown as removed and added: files here are short, and a page must not hang. */
const MAX_CELLS = 4_000_000;

export function diffLines(before: string, after: string): readonly DiffLine[] {
  const old = before.split("\n");
  const now = after.split("\n");
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: "same", text }));
  return [
    ...same(old.slice(0, start)),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...same(old.slice(old.length - end)),
  ];
}

/** The longest common subsequence of what differs. */
function middle(old: readonly string[], now: readonly string[]): DiffLine[] {
  const removed = (texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind: "removed", text }));
  const added = (texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind: "added", text }));
  if (old.length * now.length > MAX_CELLS) return [...removed(old), ...added(now)];

  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        old[row] === now[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length && column < now.length) {
    const text = old[row] ?? "";
    if (text === now[column]) {
      lines.push({ kind: "same", text });
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      lines.push({ kind: "removed", text });
      row += 1;
    } else {
      lines.push({ kind: "added", text: now[column] ?? "" });
      column += 1;
    }
  }
  return [...lines, ...removed(old.slice(row)), ...added(now.slice(column))];
}

export type Hunk = DiffLine | { kind: "skipped"; count: number };
const CONTEXT = 3;

/** Only what changed and the lines around it. */
export function hunks(lines: readonly DiffLine[]): readonly Hunk[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== "same"),
  );
  const shown: Hunk[] = [];
  lines.forEach((line, index) => {
    const last = shown.at(-1);
    if (near[index]) shown.push(line);
    else if (last?.kind === "skipped") shown[shown.length - 1] = { kind: "skipped", count: last.count + 1 };
    else shown.push({ kind: "skipped", count: 1 });
  });
  return shown;
}
