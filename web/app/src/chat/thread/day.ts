/** Where a day begins between messages. Pure. */
import type { ChatItem } from "@vestibule/react";

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const DAY_OF_YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

/** The day that begins at an item, if one does; today needs no word while there is nothing older. */
export function dayBefore(item: ChatItem, previous: ChatItem | undefined, nowMs: number): string | null {
  if (item.atMs === null) return null;
  const day = new Date(item.atMs).toDateString();
  const before = previous?.atMs;
  if (before === undefined ? day === new Date(nowMs).toDateString() : before === null || new Date(before).toDateString() === day) return null;
  return dayName(item.atMs, nowMs);
}

export function dayName(atMs: number, nowMs: number): string {
  const day = new Date(atMs).toDateString();
  if (day === new Date(nowMs).toDateString()) return "Today";
  if (day === new Date(nowMs - 86_400_000).toDateString()) return "Yesterday";
  return (nowMs - atMs < 300 * 86_400_000 ? DAY : DAY_OF_YEAR).format(atMs);
}
