import type { ChatItem, UseChatReturn } from "@vestibule/react";
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button, ErrorNote, Loading } from "@/ui";
import { Cards } from "../approvals/placed";
import { Pending } from "../message/pending";
import { Questions } from "../questions/questions";
import { Announcer } from "./announcer";
import { Earlier } from "./earlier";
import { Page } from "./page";
import { paged, type Pages } from "./pages";
import { useScroll } from "./use-scroll";

export type ThreadProps = {
  chat: UseChatReturn;
  agentName: string;
  onEdit: (text: string) => void;
  onDiscard: (turnId: string) => void;
  /** What is there before the first message. */
  empty: ReactNode;
};

/** A conversation, from its earliest loaded message to the answer that is being written. */
export function Thread({ chat, agentName, onEdit, onDiscard, empty }: ThreadProps) {
  const { items, activity, isLoading, error, hasEarlier } = chat;
  const { box, inside, following, toEnd } = useScroll();
  useOwnWordsInSight(items, toEnd);
  const [openedAtMs] = useState(Date.now);
  // Of the newest day there is: a page left open over night goes on in the next.
  const nowMs = endOfDay(Math.max(openedAtMs, items.at(-1)?.atMs ?? 0));
  const pages = usePages(items);
  const shownRuns = new Set(items.map((item) => (item.kind === "assistant" ? item.runId : null)));
  const unplaced = chat.approvals.filter((one) => one.runId === null || !shownRuns.has(one.runId));
  const nothing = items.length === 0 && unplaced.length === 0;
  return (
    <div className="relative min-h-0 grow">
      <div
        ref={box}
        data-thread
        tabIndex={0}
        role="log"
        aria-label="Conversation"
        aria-live="off"
        className="h-full overflow-y-auto overscroll-contain outline-offset-[-2px] [overflow-anchor:none] [scrollbar-gutter:stable_both-edges]"
      >
        <div ref={inside} className="mx-auto flex min-h-full max-w-[46rem] flex-col px-4 pt-6 pb-10 md:px-6">
          {hasEarlier && <Earlier loading={chat.isLoadingEarlier} onLoad={chat.loadEarlier} />}
          {error !== null && (
            <ErrorNote error={error} doing="Loading the conversation" onRetry={chat.reload} className="mb-6" />
          )}
          {isLoading && nothing && <Loading what="the conversation" className="pt-6" />}
          {nothing && !isLoading && error === null && empty}
          <div className="grid gap-4 *:min-w-0">
            {pages.map((page, index) => (
              <Page
                key={page[0]?.key}
                items={page}
                previous={pages[index - 1]?.at(-1)}
                last={index === pages.length - 1}
                nowMs={nowMs}
                agentName={agentName}
                onRetry={chat.retry}
                onSay={chat.send}
                onDiscard={onDiscard}
                onEdit={onEdit}
              />
            ))}
            <Cards of={unplaced} />
            <Questions sessionKey={chat.sessionKey} />
            <Pending activity={activity} items={items} />
          </div>
        </div>
      </div>
      {!following && !nothing && (
        <Button
          size="icon"
          aria-label="Jump to the latest"
          onClick={() => toEnd("smooth")}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 animate-in rounded-full shadow-float"
        >
          <ArrowDown />
        </Button>
      )}
      <Announcer activity={activity} items={items} />
    </div>
  );
}

const endOfDay = (atMs: number): number => new Date(atMs).setHours(23, 59, 59, 999);

/** The pages, building on those of the last time. */
function usePages(items: readonly ChatItem[]): Pages<ChatItem> {
  const [held, setHeld] = useState<Pages<ChatItem>>([]);
  const now = paged(items, held);
  if (now !== held) setHeld(now);
  return now;
}

/** Who says something wants to see it, wherever they were reading. */
function useOwnWordsInSight(items: readonly ChatItem[], toEnd: () => void): void {
  const own = items.findLast((item) => item.kind === "user" && item.turnId !== null)?.key;
  const before = useRef(own);
  useEffect(() => {
    if (own !== before.current && own !== undefined) toEnd();
    before.current = own;
  });
}
