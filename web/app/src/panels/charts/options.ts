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
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { show: kind === "lines" } },
    scales: { x: { range: (_, least, most) => widened(kind, x, least, most) }, y: { range: yRange } },
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
    return drawn === "bars" ? { ...axis, splits: (plot) => barTicks(x, plot.bbox.width / devicePixelRatio) } : axis;
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
    const smooth = uPlot.paths.spline?.();
    const drawn = tones.map((tone): uPlot.Series => {
      const colour = palette[tone];
      return kind === "bars"
        ? { fill: colour, width: 0, points: { show: false }, ...(bars && { paths: bars }) }
        : { stroke: colour, width: 1.75, points: { show: x.length < 3 }, ...(smooth && { paths: smooth }) };
    });
    return kind === "bars" ? drawn.toReversed() : drawn;
  }
}

/** Half a bar of room at both ends, so that the first and the last are whole. */
function widened(kind: Drawing["kind"], x: readonly number[], least: number, most: number): [number, number] {
  const step = (x[1] ?? least + 86_400_000) - (x[0] ?? least);
  if (kind === "bars") return [least - step / 2, most + step / 2];
  return least === most ? [least - step / 2, most + step / 2] : [least, most];
}

/** From nothing, with a little air above; an empty chart has a scale too. */
const yRange = (_: uPlot, _least: number, most: number): [number, number] => [0, most > 0 ? most * 1.08 : 1];
