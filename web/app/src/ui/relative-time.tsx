import { useSyncExternalStore } from "react";
import { formatDateTime, formatRelative } from "./format";

// One timer for all of them, and none while nobody looks.
const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  nowMs = Date.now();
  timer ??= setInterval(() => {
    if (document.visibilityState === "hidden") return;
    nowMs = Date.now();
    for (const tell of listeners) tell();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, moved once a second. */
export const useNowMs = (): number => useSyncExternalStore(subscribe, () => nowMs);

/** "3 min ago", with the exact time on hover. */
export function RelativeTime({ atMs, className }: { atMs: number | null | undefined; className?: string }) {
  const text = useSyncExternalStore(subscribe, () => (atMs == null ? "never" : formatRelative(atMs, nowMs)));
  if (atMs == null) return <span className={className}>never</span>;
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formatDateTime(atMs)} className={className}>
      {text}
    </time>
  );
}
