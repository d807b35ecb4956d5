import { formatCount, formatDuration, formatNumber, formatPercent, Stat } from "@/ui";
import { cacheShare, costText } from "./summary";
import type { SessionsUsage, Totals } from "./wire";

/** The range in a row of numbers. */
export function Numbers({ totals, usage }: { totals: Totals; usage: SessionsUsage | undefined }) {
  const share = cacheShare(totals);
  const { messages, latency, sessionCount } = usage?.aggregates ?? {};
  const missing = totals.missingCostEntries ?? 0;
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(8.75rem,1fr))] gap-3 max-sm:grid-cols-2 max-sm:[&>:last-child:nth-child(odd)]:col-span-2">
      <Stat
        label="Cost"
        value={costText(totals)}
        note={missing > 0 ? `${formatNumber(missing)} answers without a price` : "estimate"}
      />
      <Stat
        label="Tokens"
        value={formatCount(totals.totalTokens)}
        note={`${formatNumber(totals.totalTokens)} in all`}
      />
      <Stat
        label="Input"
        value={formatCount(totals.input)}
        note={share === null ? "–" : `${formatPercent(share)} from cache`}
      />
      <Stat label="Output" value={formatCount(totals.output)} note="written by models" />
      {messages && (
        <Stat
          label="Messages"
          value={formatCount(messages.total)}
          note={[
            sessionCount === undefined ? null : `${formatNumber(sessionCount)} sessions`,
            `${formatNumber(messages.toolCalls)} tool calls`,
          ]
            .filter((part) => part !== null)
            .join(", ")}
        />
      )}
      {latency && latency.count > 0 && (
        <Stat label="Answer time" value={formatDuration(latency.avgMs)} note={`p95 ${formatDuration(latency.p95Ms)}`} />
      )}
    </div>
  );
}
