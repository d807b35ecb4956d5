/** Two texts line by line: what went, what came, and a little of what is around. Pure. */

export type DiffLine =
  | { kind: "same" | "removed" | "added"; text: string; before: number | null; after: number | null }
  | { kind: "skipped"; count: number };

const CONTEXT = 3;

export function diffOf(before: string, after: string): readonly DiffLine[] {
  return folded(allLines(split(before), split(after)));
}

export const isSame = (lines: readonly DiffLine[]): boolean =>
  lines.every((line) => line.kind === "same" || line.kind === "skipped");

const split = (text: string): readonly string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

type Plain = Exclude<DiffLine, { kind: "skipped" }>;

function allLines(a: readonly string[], b: readonly string[]): readonly Plain[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const lines: Plain[] = [];
  for (let i = 0; i < head; i += 1) lines.push({ kind: "same", text: a[i] ?? "", before: i + 1, after: i + 1 });
  middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head, lines);
  for (let i = tail; i > 0; i -= 1) {
    const before = a.length - i;
    lines.push({ kind: "same", text: a[before] ?? "", before: before + 1, after: b.length - i + 1 });
  }
  return lines;
}

/** The longest common lines of the part that differs; beyond this size it is replaced as a whole. */
const LARGEST = 4_000_000;

function middle(a: readonly string[], b: readonly string[], head: number, lines: Plain[]): void {
  const width = b.length + 1;
  const common = a.length * b.length > LARGEST ? null : new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common?.[i * width + j] ?? 0;
  if (common) {
    for (let i = a.length - 1; i >= 0; i -= 1) {
      for (let j = b.length - 1; j >= 0; j -= 1) {
        common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (common && i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: "same", text: a[i] ?? "", before: head + i + 1, after: head + j + 1 });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: "removed", text: a[i] ?? "", before: head + i + 1, after: null });
      i += 1;
    } else {
      lines.push({ kind: "added", text: b[j] ?? "", before: null, after: head + j + 1 });
      j += 1;
    }
  }
}

/** Long stretches without a change are folded. */
function folded(lines: readonly Plain[]): readonly DiffLine[] {
  const near = lines.map(() => false);
  lines.forEach((line, index) => {
    if (line.kind === "same") return;
    for (let i = Math.max(0, index - CONTEXT); i <= Math.min(lines.length - 1, index + CONTEXT); i += 1) near[i] = true;
  });
  const shown: DiffLine[] = [];
  let count = 0;
  lines.forEach((line, index) => {
    if (near[index]) {
      if (count > 0) shown.push({ kind: "skipped", count });
      count = 0;
      shown.push(line);
    } else count += 1;
  });
  if (count > 0) shown.push({ kind: "skipped", count });
  return shown;
}
