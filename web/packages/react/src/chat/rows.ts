/**
 * Rows of `chat.history` and of `session.message`: what they say, and how pages are joined. Pure.
 */

import { isRecord } from "@vestibule/client";
import { list, number, text } from "../read.js";
import type { RawRow } from "./items.js";

/** A row, with what is needed of it at hand. */
export interface Row {
  readonly raw: RawRow;
  /** Null on wire 3. Two rows may share it: the gateway shows a message with a tool call as two. */
  readonly id: string | null;
  readonly role: string;
  /** The run it belongs to; of what a user said: the run it began. Null on wire 3. */
  readonly runId: string | null;
  readonly atMs: number | null;
}

/** Read one; null for what is none. */
export function readRow(raw: unknown): Row | null {
  const role = text(raw, "role");
  if (role === null || !isRecord(raw)) return null;
  const origin = raw["__openclaw"];
  const keyed = (text(raw, "idempotencyKey") ?? text(origin, "idempotencyKey"))?.match(/^(.+):[a-z-]+$/)?.[1] ?? null;
  const runId = role === "user" ? (keyed ?? text(origin, "runId")) : (text(origin, "runId") ?? keyed);
  return { raw, id: text(origin, "id"), role, runId, atMs: number(raw, "timestamp") };
}

/** Read all. */
export function readRows(messages: readonly unknown[]): readonly Row[] {
  return messages.map(readRow).filter((row) => row !== null);
}

/** Whether the gateway notes the run of each message (wire 4 does). */
export function notesRuns(rows: readonly Row[]): boolean {
  return rows.some(({ runId }) => runId !== null);
}

/** The newest page came: it follows what is held if they touch, and replaces it if they do not. */
export function withNewest(held: readonly Row[], page: readonly Row[]): readonly Row[] {
  const touch = held.findIndex(({ id }) => id !== null && id === page[0]?.id);
  return touch === -1 ? page : [...held.slice(0, touch), ...page];
}

/** An earlier page came; what arrived since shifts pages, so they may overlap. */
export function withEarlier(held: readonly Row[], page: readonly Row[]): readonly Row[] {
  const ids = new Set(held.map(({ id }) => id));
  return [...page.filter(({ id }) => id === null || !ids.has(id)), ...held];
}

/** A row was told as it was written; the same rows if it is known. */
export function withTold(held: readonly Row[], row: Row): readonly Row[] {
  return row.id === null || held.some(({ id }) => id === row.id) ? held : [...held, row];
}

/** The text of a message. */
export function rowText({ raw }: Row): string {
  return blocksOf(raw)
    .map((block) => (text(block, "type") === "text" ? text(block, "text") : null))
    .join("");
}

/** The blocks of a message's content; bare text is one. */
export function blocksOf(raw: RawRow): readonly RawRow[] {
  const content = text(raw, "content");
  return content === null ? list(raw, "content").filter(isRecord) : [{ type: "text", text: content }];
}
