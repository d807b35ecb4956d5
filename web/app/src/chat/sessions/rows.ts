/** Sessions grouped, and kept up to date by events. Pure. */
import { sameKey } from "../place";
import type { SessionRow } from "./wire";

export const isRunning = ({ hasActiveRun, status }: SessionRow): boolean => hasActiveRun ?? status === "running";
export const lastUsed = ({ lastInteractionAt, updatedAt }: SessionRow): number => lastInteractionAt ?? updatedAt ?? 0;

export type Group = { readonly title: string; readonly rows: readonly SessionRow[] };

/** Pinned first, then by the day of their last use. */
export function grouped(rows: readonly SessionRow[], nowMs: number): readonly Group[] {
  const groups = new Map<string, SessionRow[]>();
  for (const row of rows.toSorted((one, other) => lastUsed(other) - lastUsed(one))) {
    const title = row.pinned === true ? "Pinned" : dayOf(lastUsed(row), nowMs);
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  const pinned = groups.get("Pinned");
  groups.delete("Pinned");
  return [...(pinned ? [["Pinned", pinned] as const] : []), ...groups].map(([title, found]) => ({
    title,
    rows: found,
  }));
}

function dayOf(atMs: number, nowMs: number): string {
  const today = new Date(nowMs).setHours(0, 0, 0, 0);
  if (atMs >= today) return "Today";
  if (atMs >= today - 86_400_000) return "Yesterday";
  if (atMs >= today - 7 * 86_400_000) return "Previous 7 days";
  return atMs >= today - 30 * 86_400_000 ? "Previous 30 days" : "Older";
}

/** What a `sessions.changed` says: `row` is null for one that is gone. Null: it names no row, ask again. */
export type Change = { readonly key: string; readonly row: SessionRow | null };

export function readChange(payload: unknown): Change | null {
  if (!isRecord(payload) || typeof payload["sessionKey"] !== "string") return null;
  const key = payload["sessionKey"];
  if (payload["reason"] === "delete") return { key, row: null };
  return isRow(payload["session"]) ? { key, row: payload["session"] } : null;
}

/** The rows after a change; `belongs`: whether one that is not there yet is wanted. */
export function changed(
  rows: readonly SessionRow[],
  { key, row }: Change,
  belongs: (row: SessionRow) => boolean,
): readonly SessionRow[] {
  const before = rows.find((one) => sameKey(one.key, key));
  if (before === undefined) return row !== null && belongs(row) ? [row, ...rows] : rows;
  if (row === null || !belongs({ ...before, ...row })) return rows.filter((one) => one !== before);
  return rows.map((one) => (one === before ? { ...before, ...row } : one));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
const isRow = (value: unknown): value is SessionRow => isRecord(value) && typeof value["key"] === "string";
