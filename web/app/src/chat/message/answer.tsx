import type { AssistantItem, RunPart } from "@vestibule/react";
import { CircleAlert, OctagonPause } from "lucide-react";
import { memo } from "react";
import { CopyButton } from "@/ui";
import { RunApprovals, ToolApprovals } from "../approvals/placed";
import { Markdown } from "../markdown/markdown";
import { Failed } from "./failed";
import { Phase } from "./phase-line";
import { Thinking } from "./thinking";
import { Time } from "./time";
import { ToolCall } from "./tool-call";

export type AnswerProps = {
  item: AssistantItem;
  agentName: string;
  onRetry: (turnId: string) => void;
  /** Say again what it answers, where the turn is not known any more; null where that cannot be. */
  onAskAgain: (() => void) | null;
};

/** What an agent answered in one run: text, thinking and tools in the order of telling. */
export const Answer = memo(function Answer({ item, agentName, onRetry, onAskAgain }: AnswerProps) {
  const { parts, state, runId, turnId } = item;
  const running = state.at === "running";
  const text = textIn(parts);
  const again = turnId === null ? onAskAgain : () => onRetry(turnId);
  if (!running && parts.length === 0 && state.at === "done" && !state.aborted) return null; // silence, as the agent wished
  return (
    <article aria-label={`${agentName} said`} aria-busy={running} className="group/message grid gap-3 *:min-w-0">
      {parts.map((part, index) => (
        <Part
          key={partKey(part, index)}
          part={part}
          runId={runId}
          running={running}
          last={running && index === parts.length - 1}
        />
      ))}
      <RunApprovals runId={runId} toolCallIds={parts.flatMap((part) => (part.kind === "tool" ? [part.id] : []))} />
      {state.at === "running" && <Phase state={state} runId={runId} quiet={isWriting(parts)} />}
      {state.at === "failed" && (
        <Failed
          message={state.message}
          code={state.code}
          note={again === null ? "The run failed." : "Trying again asks the agent once more."}
          onRetry={again}
          onDiscard={null}
        />
      )}
      {item.incomplete && !running && (
        <p className="flex items-center gap-2 text-xs text-muted-foreground">
          <CircleAlert aria-hidden className="size-3.5" />
          Part of this answer was missed and is being asked for.
        </p>
      )}
      {!running && (
        <footer className="-mt-1.5 -mb-1 -ml-1.5 flex h-7 items-center opacity-0 transition-opacity group-hocus/message:opacity-100 group-focus-within/message:opacity-100 has-[[data-mark]]:opacity-100 max-md:h-9 pointer-coarse:opacity-100">
          {text !== "" && <CopyButton text={text} label="Copy answer" />}
          <Time atMs={item.atMs} />
          {state.at === "done" && state.aborted && (
            <span data-mark className="flex items-center gap-1.5 px-1 text-xs text-muted-foreground">
              <OctagonPause aria-hidden className="size-3.5" />
              Stopped
            </span>
          )}
        </footer>
      )}
    </article>
  );
});

type PartProps = {
  part: RunPart;
  runId: string | null;
  running: boolean;
  /** It is the one that grows. */ last: boolean;
};

function Part({ part, runId, running, last }: PartProps) {
  switch (part.kind) {
    case "text":
      return part.text.trim() === "" ? null : <Markdown text={part.text} growing={last} />;
    case "thinking":
      return <Thinking text={part.text} live={last} />;
    case "tool":
      return (
        <div>
          <ToolCall part={part} interrupted={!running} />
          <ToolApprovals runId={runId} toolCallId={part.id} />
        </div>
      );
  }
}

const textIn = (parts: readonly RunPart[]): string =>
  parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
const partKey = (part: RunPart, index: number): string => (part.kind === "tool" ? part.id : `${part.kind}-${index}`);
const isWriting = (parts: readonly RunPart[]): boolean => parts.at(-1)?.kind !== "tool" && parts.length > 0;
