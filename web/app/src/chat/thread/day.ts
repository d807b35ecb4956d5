/** Where a day begins between messages. Pure. */
import type { ChatItem } from "@vestibule/react";

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const DAY_OF_YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

/** The day that begins at an item, if one does; today needs no word while there is nothing older. */
export function dayBefore(item: ChatItem, previous: ChatItem | undefined, nowMs: number): string | null {
  if (item.atMs === null) return null;
  const before = previous === undefined ? dayOf(nowMs) : previous.atMs === null ? null : dayOf(previous.atMs);
  return before === null || before === dayOf(item.atMs) ? null : dayName(item.atMs, nowMs);
}

function dayName(atMs: number, nowMs: number): string {
  const ago = dayOf(nowMs) - dayOf(atMs);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  return (ago < 300 ? DAY : DAY_OF_YEAR).format(atMs);
}

/** Days since 1970, in the reader's time zone. Asked of each message with each increment: no strings. */
const dayOf = (atMs: number): number => Math.floor((atMs - new Date(atMs).getTimezoneOffset() * 60_000) / 86_400_000);
