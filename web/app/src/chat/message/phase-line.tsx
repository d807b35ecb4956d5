import type { AssistantItem } from "@vestibule/react";
import { useNowMs } from "@/ui";
import { WaitingForOthers } from "../approvals/waiting";
import { phaseWords } from "./phase";
import { useRetry } from "./retries";

type Running = Extract<AssistantItem["state"], { at: "running" }>;

/** What a run is at while it is silent. While it writes, the text says enough. */
export function Phase({ state, runId, quiet }: { state: Running; runId: string | null; quiet: boolean }) {
  const retry = useRetry(runId, state.phase);
  if (state.phase === "waiting-approval") return <WaitingForOthers runId={runId} />;
  if (state.phase === null && quiet) return null;
  return (
    <p className="flex h-6 items-center gap-2.5 text-[0.8125rem] text-muted-foreground">
      <span aria-hidden className="size-2 animate-breathe rounded-full bg-brand" />
      <Words phase={state.phase} retry={retry} />
    </p>
  );
}

function Words({ phase, retry }: { phase: string | null; retry: Parameters<typeof phaseWords>[1] }) {
  const nowMs = useNowMs();
  return <span className="tabular-nums">{phaseWords(phase, retry, nowMs)}…</span>;
}
