import { useApprovals } from "@vestibule/react";
import { Hourglass } from "lucide-react";
import { useCan } from "@/shell";

/** A run waits for a decision. Who may decide sees the buttons; everybody else learns who is waited for. */
export function WaitingForOthers({ runId }: { runId: string | null }) {
  const { pending } = useApprovals();
  const { allowed } = useCan({ scopes: ["operator.approvals"] });
  if (pending.some((one) => one.runId === runId)) return null;
  return (
    <p className="flex items-center gap-2 text-[0.8125rem] text-muted-foreground">
      <Hourglass aria-hidden className="size-3.5 animate-breathe" />
      {allowed
        ? "Waiting for approval: the request appears here, for you to decide."
        : "Waiting for somebody who may approve: an operator or an admin of this gateway. It goes on by itself, for up to 30 minutes."}
    </p>
  );
}
