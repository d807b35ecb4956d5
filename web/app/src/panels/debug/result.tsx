import { Badge, Empty, ErrorNote, formatBytes, formatClock, formatDuration, isNotOffered, Loading } from "@/ui";
import { TerminalSquare } from "lucide-react";
import type { Call } from "./calls";
import { JsonView } from "./json-view";
import { isRead } from "./methods";

/** What a call brought: the answer, the gateway's own error, or that it still runs. A read may be made again. */
export function Result({ call, onAgain }: { call: Call | undefined; onAgain: (call: Call) => void }) {
  if (!call) {
    return (
      <Empty icon={<TerminalSquare />} title="No answer yet">
        Call the method to see its answer here.
      </Empty>
    );
  }
  const { outcome } = call;
  switch (outcome.at) {
    case "running":
      return <Loading what={`the answer of ${call.method}`} className="p-4" />;
    case "failed":
      return (
        <div className="grid gap-2 p-4">
          {isNotOffered(outcome.error) && <Badge tone="warning">Not offered by this gateway</Badge>}
          <ErrorNote
            error={outcome.error}
            doing={call.method}
            {...(isRead(call.method) ? { onRetry: () => onAgain(call) } : {})}
          />
          <p className="text-xs text-muted-foreground">
            {formatClock(call.atMs)} · {formatDuration(outcome.tookMs)}
          </p>
        </div>
      );
    case "answered":
      return (
        <JsonView
          key={call.id}
          value={outcome.payload}
          name={call.method}
          note={
            <>
              <Badge tone="success">ok</Badge>
              <span className="tabular-nums">
                {formatDuration(outcome.tookMs)} · {formatBytes(outcome.bytes)} · {formatClock(call.atMs)}
              </span>
            </>
          }
        />
      );
  }
}
