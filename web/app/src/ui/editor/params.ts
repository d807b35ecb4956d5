/** An object as it is written, the parameters of a call say, or nothing. Pure. */
import type { Issue } from "./index";
import { parseJson5 } from "./json5";

export type Params =
  | { at: "ready"; params: Readonly<Record<string, unknown>> | undefined }
  | { at: "broken"; message: string; line: number; from: number };

export function readParams(text: string): Params {
  if (text.trim() === "") return { at: "ready", params: undefined };
  const parsed = parseJson5(text);
  if (parsed.at === "broken") return parsed;
  if (isObject(parsed.value)) return { at: "ready", params: parsed.value };
  return { at: "broken", message: "Parameters are an object: { … }", line: 1, from: 0 };
}

/** What is wrong, for the editor. */
export const issuesOf = (params: Params): readonly Issue[] =>
  params.at === "ready" ? [] : [{ from: params.from, to: params.from + 1, severity: "error", message: params.message }];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
