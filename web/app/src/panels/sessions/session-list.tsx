import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { Button, ErrorNote } from "@/ui";
import { SessionLine } from "./session-line";
import type { SessionList as List } from "./use-session-list";

const ROW_PX = 60;
const OVERSCAN = 8;

/** Every session in one scroll; only those in sight are drawn, and the next page is fetched on the way down. */
export function SessionList({ list, selected }: { list: List; selected: string | undefined }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, hasMore, loading, loadMore } = list;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const nearEnd = hasMore && loading.at === "idle" && last >= rows.length - OVERSCAN * 2;
  useEffect(() => {
    if (nearEnd) void loadMore();
  });

  return (
    <div ref={scroller} className="h-full overflow-y-auto">
      <div className="mx-auto w-full max-w-6xl md:px-6 md:py-4">
        <div className="md:overflow-hidden md:rounded-xl md:border md:bg-card md:shadow-raised">
          <Head />
          <ul aria-label="Sessions" className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              return row === undefined ? null : (
                <li
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  aria-setsize={hasMore ? -1 : rows.length}
                  aria-posinset={item.index + 1}
                  className="absolute inset-x-0 top-0 border-b"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <SessionLine row={row} list={list} isSelected={row.key === selected} />
                </li>
              );
            })}
          </ul>
        </div>
        <div className="py-3 text-center text-xs text-muted-foreground" aria-live="polite">
          {loading.at === "loading" && "Loading more…"}
          {loading.at === "failed" && (
            <ErrorNote error={loading.error} doing="Loading more sessions" onRetry={() => void loadMore()} />
          )}
          {loading.at === "idle" && hasMore && (
            <Button size="sm" variant="ghost" onClick={() => void loadMore()}>
              Load more
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

export const COLUMNS =
  "grid-cols-[minmax(0,1fr)_auto] md:grid-cols-[minmax(0,1fr)_6rem_9rem_7rem_5rem_6rem_2.25rem] md:gap-x-4";

/** For the eye: each row says in words what its numbers are. */
function Head() {
  return (
    <div
      aria-hidden
      className={`hidden h-9 items-center border-b px-4 text-xs font-medium text-muted-foreground md:grid ${COLUMNS}`}
    >
      <span className="pl-5">Session</span>
      <span>Agent</span>
      <span>Model</span>
      <span className="text-right">Context</span>
      <span className="text-right">Cost</span>
      <span className="text-right">Last used</span>
      <span />
    </div>
  );
}
