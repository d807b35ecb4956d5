import { Card, formatDate, formatDuration } from "@/ui";
import { Chart } from "../charts";
import { useMemo } from "react";
import { atLocalMidnight } from "./range";
import type { Latency } from "./wire";

/** How long answers took, on the days there were any. */
export function AnswerTimes({ daily }: { daily: readonly (Latency & { date: string })[] }) {
  const { x, series } = useMemo(
    () => ({
      x: daily.map(({ date }) => atLocalMidnight(date)),
      series: [
        { label: "Average", values: daily.map(({ avgMs }) => avgMs), tone: "info" as const },
        { label: "95 of 100 are quicker", values: daily.map(({ p95Ms }) => p95Ms), tone: "neutral" as const },
      ],
    }),
    [daily],
  );
  return (
    <Card title="Answer time">
      <Chart
        label="Answer time per day"
        kind="lines"
        x={x}
        series={series}
        formatX={formatDate}
        formatValue={formatDuration}
        formatAxis={formatDuration}
        heightPx={180}
      />
    </Card>
  );
}
