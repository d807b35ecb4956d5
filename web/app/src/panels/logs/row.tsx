import { Badge, cn, formatClock, type Tone } from "@/ui";
import { memo } from "react";
import { marked } from "./filter";
import type { Level, LogLine } from "./line";

export const TONE: Readonly<Record<Level, Tone>> = {
  trace: "outline",
  debug: "outline",
  info: "neutral",
  warn: "warning",
  error: "danger",
  fatal: "danger",
};

const ROW_TINT: Partial<Readonly<Record<Level, string>>> = {
  warn: "bg-warning-soft/45",
  error: "bg-danger-soft/60",
  fatal: "bg-danger-soft",
};

export type RowProps = { line: LogLine; words: readonly string[]; begins: string | null };

/** One line: when, how bad, who, what. In two rows where there is no room for one. */
export const Row = memo(function Row({ line, words, begins }: RowProps) {
  return (
    <div
      className={cn(
        "flex h-full items-center gap-x-3 border-b border-border/50 px-4 font-mono text-xs hover:bg-hover md:px-6",
        "max-md:flex-col max-md:items-stretch max-md:justify-center max-md:gap-y-0.5",
        ROW_TINT[line.level],
        begins !== null && "border-t-2 border-t-brand",
      )}
    >
      <div className="flex shrink-0 items-center gap-3 text-muted-foreground">
        <span className="w-[8ch] tabular-nums">{line.atMs === null ? "" : formatClock(line.atMs)}</span>
        <Badge tone={TONE[line.level]} className="w-13 justify-center font-sans">
          {line.level}
        </Badge>
        <span className="w-[20ch] truncate max-md:w-auto max-md:grow" title={line.source}>
          {line.source}
        </span>
      </div>
      <div className="min-w-0 truncate md:grow">
        {begins !== null && <span className="mr-2 font-sans text-brand">{begins}</span>}
        {marked(line.message, words).map((piece, index) =>
          piece.hit ? (
            <mark key={index} className="rounded-[3px] bg-brand-soft text-brand">
              {piece.text}
            </mark>
          ) : (
            piece.text
          ),
        )}
      </div>
    </div>
  );
});
