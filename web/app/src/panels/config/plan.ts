/** What saving a text would send, and what it would change. Pure. */
import { parseJson5 } from "@/ui/editor/json5";
import { type Change, changesOf, written } from "./changes";
import { isJson, isObject, type Json, patchOf } from "./merge-patch";
import { strayMarks } from "./secrets";
import type { Snapshot } from "./wire";

export type Plan =
  | { at: "broken"; message: string; line: number; from: number }
  /** Nothing but layout differs. */
  | { at: "same" }
  | { at: "ready"; changes: readonly Change[]; call: Call; stray: readonly string[] };

export type Call = { method: "config.patch" | "config.apply"; params: Readonly<Record<string, unknown>> };

export function planOf(opened: Snapshot, text: string, protocol: number | null): Plan {
  const parsed = parseJson5(text);
  if (parsed.at === "broken") return parsed;
  const after = parsed.value;
  if (!isObject(after)) return { at: "broken", message: "The config is an object: { … }", line: 1, from: 0 };
  if (!isJson(after)) return { at: "broken", message: "Infinity and NaN cannot be stored.", line: 1, from: 0 };
  const before = valueOf(opened);
  const changes = changesOf(before ?? {}, after);
  if (changes.length === 0 && opened.exists && before !== undefined) return { at: "same" };
  const stray = strayMarks(before, after).map(written);
  return { at: "ready", changes, call: callOf(opened, before, after, text, protocol), stray };
}

/** What is in a file; undefined where it does not parse, or where there is none. */
export function valueOf({ raw }: Snapshot): Json | undefined {
  const parsed = parseJson5(raw ?? "");
  return parsed.at === "value" && isJson(parsed.value) ? parsed.value : undefined;
}

/** A patch touches only what was edited. It needs a config that is valid; and wire 3 cannot be told to replace a list. */
function callOf(opened: Snapshot, before: Json | undefined, after: Json, text: string, protocol: number | null): Call {
  const base = opened.hash === undefined ? {} : { baseHash: opened.hash };
  const whole: Call = { method: "config.apply", params: { raw: text, ...base } };
  if (!opened.exists || !opened.valid || !isObject(before) || !isObject(after)) return whole;
  const { merge, replacePaths } = patchOf(before, after);
  if (replacePaths.length > 0 && protocol !== null && protocol < 4) return whole;
  if (replacePaths.length > 256) return whole;
  return {
    method: "config.patch",
    params: { raw: JSON.stringify(merge), ...base, ...(replacePaths.length === 0 ? {} : { replacePaths }) },
  };
}

/** Comments are not kept by the gateway: it writes the file anew. */
export const hasComments = (text: string): boolean =>
  /(^|[\s,{[\]}])\/\/|\/\*/.test(text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '""'));
