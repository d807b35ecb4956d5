/** A tool call as people read it: one line, and what went in and came out. Pure; shapes are guessed, never trusted. */
import type { RunPart } from "@vestibule/react";

export type ToolPart = Extract<RunPart, { kind: "tool" }>;

export type ToolView = {
  readonly icon: "terminal" | "read" | "write" | "web" | "search" | "agent" | "tool";
  readonly name: string;
  /** What it is about: the command, the file, the question. */
  readonly subject: string;
  readonly input: Shown | null;
  readonly output: Shown | null;
  readonly note: string | null;
};

export type Shown = { readonly text: string; readonly language: string };

const SUBJECTS = [
  "command",
  "cmd",
  "path",
  "file_path",
  "filePath",
  "file",
  "url",
  "query",
  "pattern",
  "prompt",
  "message",
  "name",
];
const ICONS: readonly (readonly [RegExp, ToolView["icon"]])[] = [
  [/^(exec|bash|shell|process|run|terminal)/i, "terminal"],
  [/search|grep|find/i, "search"],
  [/web|browser|fetch|http/i, "web"],
  [/write|edit|patch|create/i, "write"],
  [/read|^ls$|list|get/i, "read"],
  [/agent|session|spawn/i, "agent"],
];

export function viewTool({ name, args, result, at }: ToolPart): ToolView {
  const fields = isRecord(args) ? args : {};
  const key = SUBJECTS.find((candidate) => typeof fields[candidate] === "string");
  const subject = key === undefined ? "" : String(fields[key]);
  const alone = key !== undefined && Object.keys(fields).length === 1;
  const command = key === "command" || key === "cmd";
  return {
    icon: ICONS.find(([pattern]) => pattern.test(name))?.[1] ?? "tool",
    name: name === "" ? "tool" : name,
    subject: subject.split("\n")[0] ?? "",
    input: alone ? { text: subject, language: command ? "bash" : "" } : shown(args),
    output: at === "running" ? partly(result) : shown(textIn(result) ?? result),
    note: noteOf(result),
  };
}

/** The text a result carries, in the shapes gateways use. */
export function textIn(result: unknown): string | null {
  if (typeof result === "string") return result;
  if (Array.isArray(result)) {
    const texts = result.flatMap((block) =>
      isRecord(block) && typeof block["text"] === "string" ? [block["text"]] : [],
    );
    return texts.length > 0 ? texts.join("\n") : null;
  }
  if (!isRecord(result)) return null;
  for (const key of ["content", "text", "output", "error", "message"]) {
    const found = textIn(result[key]);
    if (found !== null) return found;
  }
  return null;
}

const partly = (result: unknown): Shown | null =>
  result === null || result === undefined ? null : shown(textIn(result));

function shown(value: unknown): Shown | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "string") return asJson(value) ?? { text: value, language: "" };
  if (isRecord(value) && Object.keys(value).length === 0) return null;
  return { text: JSON.stringify(value, null, 2), language: "json" };
}

function asJson(text: string): Shown | null {
  if (!/^\s*[[{]/.test(text) || text.length > 100_000) return null;
  try {
    return { text: JSON.stringify(JSON.parse(text), null, 2), language: "json" };
  } catch {
    return null;
  }
}

/** "exit code 1", "1.2 s": what the gateway says beside the output. */
function noteOf(result: unknown): string | null {
  const details = isRecord(result) && isRecord(result["details"]) ? result["details"] : {};
  const { exitCode } = details;
  return typeof exitCode === "number" && exitCode !== 0 ? `exit code ${exitCode}` : null;
}

export function durationOf(result: unknown): number | null {
  const details = isRecord(result) && isRecord(result["details"]) ? result["details"] : {};
  return typeof details["durationMs"] === "number" ? details["durationMs"] : null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
