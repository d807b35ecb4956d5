import uPlot from "uplot";
import { barTicks, tickLabels } from "./series";
import type { ChartTone, Palette } from "./tones";

export type Drawing = {
  kind: "bars" | "lines";
  tones: readonly ChartTone[];
  x: readonly number[];
  formatAxis: (value: number) => string;
  palette: Palette;
  widthPx: number;
  heightPx: number;
  /** The x under the pointer, and where it is; null when the pointer has left. */
  onPoint: (index: number | null, leftPx: number) => void;
};

const FONT = '11px "Geist Variable", system-ui, sans-serif';

/** What uPlot is told: our fonts, tokens and ticks; no legend of its own, no zoom. */
export function plotOptions(drawing: Drawing): uPlot.Options {
  const { kind, x, palette, widthPx, heightPx, onPoint } = drawing;
  return {
    width: widthPx,
    height: heightPx,
    ms: 1,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { show: kind === "lines" } },
    scales: { x: { range: () => edges(kind, x) }, y: { range: yRange } },
    axes: [xAxis(drawing), yAxis(drawing)],
    series: [{}, ...seriesOf(drawing)],
    hooks: {
      setCursor: [
        (plot) => {
          const { idx, left } = plot.cursor;
          const away = idx == null || left === undefined || left < 0;
          onPoint(away ? null : idx, away ? 0 : left + plot.over.offsetLeft);
        },
      ],
    },
  };

  function xAxis({ kind: drawn }: Drawing): uPlot.Axis {
    const axis: uPlot.Axis = {
      stroke: palette.text,
      font: FONT,
      size: 28,
      gap: 6,
      grid: { show: false },
      ticks: { show: false },
      space: 56,
      values: (_, ticks) => tickLabels(ticks),
    };
    const byStep = drawn === "bars" || stepOf(x) >= DAY_MS * 0.9;
    return byStep ? { ...axis, splits: (plot) => barTicks(x, plot.bbox.width / devicePixelRatio) } : axis;
  }

  function yAxis({ formatAxis }: Drawing): uPlot.Axis {
    return {
      stroke: palette.text,
      font: FONT,
      size: 52,
      gap: 6,
      space: 40,
      grid: { stroke: palette.grid, width: 1 },
      ticks: { show: false },
      values: (_, ticks) => ticks.map(formatAxis),
    };
  }

  function seriesOf({ tones }: Drawing): uPlot.Series[] {
    const bars = uPlot.paths.bars?.({ size: [0.62, 36], radius: 0.12 });
    const drawn = tones.map((tone): uPlot.Series => {
      const colour = palette[tone];
      return kind === "bars"
        ? { fill: colour, width: 0, points: { show: false }, ...(bars && { paths: bars }) }
        : { stroke: colour, width: 1.75, points: { show: x.length < 3 } };
    });
    return kind === "bars" ? drawn.toReversed() : drawn;
  }
}

/** Half a step of room at both ends of bars, so that the first and the last are whole; also around a single point. */
function edges(kind: Drawing["kind"], x: readonly number[]): [number, number] {
  const first = x[0] ?? 0;
  const last = x.at(-1) ?? 0;
  const room = kind === "bars" || first === last ? stepOf(x) / 2 : 0;
  return [first - room, last + room];
}

const DAY_MS = 86_400_000;
const stepOf = (x: readonly number[]): number => (x[1] ?? (x[0] ?? 0) + DAY_MS) - (x[0] ?? 0);

/** From nothing, with a little air above; an empty chart has a scale too. */
const yRange = (_: uPlot, _least: number, most: number): [number, number] => [0, most > 0 ? most * 1.08 : 1];
