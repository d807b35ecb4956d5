/** What is drawn, before it is drawn: stacking, keeping the largest, ticks. Pure. */
import type { ChartTone } from "./tones";

export type Series = {
  label: string;
  /** One per x; null where nothing is known. */
  values: readonly (number | null)[];
  tone?: ChartTone;
};

/** Each series on the shoulders of those before it. */
export function stack(series: readonly Series[]): number[][] {
  const below: number[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => {
      const top = (below[index] ?? 0) + (value ?? 0);
      below[index] = top;
      return top;
    }),
  );
}

const sum = ({ values }: Series): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);

/** The `count` largest series, largest first; the others added up as one more. */
export function keepLargest(series: readonly Series[], count: number, otherLabel = "Others"): Series[] {
  const sorted = series.toSorted((one, other) => sum(other) - sum(one));
  if (sorted.length <= count + 1) return sorted;
  const rest = sorted.slice(count);
  const length = Math.max(...rest.map(({ values }) => values.length));
  const values = Array.from({ length }, (_, index) => rest.reduce((total, one) => total + (one.values[index] ?? 0), 0));
  return [...sorted.slice(0, count), { label: otherLabel, values, tone: "neutral" }];
}

/** The x of every `n`th bar, so that labels of `labelPx` do not touch; the last one always has its label. */
export function barTicks(x: readonly number[], widthPx: number, labelPx = 56): number[] {
  const fitting = Math.max(1, Math.floor(widthPx / labelPx));
  const every = Math.max(1, Math.ceil(x.length / fitting));
  return x.filter((_, index) => (x.length - 1 - index) % every === 0);
}

const DAY_MS = 86_400_000;
const dayOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const minuteOf = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** Days where the ticks are days apart, the time of day where they are closer. */
export function tickLabels(ticks: readonly number[]): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  const format = ticks.length < 2 || step >= DAY_MS * 0.9 ? dayOf : minuteOf;
  return ticks.map((tick) => format.format(tick));
}
