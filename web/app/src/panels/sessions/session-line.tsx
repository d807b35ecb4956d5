import { Pin } from "lucide-react";
import { useState } from "react";
import { href, sessionTitle } from "@/shell";
import {
  Badge,
  cn,
  ErrorNote,
  formatCount,
  formatMoney,
  formatPercent,
  plainText,
  RelativeTime,
  StatusDot,
} from "@/ui";
import { RowMenu } from "./row-menu";
import { agentOf, contextUse, errorOf, isRunning, lastUsed } from "./rows";
import { COLUMNS } from "./session-list";
import type { SessionList } from "./use-session-list";
import type { SessionRow } from "./wire";

export type Failure = { doing: string; error: unknown };

/** One session: what it is about, whose, how full, how dear, and when it was used last. */
export function SessionLine({ row, list, isSelected }: { row: SessionRow; list: SessionList; isSelected: boolean }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const title = sessionTitle(row);
  return (
    <div
      data-selected={isSelected || undefined}
      className="group transition-colors hover:bg-hover data-selected:bg-brand-soft"
    >
      <div className={cn("relative grid items-center gap-x-3 px-4 py-2.5", COLUMNS)}>
        <div className="min-w-0">
          <div className="flex min-w-0 items-center gap-2">
            <State row={row} />
            <a
              href={href({ at: "panel", id: "sessions", rest: [row.key] })}
              aria-current={isSelected || undefined}
              className={cn(
                "truncate text-[0.8125rem] after:absolute after:inset-0",
                row.unread ? "font-semibold" : "font-medium",
              )}
            >
              {title}
            </a>
            {row.pinned && (
              <>
                <Pin className="size-3 shrink-0 text-muted-foreground" aria-hidden />
                <span className="sr-only">pinned</span>
              </>
            )}
            {row.isMain && title !== "main" && <Badge tone="outline">main</Badge>}
            {row.channel && <Badge tone="outline">{row.channel}</Badge>}
          </div>
          <p className="truncate pl-4 text-xs text-muted-foreground">
            <span className="md:hidden">
              {agentOf(row)} · <RelativeTime atMs={lastUsed(row) || null} />
              {row.lastMessagePreview && " · "}
            </span>
            {plainText(row.lastMessagePreview ?? "") || <span className="max-md:hidden">{row.key}</span>}
          </p>
        </div>
        <Cell label="Agent">{agentOf(row)}</Cell>
        <Cell label="Model">{row.model ?? "–"}</Cell>
        <Context row={row} />
        <Cell label="Cost" className="text-right">
          {row.estimatedCostUsd == null ? "–" : formatMoney(row.estimatedCostUsd)}
        </Cell>
        <Cell label="Last used" className="text-right">
          <RelativeTime atMs={lastUsed(row) || null} />
        </Cell>
        <RowMenu row={row} list={list} onFailure={setFailure} />
      </div>
      {failure && <ErrorNote className="mx-4 mb-3" error={failure.error} doing={failure.doing} />}
    </div>
  );
}

function State({ row }: { row: SessionRow }) {
  const error = errorOf(row);
  const running = isRunning(row);
  const words = running ? "running" : error ? "last run failed" : row.unread ? "unread" : "idle";
  const tone = running ? "info" : error ? "danger" : row.unread ? "brand" : "neutral";
  return (
    <>
      <StatusDot tone={tone} busy={running} className={cn(words === "idle" && "opacity-40")} />
      <span className="sr-only">{words}</span>
    </>
  );
}

function Cell({ label, className, children }: { label: string; className?: string; children: React.ReactNode }) {
  return (
    <div className={cn("truncate text-[0.8125rem] text-muted-foreground tabular-nums max-md:hidden", className)}>
      <span className="sr-only">{label} </span>
      {children}
    </div>
  );
}

/** Tokens in the context window, and how full that makes it. */
function Context({ row }: { row: SessionRow }) {
  const use = contextUse(row);
  return (
    <div className="text-right text-[0.8125rem] text-muted-foreground tabular-nums max-md:hidden">
      <span className="sr-only">Context </span>
      {row.totalTokens == null ? "–" : formatCount(row.totalTokens)}
      {use !== null && (
        <div className="mt-1 h-1 overflow-hidden rounded-full bg-muted" title={`${formatPercent(use)} of the context`}>
          <div
            className={cn("h-full rounded-full", use > 0.85 ? "bg-warning" : "bg-muted-foreground/50")}
            style={{ width: `${use * 100}%` }}
          />
          <span className="sr-only">{formatPercent(use)} of the context window</span>
        </div>
      )}
    </div>
  );
}
