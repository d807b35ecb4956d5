import { type Approval, useApprovals } from "@vestibule/react";
import { ApprovalCard } from "./card";

/** Those of a tool call, below it. */
export function ToolApprovals({ runId, toolCallId }: { runId: string | null; toolCallId: string }) {
  return <Cards of={useAll().filter((one) => one.toolCallId === toolCallId && isOf(one, runId))} />;
}

/** Those of a run that belong to none of its tool calls. */
export function RunApprovals({ runId, toolCallIds }: { runId: string | null; toolCallIds: readonly string[] }) {
  const known = new Set(toolCallIds);
  return (
    <Cards of={useAll().filter((one) => runId !== null && one.runId === runId && !known.has(one.toolCallId ?? ""))} />
  );
}

/** Those given. */
export function Cards({ of: approvals }: { of: readonly Approval[] }) {
  return approvals.map((approval) => <ApprovalCard key={approval.key} approval={approval} />);
}

function useAll(): readonly Approval[] {
  const { pending, settled } = useApprovals();
  return [...pending, ...settled];
}

const isOf = (approval: Approval, runId: string | null): boolean => runId !== null && approval.runId === runId;
