/**
 * A conversation's items from the rows of its history. Pure.
 */

import type { RunPart, RunState } from "@vestibule/client";
import { text } from "../read.js";
import type { AssistantItem, Attachment, ChatItem, RawRow, UserItem } from "./items.js";
import { blocksOf, rowText, type Row } from "./rows.js";

/** An item and the run it belongs to, or began. */
export interface Told {
  readonly item: ChatItem;
  readonly runId: string | null;
}

/** What the agent says when it has nothing to say. */
const SILENCE = "NO_REPLY";

/** Rows as items: all rows of a run that follow each other are one. */
export function itemsOf(rows: readonly Row[]): readonly Told[] {
  const told: Told[] = [];
  rows.forEach((row, index) => {
    const key = row.id === null ? `row:${index}` : `row:${row.id}`;
    if (row.role === "user") told.push({ item: userItem(row, key), runId: row.runId });
    else if (row.role === "assistant" || row.role === "toolResult") addToRun(told, row, key);
    else {
      const item = { kind: "note", key, role: row.role, text: rowText(row), atMs: row.atMs, row: row.raw } as const;
      told.push({ item, runId: null });
    }
  });
  return told.filter(({ item }) => !isSilence(item));
}

function userItem(row: Row, key: string): UserItem {
  return {
    kind: "user",
    key: row.runId === null ? key : `user:${row.runId}`,
    text: rowText(row),
    attachments: attachmentsOf(row.raw),
    atMs: row.atMs,
    delivery: { at: "delivered" },
    turnId: null,
    row: row.raw,
  };
}

function attachmentsOf(raw: RawRow): readonly Attachment[] {
  return blocksOf(raw).filter((block) => text(block, "type") !== "text");
}

/** Continue the run that is being told, or begin one. */
function addToRun(told: Told[], row: Row, key: string): void {
  const last = told.at(-1);
  const goesOn = last?.item.kind === "assistant" && (last.runId === row.runId || row.runId === null);
  if (goesOn) told.pop();
  const begun = goesOn ? last.item : newItem(row, key);
  const item: AssistantItem = {
    ...begun,
    parts: row.role === "assistant" ? withMessage(begun.parts, partsOf(row)) : withResult(begun.parts, row),
    state: row.role === "assistant" ? stateOf(row) : begun.state,
    row: row.raw,
  };
  told.push({ item, runId: goesOn ? last.runId : row.runId });
}

function newItem(row: Row, key: string): AssistantItem {
  return {
    kind: "assistant",
    key: row.runId === null ? key : `run:${row.runId}:${row.id ?? ""}`,
    runId: row.runId,
    parts: [],
    state: { at: "done", stopReason: null, aborted: false },
    atMs: row.atMs,
    from: "history",
    turnId: null,
    incomplete: false,
    row: row.raw,
  };
}

/** The gateway ends a failed run with a row whose text is why: those are no words of the agent. */
function partsOf(row: Row): readonly RunPart[] {
  const state = stateOf(row);
  return blocksAsParts(row).filter(
    (part) => part.kind !== "text" || state.at !== "failed" || part.text !== state.message,
  );
}

function blocksAsParts(row: Row): readonly RunPart[] {
  return blocksOf(row.raw).flatMap((block): RunPart[] => {
    switch (text(block, "type")) {
      case "text":
        return [{ kind: "text", text: text(block, "text") ?? "" }];
      case "thinking":
        return [{ kind: "thinking", text: text(block, "thinking") ?? text(block, "text") ?? "" }];
      case "toolCall":
        return [
          {
            kind: "tool",
            id: text(block, "id") ?? "",
            name: text(block, "name") ?? "",
            at: "done",
            args: block["arguments"] ?? null,
            result: null,
          },
        ];
      default:
        return [];
    }
  });
}

/** The agent went on in another message: the gateway tells its text live with this between the two. */
function withMessage(parts: readonly RunPart[], more: readonly RunPart[]): readonly RunPart[] {
  if (!parts.some(({ kind }) => kind === "text")) return [...parts, ...more];
  const first = more.find(({ kind }) => kind === "text");
  const spaced = more.map((part) =>
    part === first && part.kind === "text" ? { ...part, text: `\n\n${part.text}` } : part,
  );
  return [...parts, ...spaced];
}

/** A tool has answered. */
function withResult(parts: readonly RunPart[], { raw }: Row): readonly RunPart[] {
  const id = text(raw, "toolCallId") ?? "";
  const at = raw["isError"] === true ? "failed" : "done";
  const result = { content: raw["content"] };
  const known = parts.find((part) => part.kind === "tool" && part.id === id);
  if (known?.kind !== "tool") {
    return [...parts, { kind: "tool", id, name: text(raw, "toolName") ?? "", at, args: null, result }];
  }
  return parts.map((part) => (part === known ? { ...known, at, result } : part));
}

function stateOf(row: Row): RunState {
  const stopReason = text(row.raw, "stopReason");
  if (stopReason === "error") {
    const message = text(row.raw, "errorMessage") ?? (rowText(row) || "The agent failed.");
    return { at: "failed", code: "RUN_FAILED", message, details: null };
  }
  const isAborted = stopReason === "aborted" || "openclawAbort" in row.raw;
  return { at: "done", stopReason, aborted: isAborted };
}

function isSilence(item: ChatItem): boolean {
  return item.kind === "assistant" && item.parts.length === 1 && item.parts.every(isSilent);
}

const isSilent = (part: RunPart): boolean => part.kind === "text" && part.text.trim() === SILENCE;
