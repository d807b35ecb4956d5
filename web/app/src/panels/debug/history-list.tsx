import { Button, Empty, formatBytes, formatClock, formatDuration, readError, StatusDot } from "@/ui";
import { VirtualRows } from "@/ui/virtual-rows";
import { History } from "lucide-react";
import { cn } from "@/ui";
import type { Call, Outcome } from "./calls";
import { forgetCalls } from "./session";

export type HistoryListProps = { calls: readonly Call[]; chosen: number | null; onChoose: (call: Call) => void };

/** The calls of this session; choosing one brings its parameters and its answer back. */
export function HistoryList({ calls, chosen, onChoose }: HistoryListProps) {
  if (calls.length === 0) {
    return (
      <Empty icon={<History />} title="No calls yet">
        What you call here is kept until the page is closed.
      </Empty>
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <VirtualRows
        rows={calls}
        keyOf={(call) => call.id}
        rowHeightPx={48}
        label="Calls of this session"
        onOpen={onChoose}
        rowProps={(call) => ({ "aria-selected": call.id === chosen })}
      >
        {(call) => (
          <div
            className={cn(
              "flex h-full flex-col justify-center px-3.5 text-xs hover:bg-hover",
              call.id === chosen && "bg-brand-soft hover:bg-brand-soft",
            )}
          >
            <div className="flex items-center gap-2">
              <StatusDot tone={toneOf(call.outcome)} busy={call.outcome.at === "running"} />
              <span className="grow truncate font-mono">{call.method}</span>
              <span className="text-muted-foreground tabular-nums">{formatClock(call.atMs)}</span>
            </div>
            <div className="truncate pl-4 text-muted-foreground">{say(call.outcome)}</div>
          </div>
        )}
      </VirtualRows>
      <div className="border-t p-2 text-right">
        <Button variant="ghost" size="sm" onClick={forgetCalls}>
          Forget these calls
        </Button>
      </div>
    </div>
  );
}

export function toneOf(outcome: Outcome) {
  if (outcome.at === "running") return "info";
  return outcome.at === "answered" ? "success" : "danger";
}

function say(outcome: Outcome): string {
  switch (outcome.at) {
    case "running":
      return "Running…";
    case "answered":
      return `${formatDuration(outcome.tookMs)} · ${formatBytes(outcome.bytes)}`;
    case "failed":
      return `${formatDuration(outcome.tookMs)} · ${readError(outcome.error).message}`;
  }
}
