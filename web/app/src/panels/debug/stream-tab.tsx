import {
  Badge,
  Button,
  Empty,
  formatBytes,
  formatClock,
  SearchInput,
  Sheet,
  SheetContent,
  StatusDot,
  type Tone,
  Tooltip,
} from "@/ui";
import { ToNewest, VirtualRows, type VirtualRowsHandle } from "@/ui/virtual-rows";
import { Eraser, Pause, Play, Radio } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { JsonView } from "./json-view";
import { groupsOf, type Seen, seenBy, type StreamFilter } from "./stream";
import type { Stream } from "./use-stream";

const SHOWN_GROUPS = 14;

/** What the door pushes, as it comes: the gateway's events, or every frame. */
export function StreamTab({ kind, stream }: { kind: StreamFilter["kind"]; stream: Stream }) {
  const [query, setQuery] = useState("");
  const [muted, setMuted] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<Seen | null>(null);
  const [atEnd, setAtEnd] = useState(true);
  const list = useRef<VirtualRowsHandle>(null);
  const ofKind = useMemo(() => seenBy(stream.seen, { kind, query: "", muted: new Set() }), [stream.seen, kind]);
  const shown = useMemo(() => seenBy(stream.seen, { kind, query, muted }), [stream.seen, kind, query, muted]);
  const groups = useMemo(() => groupsOf(ofKind), [ofKind]);
  const toggle = (group: string) => {
    const next = new Set(muted);
    if (!next.delete(group)) next.add(group);
    setMuted(next);
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2 md:px-6">
        <SearchInput
          label={kind === "events" ? "Filter events" : "Filter frames"}
          value={query}
          onChange={setQuery}
          className="w-64 max-md:w-full"
        />
        <span className="inline-flex items-center gap-2 text-xs text-muted-foreground tabular-nums">
          <StatusDot tone={stream.recording ? "success" : "neutral"} busy={stream.recording} />
          {stream.recording ? "Live" : "Paused"} · {shown.length} of {ofKind.length}
        </span>
        <div className="ml-auto flex gap-2">
          <Button size="sm" onClick={() => stream.setRecording(!stream.recording)}>
            {stream.recording ? <Pause /> : <Play />}
            {stream.recording ? "Pause" : "Resume"}
          </Button>
          <Tooltip text="Forget what came so far">
            <Button variant="ghost" size="icon" aria-label="Forget what came so far" onClick={stream.clear}>
              <Eraser />
            </Button>
          </Tooltip>
        </div>
        {groups.length > 0 && (
          <div role="group" aria-label="Shown kinds" className="flex w-full gap-1.5 overflow-x-auto py-0.5">
            {groups.slice(0, SHOWN_GROUPS).map(({ group, count }) => (
              <button
                key={group}
                type="button"
                aria-pressed={!muted.has(group)}
                onClick={() => toggle(group)}
                className="inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full border bg-card px-2.5 font-mono text-[0.6875rem] transition-opacity not-aria-pressed:line-through not-aria-pressed:opacity-60 hover:bg-hover max-md:h-9"
              >
                {group}
                <span className="text-muted-foreground tabular-nums">{count}</span>
              </button>
            ))}
          </div>
        )}
      </div>
      <div className="relative min-h-0 grow">
        {shown.length === 0 ? (
          <Empty icon={<Radio />} title={ofKind.length === 0 ? "Nothing yet" : "Nothing matches"} className="pt-20">
            {ofKind.length === 0
              ? "What the door sends from now on appears here. Say something in the chat, or wait for the next heartbeat."
              : "Try another word, or show a kind again."}
          </Empty>
        ) : (
          <VirtualRows
            ref={list}
            rows={shown}
            keyOf={(one) => one.id}
            rowHeightPx={30}
            label={kind === "events" ? "Events" : "Frames"}
            follow
            onAtEnd={setAtEnd}
            onOpen={setOpen}
          >
            {(one) => <SeenRow seen={one} />}
          </VirtualRows>
        )}
        {!atEnd && shown.length > 0 && <ToNewest onClick={() => list.current?.toEnd()}>To the newest</ToNewest>}
      </div>
      <Sheet open={open !== null} onOpenChange={(wanted) => !wanted && setOpen(null)}>
        {open && (
          <SheetContent title={open.name || open.type} description={`${open.type} · ${formatClock(open.atMs)}`}>
            <JsonView value={open.frame} name={open.name || open.type} className="-mx-5 -my-4 h-full" />
          </SheetContent>
        )}
      </Sheet>
    </div>
  );
}

const TONE: Readonly<Record<string, Tone>> = {
  event: "neutral",
  res: "info",
  error: "danger",
  status: "warning",
  hello: "success",
};

function SeenRow({ seen }: { seen: Seen }) {
  return (
    <div className="flex h-full items-center gap-3 border-b border-border/50 px-4 font-mono text-xs hover:bg-hover md:px-6">
      <span className="shrink-0 text-muted-foreground tabular-nums">{formatClock(seen.atMs)}</span>
      <Badge tone={TONE[seen.type] ?? "brand"} className="font-sans max-md:hidden">
        {seen.type}
      </Badge>
      <span className="w-[22ch] shrink-0 truncate font-medium max-md:w-[16ch]">{seen.name}</span>
      <span className="min-w-0 grow truncate text-muted-foreground">{seen.summary}</span>
      <span className="shrink-0 text-muted-foreground tabular-nums max-md:hidden">{formatBytes(seen.bytes)}</span>
    </div>
  );
}
