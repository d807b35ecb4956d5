/** Code as coloured pieces, line by line. The highlighter itself is heavy: asked for when the first code is there. */

export type Piece = { readonly text: string; readonly scope: string | null };
export type Line = readonly Piece[];
export type Highlighter = (code: string, language: string) => readonly Line[] | null;

/** Beyond this, colours cost more than they tell. */
export const MOST_COLOURED = 60_000;

let loading: Promise<Highlighter> | null = null;
let loaded: Highlighter | null = null;

/** The highlighter if it is there already. */
export const highlighter = (): Highlighter | null => loaded;

export function loadHighlighter(): Promise<Highlighter> {
  loading ??= import("./languages").then(({ highlight }) => (loaded = highlight));
  return loading;
}

/** Code without colours. */
export const plainLines = (code: string): readonly Line[] => code.split("\n").map((text) => [{ text, scope: null }]);

/** Pieces cut at line ends. */
export function linesOf(pieces: Iterable<Piece>): readonly Line[] {
  const lines: Piece[][] = [[]];
  for (const { text, scope } of pieces) {
    text.split("\n").forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ text: part, scope });
    });
  }
  return lines;
}
