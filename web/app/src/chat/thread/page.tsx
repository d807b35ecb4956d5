import type { ChatItem } from "@vestibule/react";
import { memo, useEffect, useRef, useState } from "react";
import { dayBefore } from "./day";
import { Row, type RowActions } from "./row";

export type PageProps = RowActions & {
  items: readonly ChatItem[];
  /** What stands before its first item. */
  previous: ChatItem | undefined;
  /** No page follows it. */
  last: boolean;
  nowMs: number;
};

/** So far from sight a page is still drawn. */
const NEAR = "1600px 0px";

/** Some messages in a row. Far from sight, an empty box of the same height takes their place. */
export const Page = memo(function Page({ items, previous, last, nowMs, ...actions }: PageProps) {
  const box = useRef<HTMLDivElement>(null);
  const [heightPx, setHeightPx] = useState<number | null>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (entry === undefined) return;
        const { height } = entry.boundingClientRect;
        // Without a height it was never laid out.
        setHeightPx(entry.isIntersecting || height === 0 ? null : height);
      },
      { root: element.closest("[data-thread]"), rootMargin: NEAR },
    );
    seen.observe(element);
    return () => seen.disconnect();
  }, []);
  return (
    <div
      ref={box}
      data-page
      className="grid content-start gap-4 *:min-w-0"
      style={heightPx === null ? undefined : { height: heightPx }}
    >
      {heightPx === null &&
        items.map((item, index) => {
          const before = index === 0 ? previous : items[index - 1];
          return (
            <Row
              key={item.key}
              item={item}
              previous={before}
              last={last && index === items.length - 1}
              day={dayBefore(item, before, nowMs)}
              {...actions}
            />
          );
        })}
    </div>
  );
});
