import { Badge, cn } from "@/ui";
import { CircleAlert, TriangleAlert } from "lucide-react";
import type { Placed } from "./issues";

/** Everything that is wrong, below the text; a click goes to its line. */
export function Problems({ issues, onGoTo }: { issues: readonly Placed[]; onGoTo: (position: number) => void }) {
  if (issues.length === 0) return null;
  return (
    <section aria-label="Problems" className="max-h-40 shrink-0 overflow-y-auto border-t bg-sidebar py-1">
      <ul role="alert">
        {issues.map((issue, index) => (
          <li key={index}>
            <button
              type="button"
              onClick={() => onGoTo(issue.from)}
              className="flex w-full items-start gap-2.5 px-4 py-1.5 text-left text-[0.8125rem] hover:bg-hover focus-visible:outline-offset-[-2px] max-md:min-h-11"
            >
              {issue.severity === "error" ? (
                <CircleAlert aria-label="Error" className={cn("mt-0.5 size-4 shrink-0 text-danger")} />
              ) : (
                <TriangleAlert aria-label="Warning" className="mt-0.5 size-4 shrink-0 text-warning" />
              )}
              <Badge tone="outline" className="tabular-nums">
                line {issue.line}
              </Badge>
              <span className="min-w-0 wrap-anywhere">
                {issue.path.length > 0 && <code className="mr-2 text-muted-foreground">{issue.path.join(".")}</code>}
                {issue.message}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
