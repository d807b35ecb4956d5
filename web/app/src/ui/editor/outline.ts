/** Where things are in a JSON5 text, also while it is being written and does not parse yet. Pure; reads no values. */

export type Path = readonly (string | number)[];

export type Entry = { key: string; keyFrom: number; keyTo: number; to: number; value: Node | null };
export type Node =
  | { kind: "object"; from: number; to: number; entries: readonly Entry[] }
  | { kind: "array"; from: number; to: number; items: readonly Node[] }
  | { kind: "scalar"; from: number; to: number; text: string };

export type Place = {
  path: Path;
  /** On a key, in a value, or inside an object or array where nothing is yet. */
  at: "key" | "value" | "inside";
};

type Token = { kind: "punctuation" | "string" | "word"; from: number; to: number; text: string };

const TOKEN =
  /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|([{}[\]:,])|("(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?)|([^\s{}[\]:,"'/]+|\/)/g;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [found, punctuation, string, word] = match;
    const kind = punctuation ? "punctuation" : string ? "string" : word ? "word" : null;
    if (kind) tokens.push({ kind, from: match.index, to: match.index + found.length, text: found });
  }
  return tokens;
}

/** The outline of a text; null when there is no value in it. Never throws: what does not fit is passed over. */
export function outlineOf(text: string): Node | null {
  const tokens = tokensOf(text);
  let next = 0;
  const is = (mark: string) => tokens[next]?.kind === "punctuation" && tokens[next]?.text === mark;

  function value(): Node | null {
    const token = tokens[next];
    if (!token) return null;
    if (is("{")) return object(token.from);
    if (is("[")) return array(token.from);
    if (token.kind === "punctuation") return null;
    next += 1;
    return { kind: "scalar", from: token.from, to: token.to, text: token.text };
  }

  function object(from: number): Node {
    const entries: Entry[] = [];
    next += 1;
    for (let token = tokens[next]; token && !is("}") && !is("]"); token = tokens[next]) {
      if (token.kind === "punctuation") next += 1;
      else entries.push(entry(token));
    }
    return { kind: "object", from, to: end("}"), entries };
  }

  function entry(key: Token): Entry {
    next += 1;
    if (!is(":")) return { key: nameOf(key), keyFrom: key.from, keyTo: key.to, to: key.to, value: null };
    next += 1;
    const held = value();
    // Where a value is still missing, everything up to the next mark is its place.
    const to = held?.to ?? tokens[next]?.from ?? text.length;
    return { key: nameOf(key), keyFrom: key.from, keyTo: key.to, to, value: held };
  }

  function array(from: number): Node {
    const items: Node[] = [];
    next += 1;
    while (tokens[next] && !is("]") && !is("}")) {
      const item = value();
      if (item) items.push(item);
      else next += 1;
    }
    return { kind: "array", from, to: end("]"), items };
  }

  function end(mark: string): number {
    if (!is(mark)) return tokens[next]?.from ?? text.length + 1;
    next += 1;
    return tokens[next - 1]?.to ?? text.length;
  }

  return value();
}

const nameOf = (key: Token): string =>
  key.kind === "word" ? key.text : key.text.replace(/^["']|["']$/g, "").replace(/\\(["'\\])/g, "$1");

/** What is at a position. A position after a key's colon and before the next key belongs to its value. */
export function placeAt(root: Node | null, position: number): Place {
  const path: (string | number)[] = [];
  let node = root;
  while (node && node.kind !== "scalar" && position > node.from && position < node.to) {
    if (node.kind === "array") {
      const index = node.items.findIndex((item) => position >= item.from && position <= item.to);
      const item = node.items[index];
      if (!item) return { path, at: "inside" };
      path.push(index);
      node = item;
      continue;
    }
    const entry: Entry | undefined = node.entries.find((one) => position >= one.keyFrom && position <= one.to);
    if (!entry) return { path, at: "inside" };
    path.push(entry.key);
    if (position <= entry.keyTo) return { path, at: "key" };
    node = entry.value;
  }
  return { path, at: "value" };
}

/** Where a path is: its key, or its item; of what is missing, the nearest that is there. Null: the text is empty. */
export function rangeOf(root: Node | null, path: Path): { from: number; to: number } | null {
  if (!root) return null;
  let range = { from: root.from, to: Math.min(root.to, root.from + 1) };
  let node: Node | null = root;
  for (const step of path) {
    if (node?.kind === "object") {
      const entry: Entry | undefined = node.entries.findLast((one) => one.key === String(step));
      if (!entry) return range;
      range = { from: entry.keyFrom, to: entry.keyTo };
      node = entry.value;
    } else if (node?.kind === "array") {
      const item: Node | undefined = node.items[Number(step)];
      if (!item) return range;
      range = item.kind === "scalar" ? { from: item.from, to: item.to } : { from: item.from, to: item.from + 1 };
      node = item;
    } else return range;
  }
  return range;
}

/** The keys an object has at a path; none where there is no object. */
export function keysAt(root: Node | null, path: Path): readonly string[] {
  let node = root;
  for (const step of path) {
    if (node?.kind === "object") node = node.entries.find((one) => one.key === step)?.value ?? null;
    else if (node?.kind === "array") node = node.items[Number(step)] ?? null;
    else return [];
  }
  return node?.kind === "object" ? node.entries.map((entry) => entry.key) : [];
}

/** Every scalar of a text with this content, quotes aside. */
export function scalarsThat(
  root: Node | null,
  test: (text: string) => boolean,
): readonly { from: number; to: number }[] {
  if (!root) return [];
  if (root.kind === "scalar")
    return test(root.text.replace(/^["']|["']$/g, "")) ? [{ from: root.from, to: root.to }] : [];
  const inner = root.kind === "array" ? root.items : root.entries.map((entry) => entry.value);
  return inner.flatMap((node) => scalarsThat(node, test));
}
