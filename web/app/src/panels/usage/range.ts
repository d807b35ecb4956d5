/** Days, as the gateway counts them: in UTC. Pure. */

export const RANGES = ["7", "30", "90", "365"] as const;
export type Range = (typeof RANGES)[number];

export const RANGE_LABEL: Readonly<Record<Range, string>> = {
  "7": "7 days",
  "30": "30 days",
  "90": "90 days",
  "365": "1 year",
};

const DAY_MS = 86_400_000;

export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The last `range` days, today among them. */
export function datesOf(range: Range, nowMs: number): { startDate: string; endDate: string } {
  return { startDate: dayOf(nowMs - (Number(range) - 1) * DAY_MS), endDate: dayOf(nowMs) };
}

/** Every day from one to the other. */
export function daysBetween(startDate: string, endDate: string): readonly string[] {
  const days: string[] = [];
  for (let at = Date.parse(startDate); at <= Date.parse(endDate); at += DAY_MS) days.push(dayOf(at));
  return days;
}

/** Where a day stands on the reader's time axis: his own midnight, so that its label is that day. */
export function atLocalMidnight(day: string): number {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date).getTime();
}
