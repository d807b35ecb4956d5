/** Days, as the gateway counts them: in UTC. Pure. */

export const RANGES = ["7", "30", "90", "365", "all"] as const;
export type Range = (typeof RANGES)[number];

export const RANGE_LABEL: Readonly<Record<Range, string>> = {
  "7": "7 days",
  "30": "30 days",
  "90": "90 days",
  "365": "1 year",
  all: "All",
};

/** Where "all" begins, as the gateway has it. */
const BEGINNING = "1970-01-01";

const DAY_MS = 86_400_000;

export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The last `range` days, today among them; or every day there ever was. */
export function datesOf(range: Range, nowMs: number): { startDate: string; endDate: string } {
  const startDate = range === "all" ? BEGINNING : dayOf(nowMs - (Number(range) - 1) * DAY_MS);
  return { startDate, endDate: dayOf(nowMs) };
}

/** The days to draw: of "all" those since the first on which something was used. */
export function drawnDays(
  range: Range,
  { startDate, endDate }: { startDate: string; endDate: string },
  used: readonly { date: string; totalTokens: number }[],
): readonly string[] {
  if (range !== "all") return daysBetween(startDate, endDate);
  const first = used.reduce(
    (least, { date, totalTokens }) => (totalTokens > 0 && date < least ? date : least),
    endDate,
  );
  return daysBetween(first, endDate);
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
