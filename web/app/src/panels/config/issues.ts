/** What is wrong with a config, at its place in the text. Pure. */
import { readError } from "@/ui/error";
import type { Issue, Path } from "@/ui/editor";
import { outlineOf, rangeOf } from "@/ui/editor/outline";
import { placeOf } from "@/ui/editor/json5";
import type { Plan } from "./plan";
import type { ConfigIssue } from "./wire";

export type Placed = Issue & { path: Path; line: number };

/** The gateway's way to write a path: "agents.list[0].name", "a.0.b", "<root>". */
export const pathOf = (path: string): Path =>
  path === "<root>" || path === "." || path === ""
    ? []
    : path
        .replace(/\[(\d+)\]/g, ".$1")
        .split(".")
        .filter((step) => step !== "")
        .map((step) => (/^\d+$/.test(step) ? Number(step) : step));

export function placed(issues: readonly ConfigIssue[], text: string, severity: Issue["severity"]): readonly Placed[] {
  const root = outlineOf(text);
  return issues.map(({ path: name, message }) => {
    const path = pathOf(name);
    const { from, to } = rangeOf(root, withUnknownKey(path, message)) ?? { from: 0, to: 0 };
    return { from, to, severity, message, path, line: lineOf(text, from) };
  });
}

/** "Unrecognized key: "zork"" is said of the object; its place is the key. */
function withUnknownKey(path: Path, message: string): Path {
  const key = /Unrecognized keys?: "([^"]+)"/.exec(message)?.[1];
  return key === undefined ? path : [...path, key];
}

/** The issues in an error of the gateway: by path, or one place of a text that does not parse. */
export function issuesIn(error: unknown, text: string): readonly Placed[] {
  const { message, details } = readError(error);
  const listed = details !== undefined && "issues" in details && Array.isArray(details.issues) ? details.issues : [];
  const known = listed.filter(isConfigIssue);
  if (known.length > 0) return placed(known, text, "error");
  if (!message.includes("JSON5:")) return [];
  const place = placeOf(message, text);
  return [
    { from: place.from, to: place.from + 1, severity: "error", message: place.message, path: [], line: place.line },
  ];
}

/** Where the text itself breaks. */
export const brokenAt = (plan: Plan): readonly Placed[] =>
  plan.at === "broken"
    ? [{ from: plan.from, to: plan.from + 1, severity: "error", message: plan.message, path: [], line: plan.line }]
    : [];

const lineOf = (text: string, position: number): number => text.slice(0, position).split("\n").length;

const isConfigIssue = (value: unknown): value is ConfigIssue =>
  typeof value === "object" &&
  value !== null &&
  "path" in value &&
  typeof value.path === "string" &&
  "message" in value;

/** The gateway refused because the file is another one by now. */
export const isStale = (error: unknown): boolean => readError(error).message.includes("config changed since last load");
