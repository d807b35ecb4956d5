import { CalendarClock, Home, MessagesSquare, ShieldQuestion, Workflow } from "lucide-react";
import { href, isMainSession, sessionTitle } from "@/shell";
import { cn } from "@/ui";
import { RowMenu, type RowMenuProps } from "./row-menu";
import { isRunning } from "./rows";
import type { SessionRow as Row } from "./wire";

export type SessionRowProps = RowMenuProps & {
  agent: string;
  current: boolean;
  /** Something in it waits for a decision. */
  asks: boolean;
};

export function SessionRow({ row, agent, current, asks, sessions, onGone }: SessionRowProps) {
  const unread = row.unread === true && !current;
  return (
    <li className="group/row relative flex items-center">
      <a
        href={href(isMainSession(row) ? { at: "chat", agent } : { at: "chat", agent, sessionKey: row.key })}
        aria-current={current ? "page" : undefined}
        className={cn(
          "flex h-8 min-w-0 grow items-center gap-2 rounded-md px-2 text-[0.8125rem] text-muted-foreground transition-colors group-hover/row:bg-hover hover:text-foreground max-md:h-11 max-md:text-[0.9375rem]",
          "aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-foreground",
          unread && "font-medium text-foreground",
        )}
      >
        <Kind row={row} />
        <span className="min-w-0 grow truncate group-hover/row:pr-5 pointer-coarse:pr-7">{sessionTitle(row)}</span>
        <Mark asks={asks} running={isRunning(row)} unread={unread} />
      </a>
      <RowMenu row={row} sessions={sessions} onGone={onGone} />
    </li>
  );
}

/** Where it comes from, if not from a chat. */
function Kind({ row }: { row: Row }) {
  const rest = row.key.split(":")[2] ?? "";
  const Icon = isMainSession(row)
    ? Home
    : rest === "cron"
      ? CalendarClock
      : rest === "subagent"
        ? Workflow
        : row.channel
          ? MessagesSquare
          : null;
  return Icon && <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />;
}

function Mark({ asks, running, unread }: { asks: boolean; running: boolean; unread: boolean }) {
  const mark = "size-2 shrink-0 rounded-full group-hover/row:invisible pointer-coarse:mr-8 pointer-coarse:visible!";
  if (asks)
    return (
      <ShieldQuestion
        role="img"
        aria-label="Waits for a decision"
        className="size-3.5 shrink-0 text-warning group-hover/row:invisible pointer-coarse:mr-8 pointer-coarse:visible!"
      />
    );
  if (running) return <span role="img" aria-label="Running" className={cn(mark, "animate-breathe bg-brand")} />;
  return unread ? <span role="img" aria-label="Unread" className={cn(mark, "bg-info")} /> : null;
}
