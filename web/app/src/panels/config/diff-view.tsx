import { cn } from "@/ui";
import { useMemo } from "react";
import { type DiffLine, diffOf, isSame } from "./line-diff";
import { masked } from "./secrets";

/** Two texts, line by line; secrets stay hidden. */
export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = useMemo(() => diffOf(masked(before), masked(after)), [before, after]);
  if (isSame(lines)) return <p className="text-[0.8125rem] text-muted-foreground">No line differs.</p>;
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="max-h-[45vh] overflow-auto rounded-lg border bg-card font-mono text-xs/5"
    >
      <div className="w-max min-w-full py-1">
        {lines.map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </div>
    </div>
  );
}

const MARKS = { same: " ", removed: "−", added: "+" } as const;

function Line({ line }: { line: DiffLine }) {
  if (line.kind === "skipped") {
    return <div className="bg-muted/60 px-3 text-muted-foreground">⋯ {line.count} equal lines</div>;
  }
  return (
    <div
      className={cn(
        "flex whitespace-pre",
        line.kind === "removed" && "bg-danger-soft",
        line.kind === "added" && "bg-success-soft",
      )}
    >
      <span aria-hidden className="w-10 shrink-0 pr-2 text-right text-muted-foreground select-none tabular-nums">
        {line.after ?? line.before}
      </span>
      <span
        className={cn(
          "w-5 shrink-0 select-none",
          line.kind === "removed" && "text-danger",
          line.kind === "added" && "text-success",
        )}
      >
        {MARKS[line.kind]}
        {line.kind !== "same" && <span className="sr-only">{line.kind}</span>}
      </span>
      <span className="pr-4">{line.text}</span>
    </div>
  );
}
