/** Reading JSON5, with the place where it gives up. Pure. */
import JSON5 from "json5";

export type Parsed = { at: "value"; value: unknown } | { at: "broken"; message: string; line: number; from: number };

export function parseJson5(text: string): Parsed {
  try {
    return { at: "value", value: JSON5.parse(text) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { at: "broken", ...placeOf(said, text) };
  }
}

/** What "JSON5: invalid character ']' at 2:14" says and where; also as the gateway says it. */
export function placeOf(said: string, text: string): { message: string; line: number; from: number } {
  const found = /JSON5: (.*) at (\d+):(\d+)/.exec(said);
  if (!found) return { message: said, line: 1, from: 0 };
  const line = Number(found[2]);
  return { message: capital(found[1] ?? said), line, from: offsetOf(text, line, Number(found[3])) };
}

/** A line and a column, both from 1, as characters from the start. */
export function offsetOf(text: string, line: number, column: number): number {
  const before = text.split("\n").slice(0, line - 1);
  return Math.min(text.length, before.reduce((sum, one) => sum + one.length + 1, 0) + Math.max(0, column - 1));
}

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
