import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { cn } from "@/ui";
import type { ChartProps } from "./chart";
import { plotOptions } from "./options";
import { type Series, stack } from "./series";
import { type ChartTone, onThemeChange, paletteAt, TONE_DOT } from "./tones";

export type Coloured = Series & { tone: ChartTone };
export type PlotProps = Pick<ChartProps, "kind" | "x" | "formatX" | "formatValue"> & {
  series: readonly Coloured[];
  formatAxis: (value: number) => string;
  heightPx: number;
};

type Pointed = { index: number; leftPx: number };

/** The drawing itself. Drawn anew when what it shows changes; a resize only resizes. */
export default function Plot(props: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [theme, setTheme] = useState(0);
  useEffect(() => onThemeChange(() => setTheme((count) => count + 1)), []);

  const { kind, x, series, formatAxis, heightPx } = props;
  useEffect(() => {
    const element = host.current;
    if (!element || !canDraw()) return;
    const options = plotOptions({
      kind,
      tones: series.map((one) => one.tone),
      x,
      formatAxis,
      palette: paletteAt(element),
      widthPx: element.clientWidth,
      heightPx,
      onPoint: (index, leftPx) => setPointed(index === null ? null : { index, leftPx }),
    });
    const plot = new uPlot(options, dataOf(kind, x, series), element);
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
      setPointed(null);
    };
  }, [kind, x, series, formatAxis, heightPx, theme]);

  return (
    <div className="relative h-full min-w-0">
      <div ref={host} className="h-full min-w-0 overflow-hidden" />
      {pointed && <Tip {...props} pointed={pointed} />}
    </div>
  );
}

function Tip({ x, series, kind, formatX, formatValue, pointed }: PlotProps & { pointed: Pointed }) {
  const { index, leftPx } = pointed;
  const atMs = x[index];
  if (atMs === undefined) return null;
  const rows = series.flatMap((one) => {
    const value = one.values[index];
    return value == null || (kind === "bars" && value === 0) ? [] : [{ ...one, value }];
  });
  return (
    <div
      className="pointer-events-none absolute top-1 z-10 grid w-max max-w-60 gap-1 rounded-lg border bg-popover px-2.5 py-2 text-xs shadow-float"
      style={{ left: leftPx, translate: leftPx > 240 ? "calc(-100% - 12px)" : "12px" }}
    >
      <div className="text-muted-foreground">{formatX(atMs)}</div>
      {rows.length === 0 && <div className="text-muted-foreground">nothing</div>}
      {rows.map((row) => (
        <div key={row.label} className="flex items-center gap-1.5">
          <span className={cn("size-2 shrink-0 rounded-[3px]", TONE_DOT[row.tone])} />
          <span className="truncate">{row.label}</span>
          <span className="ml-auto pl-3 font-medium tabular-nums">{formatValue(row.value)}</span>
        </div>
      ))}
    </div>
  );
}

/** Bars are stacked, and the tallest is drawn first, so that the others stand before it. */
function dataOf(kind: PlotProps["kind"], x: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  const lines = kind === "bars" ? stack(series).toReversed() : series.map((one) => [...one.values]);
  return [[...x], ...lines];
}

/** Where there is no canvas the table below says it all. */
const canDraw = (): boolean => document.createElement("canvas").getContext("2d") !== null;
