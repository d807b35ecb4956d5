import { useMemo, useState } from "react";
import { Card, formatCount, formatDate, formatMoney, formatNumber, Segmented } from "@/ui";
import { Chart, keepLargest } from "../charts";
import { atLocalMidnight, drawnDays, type Range } from "./range";
import { byAgent, byKind, byModel, byWeek, type Metric, type Split } from "./split";
import type { CostUsage, SessionsUsage } from "./wire";

const SERIES = 5;
const WEEKLY_FROM = 120;
const SPLIT_LABEL: Readonly<Record<Split, string>> = { kind: "Kind", model: "Model", agent: "Agent" };

/** Tokens or cost per day, stacked by what one wants to know. */
export function OverTime({
  cost,
  usage,
  range,
  dates,
}: {
  cost: CostUsage;
  usage: SessionsUsage | undefined;
  range: Range;
  dates: { startDate: string; endDate: string };
}) {
  const [metric, setMetric] = useState<Metric>("tokens");
  const [split, setSplit] = useState<Split>("kind");
  const { startDate, endDate } = dates;
  const shown = usage === undefined ? "kind" : split;
  const days = useMemo(
    () => drawnDays(range, { startDate, endDate }, cost.daily),
    [range, startDate, endDate, cost.daily],
  );
  const weekly = days.length >= WEEKLY_FROM;

  const { x, series } = useMemo(() => {
    const daily = seriesOf(shown, days, cost, usage, metric);
    const drawn = weekly ? byWeek(days, daily) : { days, series: daily };
    return { x: drawn.days.map(atLocalMidnight), series: drawn.series };
  }, [days, shown, cost, usage, metric, weekly]);

  return (
    <Card
      title={weekly ? "Per week" : "Per day"}
      actions={
        <>
          <Segmented<Metric>
            label="What is counted"
            value={metric}
            onChange={setMetric}
            options={[
              { value: "tokens", label: "Tokens" },
              { value: "cost", label: "Cost" },
            ]}
          />
          {usage !== undefined && (
            <Segmented<Split>
              label="Split by"
              value={split}
              onChange={setSplit}
              options={(["kind", "model", "agent"] as const).map((value) => ({ value, label: SPLIT_LABEL[value] }))}
            />
          )}
        </>
      }
    >
      <Chart
        label={`${metric === "tokens" ? "Tokens" : "Cost"} per ${weekly ? "week" : "day"}, by ${shown}`}
        kind="bars"
        x={x}
        series={series}
        formatX={weekly ? weekOf : formatDate}
        formatValue={metric === "tokens" ? formatNumber : formatMoney}
        formatAxis={metric === "tokens" ? formatCount : formatMoney}
        heightPx={240}
      />
    </Card>
  );
}

const weekOf = (atMs: number): string => `from ${formatDate(atMs)}`;

function seriesOf(
  split: Split,
  days: readonly string[],
  cost: CostUsage,
  usage: SessionsUsage | undefined,
  metric: Metric,
) {
  if (usage === undefined || split === "kind") return byKind(days, cost, metric);
  return keepLargest(split === "model" ? byModel(days, usage, metric) : byAgent(days, usage, metric), SERIES);
}
