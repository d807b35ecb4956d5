import type { ReactNode } from "react";
import { cn } from "@/ui";
import { type ChartTone, TONE_STROKE } from "./tones";

export type GaugeProps = {
  label: string;
  /** 0 to 1; undefined: not known, and nothing is drawn that could look empty. */
  value: number | undefined;
  /** The value as people read it: "61 %". */
  text: string;
  note?: ReactNode;
  tone?: ChartTone;
  className?: string;
};

const RADIUS = 40;
const LENGTH = Math.PI * RADIUS;
const ARC = `M ${50 - RADIUS} 50 A ${RADIUS} ${RADIUS} 0 0 1 ${50 + RADIUS} 50`;

/** How full something is: a half circle, its number, a word about it. */
export function Gauge({ label, value, text, note, tone = "brand", className }: GaugeProps) {
  const part = Math.min(1, Math.max(0, value ?? 0));
  return (
    <div className={cn("grid justify-items-center text-center", className)}>
      {value === undefined ? (
        <div className="grid h-16 place-content-end text-sm font-semibold tracking-[-0.02em] tabular-nums">{text}</div>
      ) : (
        <div
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(part * 100)}
          aria-valuetext={text}
          className="relative w-full max-w-28"
        >
          <svg aria-hidden viewBox="0 0 100 56" className="w-full">
            <path d={ARC} className="fill-none stroke-muted" strokeWidth={9} strokeLinecap="round" />
            {part > 0 && (
              <path
                d={ARC}
                className={cn("fill-none transition-[stroke-dashoffset] duration-500", TONE_STROKE[tone])}
                strokeWidth={9}
                strokeLinecap="round"
                strokeDasharray={LENGTH}
                strokeDashoffset={LENGTH * (1 - part)}
              />
            )}
          </svg>
          <div className="absolute inset-x-0 bottom-0 text-sm font-semibold tracking-[-0.02em] tabular-nums">
            {text}
          </div>
        </div>
      )}
      <div className="mt-1.5 text-[0.8125rem] font-medium">{label}</div>
      {note != null && <div className="text-xs text-muted-foreground tabular-nums">{note}</div>}
    </div>
  );
}
