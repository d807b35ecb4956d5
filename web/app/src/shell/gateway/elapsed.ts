import { useState } from "react";
import { useNowMs } from "@/ui";

/** How long `state` has been what it is, as far as this page has seen. */
export function useElapsedMs(state: string): number {
  const nowMs = useNowMs();
  const [since, setSince] = useState({ state, atMs: nowMs });
  if (since.state !== state) setSince({ state, atMs: nowMs });
  return since.state === state ? Math.max(0, nowMs - since.atMs) : 0;
}
