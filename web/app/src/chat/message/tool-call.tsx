import {
  Bot,
  Check,
  FileText,
  Globe,
  LoaderCircle,
  type LucideIcon,
  PenLine,
  Search,
  SquareTerminal,
  Wrench,
  X,
} from "lucide-react";
import { memo } from "react";
import { formatDuration } from "@/ui";
import { CodeBlock } from "../markdown/code-block";
import { Fold } from "./fold";
import { durationOf, type Shown, type ToolPart, type ToolView, viewTool } from "./tool-view";

const ICONS: Readonly<Record<ToolView["icon"], LucideIcon>> = {
  terminal: SquareTerminal,
  read: FileText,
  write: PenLine,
  web: Globe,
  search: Search,
  agent: Bot,
  tool: Wrench,
};

/** A tool call: one line, and on demand what went in and what came out. */
export const ToolCall = memo(function ToolCall({
  part,
  interrupted,
}: {
  part: ToolPart;
  /** Its run has ended without it. */ interrupted: boolean;
}) {
  const view = viewTool(part);
  const Icon = ICONS[view.icon];
  const running = part.at === "running" && !interrupted;
  const tookMs = durationOf(part.result);
  return (
    <Fold
      name={part.id}
      openAtFirst={part.at === "failed"}
      line={
        <>
          <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
          <span className="shrink-0 font-medium text-foreground">{view.name}</span>
          <span className="min-w-0 truncate font-mono text-xs">{view.subject}</span>
          {view.note !== null && <span className="shrink-0 text-xs text-warning">{view.note}</span>}
          {tookMs !== null && tookMs >= 100 && (
            <span className="shrink-0 text-xs tabular-nums">{formatDuration(tookMs)}</span>
          )}
          <State at={running ? "running" : part.at === "running" ? "interrupted" : part.at} />
        </>
      }
    >
      {() => (
        <>
          {view.input !== null && <Listing what="Arguments" shown={view.input} />}
          {view.output !== null && <Listing what={part.at === "failed" ? "Error" : "Result"} shown={view.output} />}
          {view.output === null && (
            <p className="text-xs text-muted-foreground">{running ? "Still running…" : "Nothing came back."}</p>
          )}
        </>
      )}
    </Fold>
  );
});

function State({ at }: { at: ToolPart["at"] | "interrupted" }) {
  switch (at) {
    case "running":
      return <LoaderCircle aria-label="Running" role="img" className="size-3.5 shrink-0 animate-spin text-brand" />;
    case "done":
      return <Check aria-label="Done" role="img" className="size-3.5 shrink-0 text-success" />;
    case "failed":
      return <X aria-label="Failed" role="img" className="size-3.5 shrink-0 text-danger" />;
    case "interrupted":
      return <span className="shrink-0 text-xs">interrupted</span>;
  }
}

function Listing({ what, shown: { text, language } }: { what: string; shown: Shown }) {
  return (
    <div>
      <h3 className="mb-1 text-xs text-muted-foreground">{what}</h3>
      <CodeBlock code={text} language={language} open={false} className="[&>pre]:max-h-72" />
    </div>
  );
}
