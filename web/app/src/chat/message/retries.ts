/** Which attempt a run is at. The numbers are in the heartbeats alone; they are kept here while the run goes on. */
import { type Door, useDoor } from "@vestibule/react";
import { useEffect, useState } from "react";
import type { Retry } from "./phase";

export function useRetry(runId: string | null, phase: string | null): Retry | null {
  const door = useDoor();
  const [retry, setRetry] = useState<Retry | null>(null);
  useEffect(() => (runId === null ? undefined : listen(door, runId, setRetry)), [door, runId]);
  return phase === "retrying" ? retry : null;
}

function listen(door: Door, runId: string, tell: (retry: Retry) => void): () => void {
  return door.onFrame((frame) => {
    if (frame.type !== "heartbeat" || frame["runId"] !== runId || frame["phase"] !== "retrying") return;
    const { retryAttempt, maxRetries, delayMs } = frame;
    if (typeof retryAttempt !== "number") return;
    tell({
      attempt: retryAttempt,
      most: typeof maxRetries === "number" ? maxRetries : null,
      againAtMs: Date.now() + (typeof delayMs === "number" ? delayMs : 0),
    });
  });
}
