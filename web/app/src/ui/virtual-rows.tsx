import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type HTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { ArrowDown } from "lucide-react";
import { Button } from "./button";
import { cn } from "./cn";

export type VirtualRowsHandle = { toEnd: () => void; toRow: (index: number) => void };

export type VirtualRowsProps<T> = {
  rows: readonly T[];
  keyOf: (row: T) => string | number;
  rowHeightPx: number;
  /** What the list is, for screen readers. */
  label: string;
  role?: "listbox" | "tree";
  /** Enter, space or a click on a row. */
  onOpen?: (row: T) => void;
  /** Keys of the rows' own, before ours; prevents the default to keep it. */
  onRowKey?: (row: T, event: KeyboardEvent) => void;
  /** More of a row's attributes: `aria-expanded`, `data-…`. */
  rowProps?: (row: T) => HTMLAttributes<HTMLDivElement>;
  /** Stays at the end while one is there; told when one leaves it and comes back. */
  follow?: boolean;
  onAtEnd?: (atEnd: boolean) => void;
  ref?: Ref<VirtualRowsHandle>;
  className?: string;
  children: (row: T) => ReactNode;
};

const NEAR_END_PX = 24;

/** Thousands of rows of one height: only those in sight exist. One tab stop, arrows inside. */
export function VirtualRows<T>(props: VirtualRowsProps<T>) {
  const { rows, keyOf, rowHeightPx, label, role = "listbox", onOpen, onRowKey, rowProps, follow, onAtEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [active, setActive] = useState(-1);
  const last = rows.length - 1;
  const current = active < 0 ? (follow ? last : 0) : Math.min(active, last);

  // eslint-disable-next-line react-hooks/incompatible-library -- its functions stay here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
    // The row with the focus stays, however far one scrolls.
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      return active < 0 || inSight.includes(current) ? inSight : [...inSight, current].sort((a, b) => a - b);
    },
  });

  const toRow = (index: number) => virtual.scrollToIndex(index, { align: "auto" });
  const toEnd = () => {
    atEnd.current = true;
    setActive(-1);
    virtual.scrollToIndex(last, { align: "end" });
    onAtEnd?.(true);
  };
  useImperativeHandle(props.ref, () => ({ toEnd, toRow }));

  useLayoutEffect(() => virtual.measure(), [virtual, rowHeightPx]);
  useLayoutEffect(() => {
    if (follow && atEnd.current && rows.length > 0) virtual.scrollToIndex(rows.length - 1, { align: "end" });
  }, [virtual, follow, rows]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const now = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (now === atEnd.current) return;
    atEnd.current = now;
    onAtEnd?.(now);
  };

  const moveTo = (index: number) => {
    const wanted = Math.max(0, Math.min(last, index));
    setActive(wanted);
    toRow(wanted);
    // The row may exist only after the next frame.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted}"]`)?.focus());
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current];
    if (row === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    onRowKey?.(row, event);
    if (event.defaultPrevented) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeightPx) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: last,
    };
    const step = steps[event.key];
    if (step !== undefined) moveTo(step);
    else if ((event.key === "Enter" || event.key === " ") && onOpen) onOpen(row);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      className={cn("h-full min-h-0 overflow-auto overscroll-contain [scrollbar-width:thin]", props.className)}
    >
      <div role={role} aria-label={label} style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const { className, ...attributes } = rowProps?.(row) ?? {};
          return (
            <div
              key={keyOf(row)}
              role={role === "tree" ? "treeitem" : "option"}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              {...(role === "listbox" ? { "aria-selected": item.index === active } : {})}
              data-index={item.index}
              tabIndex={item.index === current ? 0 : -1}
              onFocus={() => setActive(item.index)}
              onClick={() => {
                setActive(item.index);
                onOpen?.(row);
              }}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              className={cn(
                "absolute inset-x-0 top-0 focus-visible:z-1 focus-visible:outline-offset-[-2px]",
                onOpen && "cursor-pointer",
                className,
              )}
              {...attributes}
            >
              {props.children(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Over the list's lower end, while one has scrolled away from what comes. */
export function ToNewest({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-4 flex justify-center">
      <Button variant="primary" size="sm" className="pointer-events-auto rounded-full shadow-float" onClick={onClick}>
        <ArrowDown />
        {children}
      </Button>
    </div>
  );
}
