/** Usage over the days, split up by kind of token, model or agent. Pure. */
import type { Series } from "../charts";
import type { CostUsage, SessionsUsage } from "./wire";

export const SPLITS = ["kind", "model", "agent"] as const;
export type Split = (typeof SPLITS)[number];
export type Metric = "tokens" | "cost";

/** By what the tokens were: what was read, written, and read from the cache. */
export function byKind(days: readonly string[], cost: CostUsage, metric: Metric): Series[] {
  const byDay = new Map(cost.daily.map((day) => [day.date, day]));
  const series = (
    label: string,
    tone: Series["tone"] & string,
    value: (day: CostUsage["daily"][number]) => number,
  ) => ({
    label,
    tone,
    values: days.map((day) => {
      const found = byDay.get(day);
      return found ? value(found) : 0;
    }),
  });
  if (metric === "cost") return [series("Cost", "brand", (day) => day.totalCost)];
  return [
    series("Input", "brand", (day) => day.input),
    series("Output", "info", (day) => day.output),
    series("From cache", "success", (day) => day.cacheRead),
    series("Into cache", "neutral", (day) => day.cacheWrite),
  ].filter(({ label, values }) => label === "Input" || label === "Output" || values.some((value) => value > 0));
}

export const modelName = ({ provider, model }: { provider?: string; model?: string }): string =>
  [provider, model].filter(Boolean).join("/") || "unknown";

export function byModel(days: readonly string[], usage: SessionsUsage, metric: Metric): Series[] {
  const rows = (usage.aggregates.modelDaily ?? []).map((row) => ({ ...row, name: modelName(row) }));
  return grouped(days, rows, metric);
}

/** The gateway gives no days by agent: they are added up from the sessions', and what those lack is "Others". */
export function byAgent(days: readonly string[], usage: SessionsUsage, metric: Metric): Series[] {
  const rows = usage.sessions.flatMap(({ agentId, usage: own }) =>
    (own?.dailyBreakdown ?? []).map((day) => ({ ...day, name: agentId ?? "unknown" })),
  );
  const known = grouped(days, rows, metric);
  const whole = new Map(usage.aggregates.daily.map((day) => [day.date, day[metric]]));
  const rest = days.map((day, index) => {
    const told = known.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
    return Math.max(0, (whole.get(day) ?? 0) - told);
  });
  return rest.some((value) => value > 0.000_001)
    ? [...known, { label: "Others", values: rest, tone: "neutral" }]
    : known;
}

function grouped(
  days: readonly string[],
  rows: readonly { name: string; date: string; tokens: number; cost: number }[],
  metric: Metric,
): Series[] {
  const place = new Map(days.map((day, index) => [day, index]));
  const names = new Map<string, number[]>();
  for (const row of rows) {
    const index = place.get(row.date);
    if (index === undefined) continue;
    const values = names.get(row.name) ?? days.map(() => 0);
    values[index] = (values[index] ?? 0) + row[metric];
    names.set(row.name, values);
  }
  return [...names].map(([label, values]) => ({ label, values }));
}

/** Longer stretches by the week: 365 bars are a hedge. */
export function byWeek(
  days: readonly string[],
  series: readonly Series[],
): { days: readonly string[]; series: Series[] } {
  const starts = days.flatMap((day, index) =>
    (days.length - 1 - index) % 7 === 6 || index === 0 ? [{ day, index }] : [],
  );
  const sums = (values: readonly (number | null)[]) =>
    starts.map(({ index }, week) =>
      values.slice(index, starts[week + 1]?.index).reduce<number>((sum, value) => sum + (value ?? 0), 0),
    );
  return {
    days: starts.map(({ day }) => day),
    series: series.map((one) => ({ ...one, values: sums(one.values) })),
  };
}
