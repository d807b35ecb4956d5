/** Rows of sessions: how they are compared, sorted and kept up to date by events. Pure. */
import type { SessionRow } from "./wire";

/** The gateway lower-cases keys; compare as it does (P16). */
export const sameKey = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** "agent:main:dashboard:5394074c-…" -> "dashboard 5394074c". */
export function shortKey(key: string): string {
  const parts = key.split(":");
  const rest = parts[0] === "agent" ? parts.slice(2) : parts;
  return rest.map((part) => (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(part) ? part.slice(0, 8) : part)).join(" ");
}

export function agentOf(row: Pick<SessionRow, "key" | "agentId">): string {
  const [kind, agent] = row.key.split(":");
  return row.agentId ?? (kind === "agent" && agent ? agent : "main");
}

export const isRunning = (row: SessionRow): boolean => row.hasActiveRun ?? row.status === "running";
export const lastUsed = (row: SessionRow): number => row.lastInteractionAt ?? row.updatedAt ?? 0;

export function errorOf({ lastRunError, status }: SessionRow): string | null {
  if (typeof lastRunError === "string") return lastRunError || null;
  return lastRunError?.message ?? (status === "failed" || status === "error" ? "The last run failed" : null);
}

/** How much of the context window is in use, 0 to 1. */
export function contextUse({ totalTokens, contextTokens }: SessionRow): number | null {
  return totalTokens != null && contextTokens ? Math.min(1, totalTokens / contextTokens) : null;
}

/** Pinned ones first, then by last use. */
export function sortRows(rows: readonly SessionRow[]): readonly SessionRow[] {
  return rows.toSorted(
    (one, other) => Number(other.pinned ?? false) - Number(one.pinned ?? false) || updated(other) - updated(one),
  );
}

const updated = (row: SessionRow): number => row.updatedAt ?? 0;

/** Pages one after the other; a row that moved from one page to the next while we read counts once. */
export function joinPages(first: readonly SessionRow[], more: readonly SessionRow[]): readonly SessionRow[] {
  const known = new Set(first.map(({ key }) => key.toLowerCase()));
  return [...first, ...more.filter(({ key }) => !known.has(key.toLowerCase()))];
}

export type Change = { at: "gone"; key: string } | { at: "changed"; key: string; row: SessionRow } | { at: "unclear" };

/** What a `sessions.changed` event says: the row is inside, or it is a hint to ask again. */
export function readChange(payload: unknown): Change {
  if (!isRecord(payload) || typeof payload["sessionKey"] !== "string") return { at: "unclear" };
  const key = payload["sessionKey"];
  if (payload["reason"] === "delete") return { at: "gone", key };
  const row = payload["session"];
  return isRow(row) ? { at: "changed", key, row } : { at: "unclear" };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isRow = (value: unknown): value is SessionRow => isRecord(value) && typeof value["key"] === "string";

/** The rows after a change. `admits`: whether a row that is not there yet belongs here. */
export function applyChange(
  rows: readonly SessionRow[],
  change: Exclude<Change, { at: "unclear" }>,
  admits: (row: SessionRow) => boolean,
): readonly SessionRow[] {
  const index = rows.findIndex(({ key }) => sameKey(key, change.key));
  if (change.at === "gone") return index < 0 ? rows : rows.toSpliced(index, 1);
  const { row } = change;
  if (index < 0) return admits(row) ? sortRows([row, ...rows]) : rows;
  // The event's row lacks the last message: what is known of it stays.
  const merged = { ...rows[index], ...row };
  return admits(merged) ? sortRows(rows.with(index, merged)) : rows.toSpliced(index, 1);
}

/** Whether this change is the end of a run: then there is a new last message to read. */
export function endsRun(rows: readonly SessionRow[], change: Change): boolean {
  if (change.at !== "changed") return false;
  const before = rows.find(({ key }) => sameKey(key, change.key));
  return before !== undefined && isRunning(before) && !isRunning(change.row);
}

/** Whether a `chat` event is the last of its run. */
export const isRunEnd = (payload: unknown): boolean =>
  isRecord(payload) && ["final", "aborted", "error"].some((state) => payload["state"] === state);
