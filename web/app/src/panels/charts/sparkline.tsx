import { cn } from "@/ui";
import { type ChartTone, TONE_STROKE } from "./tones";

/** The last values of something as a line without axes. Says nothing that is not also written beside it. */
export function Sparkline({
  values,
  max,
  tone = "brand",
  className,
}: {
  values: readonly number[];
  /** The top edge; without it the largest value. */
  max?: number;
  tone?: ChartTone;
  className?: string;
}) {
  const top = max ?? Math.max(...values, Number.EPSILON);
  const points = values.map((value, index) => {
    const x = values.length < 2 ? 100 : (index / (values.length - 1)) * 100;
    return `${x.toFixed(2)},${(23 - Math.min(1, value / top) * 22).toFixed(2)}`;
  });
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 24"
      preserveAspectRatio="none"
      className={cn("h-6 w-full overflow-visible", className)}
    >
      <polyline
        points={points.length === 1 ? `0,${points[0]?.split(",")[1] ?? 23} ${points[0] ?? ""}` : points.join(" ")}
        className={cn("fill-none", TONE_STROKE[tone])}
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
