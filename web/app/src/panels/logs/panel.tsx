import { Panel, Resource, seen } from "@/shell";
import { Empty, formatBytes, formatNumber, StatusDot } from "@/ui";
import { useNarrow } from "@/ui/use-narrow";
import { ToNewest, VirtualRows, type VirtualRowsHandle } from "@/ui/virtual-rows";
import { ScrollText } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { LineDetails } from "./details";
import { type Filter, matching, wordsOf } from "./filter";
import type { LogLine } from "./line";
import { Row } from "./row";
import type { Tail } from "./tail";
import { Actions, Filters } from "./toolbar";
import { useTail } from "./use-tail";

const ROW_PX = 28;
const NARROW_ROW_PX = 56;

/** The gateway's log, followed. */
export default function Logs() {
  const [running, setRunning] = useState(true);
  const [filter, setFilter] = useState<Filter>({ threshold: "all", query: "", source: null });
  const [open, setOpen] = useState<LogLine | null>(null);
  const { tail, error, clear, askNow } = useTail(running);
  const asked = useDeferredValue(filter);
  const shown = useMemo(() => matching(tail.lines, asked), [tail.lines, asked]);
  return (
    <Panel
      title="Logs"
      width="full"
      note={<Note tail={tail} shown={shown.length} running={running} />}
      toolbar={
        <Filters
          filter={filter}
          onFilter={(change) => setFilter((before) => ({ ...before, ...change }))}
          lines={tail.lines}
        />
      }
      actions={<Actions shown={shown} running={running} onRunning={setRunning} onClear={clear} />}
    >
      <div className="flex h-full min-h-0 flex-col *:[[role=alert]]:m-3">
        <Resource
          of={{ data: tail.cursor === null ? undefined : tail, error, isLoading: tail.cursor === null, mutate: askNow }}
          what="log lines"
        >
          {() => <Lines tail={tail} shown={shown} query={asked.query} running={running} onOpen={setOpen} />}
        </Resource>
      </div>
      <LineDetails line={open} onClose={() => setOpen(null)} />
    </Panel>
  );
}

function Note({ tail, shown, running }: { tail: Tail; shown: number; running: boolean }) {
  const file = seen(tail.file);
  const count =
    shown === tail.lines.length
      ? `${formatNumber(shown)} lines`
      : `${formatNumber(shown)} of ${formatNumber(tail.lines.length)} lines`;
  return (
    <span className="inline-flex items-center gap-2">
      <StatusDot tone={running ? "success" : "neutral"} busy={running} />
      {running ? "Following" : "Paused"} · {count}
      {file !== null && <span className="truncate max-lg:hidden">· {file}</span>}
    </span>
  );
}

type LinesProps = {
  tail: Tail;
  shown: readonly LogLine[];
  query: string;
  running: boolean;
  onOpen: (line: LogLine) => void;
};

function Lines({ tail, shown, query, running, onOpen }: LinesProps) {
  const list = useRef<VirtualRowsHandle>(null);
  const narrow = useNarrow();
  const [leftAt, setLeftAt] = useState<number | null>(null);
  const words = useMemo(() => wordsOf(query), [query]);
  if (shown.length === 0) {
    return (
      <Empty
        icon={<ScrollText />}
        title={tail.lines.length === 0 ? "No lines yet" : "No line matches"}
        className="pt-24"
      >
        {tail.lines.length === 0
          ? running
            ? "New lines appear here as the gateway writes them."
            : "Paused: resume to see new lines."
          : "Try another level, source or word."}
      </Empty>
    );
  }
  const end = tail.dropped + tail.lines.length;
  const begins = tail.gap && shown.find((line) => line.id >= (tail.gap?.beforeId ?? 0))?.id;
  const fresh = leftAt === null ? 0 : shown.length - shown.findLastIndex((line) => line.id < leftAt) - 1;
  return (
    <div className="relative min-h-0 grow">
      <VirtualRows
        ref={list}
        rows={shown}
        keyOf={(line) => line.id}
        rowHeightPx={narrow ? NARROW_ROW_PX : ROW_PX}
        label="Log lines"
        follow
        onAtEnd={(atEnd) => setLeftAt(atEnd ? null : end)}
        onOpen={onOpen}
      >
        {(line) => <Row line={line} words={words} begins={line.id === begins && tail.gap ? sayGap(tail.gap) : null} />}
      </VirtualRows>
      {leftAt !== null && (
        <ToNewest onClick={() => list.current?.toEnd()}>
          {fresh > 0 ? `${formatNumber(fresh)} new ${fresh === 1 ? "line" : "lines"}` : "To the newest"}
        </ToNewest>
      )}
    </div>
  );
}

const sayGap = (gap: NonNullable<Tail["gap"]>): string =>
  gap.kind === "skipped" ? `${formatBytes(gap.bytes)} skipped` : "The log began anew";
