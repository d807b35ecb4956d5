import type { Approval } from "@vestibule/react";
import { useApprovals } from "@vestibule/react";
import { Check, ShieldQuestion, TimerOff, X } from "lucide-react";
import { useCan } from "@/shell";
import { Button, ErrorNote, Tooltip } from "@/ui";
import { Countdown } from "./countdown";
import { isRefusal, settledWords, verbOf } from "./words";

/** What the agent wants to do, and the buttons the gateway allows. */
export function ApprovalCard({ approval }: { approval: Approval }) {
  const { state } = approval;
  if (state.at === "resolved" || state.at === "expired") return <Settled state={state} />;
  return (
    <section
      aria-label="Approval wanted"
      className="my-1.5 grid gap-3 rounded-xl border border-warning/35 bg-warning-soft/55 p-3.5 text-[0.8125rem]"
    >
      <header className="flex items-center gap-2">
        <ShieldQuestion aria-hidden className="size-4 shrink-0 text-warning" />
        <h3 className="grow font-medium">
          {approval.kind === "exec" ? "The agent wants to run a command" : "The agent asks for your approval"}
        </h3>
        {approval.expiresAtMs !== null && <Countdown expiresAtMs={approval.expiresAtMs} />}
      </header>
      {approval.command !== "" && (
        <pre
          tabIndex={0}
          className="max-h-48 overflow-auto rounded-lg border bg-card px-3 py-2 text-xs whitespace-pre-wrap wrap-anywhere"
        >
          {approval.command}
        </pre>
      )}
      <Where approval={approval} />
      {approval.error !== null && <ErrorNote error={approval.error} doing="Sending your decision" />}
      <Decisions approval={approval} />
    </section>
  );
}

function Decisions({ approval }: { approval: Approval }) {
  const { resolve } = useApprovals();
  const { allowed, reason } = useCan({ scopes: ["operator.approvals"] });
  const resolving = approval.state.at === "resolving" ? approval.state.decision : null;
  // One that stands out: the least that lets the agent go on.
  const first = approval.decisions.find((decision) => !isRefusal(decision));
  const buttons = approval.decisions.map((decision) => (
    <Button
      key={decision}
      variant={decision === first ? "primary" : "secondary"}
      busy={resolving === decision}
      disabled={!allowed || (resolving !== null && resolving !== decision)}
      onClick={() => {
        // A failure stays in the approval itself, and is shown above.
        resolve(approval, decision).catch(() => undefined);
      }}
    >
      {isRefusal(decision) ? <X /> : <Check />}
      {verbOf(decision)}
    </Button>
  ));
  const row = <div className="flex flex-wrap gap-2">{buttons}</div>;
  return reason === null ? row : <Tooltip text={reason}>{row}</Tooltip>;
}

function Where({ approval: { cwd, host } }: { approval: Approval }) {
  if (cwd === null && host === null) return null;
  return (
    <p className="text-xs wrap-anywhere text-muted-foreground">
      {cwd !== null && (
        <>
          in <code>{cwd}</code>{" "}
        </>
      )}
      {host !== null && <>on {host}</>}
    </p>
  );
}

function Settled({ state }: { state: Extract<Approval["state"], { at: "resolved" | "expired" }> }) {
  const refused = state.at === "expired" || (state.decision !== null && isRefusal(state.decision));
  const Icon = state.at === "expired" ? TimerOff : refused ? X : Check;
  return (
    <p className="flex items-center gap-2 py-1 text-xs text-muted-foreground">
      <Icon aria-hidden className={refused ? "size-3.5 text-danger" : "size-3.5 text-success"} />
      {state.at === "expired" ? "Nobody decided in time" : settledWords(state.decision, state.by, state.byUs)}
    </p>
  );
}
