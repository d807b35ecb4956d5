/** The numbers above the chart, and how sessions are called. Pure. */
import { sessionTitle, titleFrom } from "@/shell";
import { formatMoney } from "@/ui";
import type { CacheStatus, SessionUsage, Totals } from "./wire";

/** A cost that may be more says so. */
export function costText({ totalCost, missingCostEntries }: Totals): string {
  return missingCostEntries ? `≥ ${formatMoney(totalCost)}` : formatMoney(totalCost);
}

/** How much of what was read came from the cache, 0 to 1; null where nothing was read. */
export function cacheShare({ input, cacheRead, cacheWrite }: Totals): number | null {
  const read = input + cacheRead + cacheWrite;
  return read > 0 ? cacheRead / read : null;
}

/** The gateway is still counting and has nothing to show yet: ask again. */
export function isCounting(answer: { totals: Totals; cacheStatus?: CacheStatus } | undefined): boolean {
  return answer?.cacheStatus?.status === "refreshing" && answer.totals.totalTokens === 0;
}

const WAITS_MS = [1_000, 2_000, 4_000] as const;

/** How long until it is asked the next time; null: it has been asked often enough. */
export const waitMs = (asked: number): number | null => WAITS_MS[asked] ?? null;

/** What the gateway gives as its label is a name, or the beginning of what was said. */
export const titleOf = ({ key, label }: Pick<SessionUsage, "key" | "label">): string =>
  sessionTitle({ key, label: titleFrom(label ?? "") });
