/** Which lines are shown, and which part of them was searched for. Pure. */
import { LEVELS, type LogLine } from "./line";

export const THRESHOLDS = ["all", "info", "warn", "error"] as const;
export type Threshold = (typeof THRESHOLDS)[number];

export type Filter = { threshold: Threshold; query: string; source: string | null };

/** All words of the query occur in the line, in any order; a level is a level or worse. */
export function matching(lines: readonly LogLine[], { threshold, query, source }: Filter): readonly LogLine[] {
  const words = wordsOf(query);
  const least = threshold === "all" ? 0 : LEVELS.indexOf(threshold);
  if (least === 0 && words.length === 0 && source === null) return lines;
  return lines.filter(
    (line) =>
      LEVELS.indexOf(line.level) >= least &&
      (source === null || line.source === source) &&
      words.every((word) => line.haystack.includes(word)),
  );
}

export const wordsOf = (query: string): readonly string[] => query.toLowerCase().split(/\s+/).filter(Boolean);

/** Who wrote how many lines, the busiest first. */
export function sourcesOf(lines: readonly LogLine[]): readonly { source: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { source } of lines) if (source !== "") counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts].map(([source, count]) => ({ source, count })).sort((a, b) => b.count - a.count);
}

export type Piece = { text: string; hit: boolean };

/** A text in pieces, those that were searched for marked. */
export function marked(text: string, words: readonly string[]): readonly Piece[] {
  if (words.length === 0) return [{ text, hit: false }];
  const any = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  return text
    .split(any)
    .map((piece, index) => ({ text: piece, hit: index % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}
