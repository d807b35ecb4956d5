/**
 * Cuts markdown into blocks that can be parsed, drawn and remembered one by one.
 *
 * While an answer grows only its last block changes: everything before it keeps its identity, so nothing of it is
 * parsed again. Knows nothing of React, and parses nothing.
 */

export type Block = {
  /** The markdown of this block, with its line ends. */
  readonly source: string;
  /** `fence`: a code block; it may still be open. */
  readonly kind: "text" | "fence";
  /** Goes on where the block before was cut for its length alone: no distance between them. */
  readonly continued: boolean;
  /** Of a table that goes on: its first two lines, without which its rows mean nothing. */
  readonly head: string;
};

export type Blocks = {
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Where the last block begins in the text. */
  readonly lastAt: number;
};

export const NO_BLOCKS: Blocks = { text: "", blocks: [], lastAt: 0 };

/** A block beyond this is cut where a reader does not notice: the browser lays out what changes, as a whole. */
const LONGEST = 6_000;

/** The blocks of a text. With the result for its beginning, only what is new is looked at. */
export function splitBlocks(text: string, before: Blocks = NO_BLOCKS): Blocks {
  if (text === before.text) return before;
  const last = before.blocks.at(-1);
  const grown = last !== undefined && text.startsWith(before.text);
  const from = grown ? before.lastAt : 0;
  const added = cut(text.slice(from), grown ? last : null);
  const blocks = grown ? [...before.blocks.slice(0, -1), ...added] : added;
  return { text, blocks, lastAt: text.length - (blocks.at(-1)?.source.length ?? 0) };
}

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)/;
const NESTED_FENCE = /^\s+(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}(?:\s|$)/;
const TABLE_HEAD = /^[^\n]*\|[^\n]*\n[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[^\n]*\n/;
const ITEM = /^(?:[-*+]|\d{1,9}[.)])\s/;
const BLANK = /^\s*$/;
const INDENTED = /^(?: {2,}|\t)/;

function cut(text: string, begun: Block | null): Block[] {
  const blocks: Block[] = [];
  let source = "";
  let kind: Block["kind"] = "text";
  let fence: { readonly mark: string; readonly nested: boolean } | null = null;
  let list = false;
  let rested = false; // the last line was blank
  let goesOn = begun?.continued ?? false;
  let head = begun?.head ?? "";

  const close = (next: Partial<{ kind: Block["kind"]; goesOn: boolean; head: string }> = {}) => {
    if (source !== "") blocks.push({ source, kind, continued: goesOn, head });
    source = "";
    kind = next.kind ?? "text";
    goesOn = next.goesOn ?? false;
    head = next.head ?? "";
    list = false;
    rested = false;
  };

  for (const line of linesOf(text)) {
    if (fence !== null) {
      source += line;
      if (closes(line, fence.mark)) {
        if (!fence.nested) close();
        fence = null;
      }
      continue;
    }
    const belongs = list && INDENTED.test(line);
    const opens = belongs ? null : FENCE.exec(line);
    if (opens?.[1] !== undefined && !(opens[1].startsWith("`") && opens[2]?.includes("`"))) {
      close({ kind: "fence" });
      fence = { mark: opens[1], nested: false };
      source = line;
      continue;
    }
    if (BLANK.test(line)) {
      source += line;
      rested = true;
      continue;
    }
    const nested = belongs ? NESTED_FENCE.exec(line)?.[1] : undefined;
    if (nested !== undefined) fence = { mark: nested, nested: true };
    if (source !== "" && !belongs) {
      if (rested || HEADING.test(line) || HEADING.test(source)) close();
      else if (source.length > LONGEST && ITEM.test(line) && list) close({ goesOn: true });
      else if (source.length > LONGEST && !list) {
        const rows = TABLE_HEAD.exec(head + source)?.[0];
        if (rows !== undefined) close({ goesOn: true, head: rows });
      }
    }
    if (source.trim() === "") list = ITEM.test(line);
    source += line;
    rested = false;
    if (!list && source.length > LONGEST && isProse(source))
      source = shorten(blocks, source, goesOn, () => (goesOn = true));
  }
  close();
  return blocks;
}

/** Cuts a very long paragraph between words; what remains goes on as a block of its own. */
function shorten(blocks: Block[], source: string, continued: boolean, mark: () => void): string {
  let rest = source;
  let goesOn = continued;
  while (rest.length > LONGEST) {
    const at = rest.lastIndexOf(" ", LONGEST);
    if (at <= 0) break;
    blocks.push({ source: rest.slice(0, at + 1), kind: "text", continued: goesOn, head: "" });
    rest = rest.slice(at + 1);
    goesOn = true;
    mark();
  }
  return rest;
}

/** Neither a quotation nor a table nor indented: lines whose meaning does not hang on the first one. */
const isProse = (source: string): boolean => !/^[ \t>|]/.test(source) && !/\n[ >|:-]/.test(source);

function closes(line: string, fence: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= fence.length && trimmed === (fence[0] ?? "`").repeat(trimmed.length);
}

function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf("\n", from);
    const next = end === -1 ? text.length : end + 1;
    yield text.slice(from, next);
    from = next;
  }
}
