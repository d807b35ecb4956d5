import { ChartColumn, Table2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button, cn, formatCount, Skeleton } from "@/ui";
import type { Series } from "./series";
import { ChartTable } from "./table";
import { TONE_DOT, toneAt } from "./tones";

// uPlot comes with the first chart that is shown, not with the panel.
const Plot = lazy(() => import("./plot"));

export type ChartProps = {
  /** What is shown, for whoever cannot see it: "Tokens per day". */
  label: string;
  /** `bars` stand on each other, `lines` cross. */
  kind: "bars" | "lines";
  /** Unix milliseconds, ascending. */
  x: readonly number[];
  series: readonly Series[];
  /** How an x is called in the table and under the pointer. */
  formatX: (atMs: number) => string;
  /** How a value is written under the pointer and in the table. */
  formatValue: (value: number) => string;
  /** How a value is written at the axis, where there is little room. */
  formatAxis?: (value: number) => string;
  heightPx?: number;
  className?: string;
};

/** Values over time. The same as a table is one press away, and it is the table that a screen reader reads. */
export function Chart({ label, series, heightPx = 220, className, ...rest }: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  const coloured = series.map((one, index) => ({ ...one, tone: one.tone ?? toneAt(index) }));
  const table = { label, series: coloured, x: rest.x, formatX: rest.formatX, formatValue: rest.formatValue };
  return (
    <figure className={cn("min-w-0", className)} aria-label={label}>
      <div className="mb-2 flex min-h-8 items-center gap-x-4">
        <ul className="flex min-w-0 grow flex-wrap gap-x-4 gap-y-1 text-xs text-muted-foreground">
          {coloured.map((one) => (
            <li key={one.label} className="flex min-w-0 items-center gap-1.5">
              <span aria-hidden className={cn("size-2 shrink-0 rounded-[3px]", TONE_DOT[one.tone])} />
              <span className="truncate">{one.label}</span>
            </li>
          ))}
        </ul>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={asTable ? "Show as chart" : "Show as table"}
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? <ChartColumn /> : <Table2 />}
        </Button>
      </div>
      {asTable ? (
        <ChartTable {...table} maxHeightPx={heightPx} />
      ) : (
        <>
          <div aria-hidden style={{ height: heightPx }}>
            <Suspense fallback={<Skeleton className="h-full" />}>
              <Plot {...rest} formatAxis={rest.formatAxis ?? formatCount} series={coloured} heightPx={heightPx} />
            </Suspense>
          </div>
          <div className="sr-only">
            <ChartTable {...table} />
          </div>
        </>
      )}
    </figure>
  );
}
