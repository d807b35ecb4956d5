import { useMemo } from "react";
import { cn } from "@/ui";
import { diffLines, hunks } from "./diff";

const STYLE = { same: "", added: "bg-success-soft text-success", removed: "bg-danger-soft text-danger" } as const;
const SIGN = { same: " ", added: "+", removed: "−" } as const;

/** Two texts, line by line; state is a sign as well as a colour. */
export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  const shown = useMemo(() => hunks(diffLines(before, after)), [before, after]);
  return (
    <div
      role="group"
      aria-label={label}
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-lg border py-1 font-mono text-xs leading-5"
    >
      {shown.map((line, index) =>
        line.kind === "skipped" ? (
          <div key={index} className="px-3 text-muted-foreground">
            … {line.count} unchanged {line.count === 1 ? "line" : "lines"}
          </div>
        ) : (
          <div key={index} className={cn("flex gap-2 px-3 whitespace-pre-wrap", STYLE[line.kind])}>
            <span className="select-none">{SIGN[line.kind]}</span>
            <span className="min-w-0 wrap-anywhere">{line.text}</span>
          </div>
        ),
      )}
    </div>
  );
}
