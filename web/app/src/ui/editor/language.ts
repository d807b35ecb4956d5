import {
  foldService,
  HighlightStyle,
  LanguageSupport,
  StreamLanguage,
  type StreamParser,
  syntaxHighlighting,
} from "@codemirror/language";
import { type EditorState, StateField } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { type Node, outlineOf } from "./outline";

type Depth = { depth: number; inComment: boolean };

/** JSON5 for the eye: colours and indentation. Where things are is the outline's business. */
const json5: StreamParser<Depth> = {
  name: "json5",
  startState: () => ({ depth: 0, inComment: false }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.inComment) {
      state.inComment = !stream.match(/^.*?\*\//);
      if (state.inComment) stream.skipToEnd();
      return "comment";
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^\/\/.*/)) return "comment";
    if (stream.match("/*")) {
      state.inComment = true;
      return "comment";
    }
    if (stream.match(/^(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)/))
      return isKey(stream.string, stream.pos) ? "propertyName" : "string";
    if (stream.match(/^[{[]/)) {
      state.depth += 1;
      return "bracket";
    }
    if (stream.match(/^[}\]]/)) {
      state.depth = Math.max(0, state.depth - 1);
      return "bracket";
    }
    if (stream.match(/^(?:true|false)\b/)) return "bool";
    if (stream.match(/^null\b/)) return "null";
    if (stream.match(/^[+-]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|Infinity|NaN)/i)) return "number";
    if (stream.match(/^[^\s{}[\]:,"'/]+/)) return isKey(stream.string, stream.pos) ? "propertyName" : "invalid";
    stream.next();
    return "punctuation";
  },
  indent: (state, after, context) => Math.max(0, state.depth - (/^\s*[}\]]/.test(after) ? 1 : 0)) * context.unit,
  languageData: {
    commentTokens: { line: "//", block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["{", "[", '"', "'"] },
  },
};

const isKey = (line: string, after: number): boolean => /^\s*:/.test(line.slice(after));

/** The outline of what is in the editor; read it with `state.field(outline)`. */
export const outline = StateField.define<Node | null>({
  create: (state) => outlineOf(state.doc.toString()),
  update: (before, change) => (change.docChanged ? outlineOf(change.state.doc.toString()) : before),
});

const folding = foldService.of((state, lineFrom, lineTo) => {
  const node = blockFrom(state, lineFrom, lineTo);
  return node && node.to - 1 > lineTo ? { from: node.from + 1, to: node.to - 1 } : null;
});

/** The last object or array that begins in a line and ends in another. */
function blockFrom(state: EditorState, lineFrom: number, lineTo: number): Node | null {
  let found: Node | null = null;
  const visit = (node: Node | null): void => {
    if (!node || node.kind === "scalar" || node.from > lineTo || node.to < lineFrom) return;
    if (node.from >= lineFrom && node.to > lineTo) found = node;
    for (const inner of node.kind === "array" ? node.items : node.entries.map((entry) => entry.value)) visit(inner);
  };
  visit(state.field(outline));
  return found;
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--foreground)", fontWeight: "500" },
  { tag: tags.string, color: "var(--success)" },
  { tag: tags.number, color: "var(--info)" },
  { tag: [tags.bool, tags.null], color: "var(--brand)" },
  { tag: tags.comment, color: "var(--muted-foreground)", fontStyle: "italic" },
  { tag: [tags.bracket, tags.punctuation], color: "var(--muted-foreground)" },
  { tag: tags.invalid, color: "var(--danger)" },
]);

export const language = (): LanguageSupport =>
  new LanguageSupport(StreamLanguage.define(json5), [outline, folding, syntaxHighlighting(colours)]);
