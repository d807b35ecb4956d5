import { useGatewayRpc, useGatewayRpcMutation } from "@vestibule/react";
import { useState } from "react";
import { notify } from "@/shell";
import { Confirm, Field, Input, Skeleton } from "@/ui";
import type { RestartPreflight } from "./wire";

/** Restarting, with what it would interrupt. Everything connected comes back by itself. */
export function RestartDialog({ onClose }: { onClose: () => void }) {
  const call = useGatewayRpcMutation();
  const [reason, setReason] = useState("");
  const preflight = useGatewayRpc<RestartPreflight>("gateway.restart.preflight", undefined, { dedupingInterval: 0 });

  const restart = async () => {
    await call("gateway.restart.request", { reason: reason.trim() || "restarted from the dashboard" });
    notify.info("The gateway restarts", "It is usually back within a few seconds.");
  };
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title="Restart the gateway?"
      description="Connections and channels are interrupted for some seconds. Sessions, jobs and files stay."
      action="Restart gateway"
      danger={preflight.data?.safe === false}
      onConfirm={restart}
    >
      {preflight.data === undefined && preflight.error == null ? (
        <Skeleton className="h-4 w-3/4" />
      ) : (
        preflight.data && <WhatRuns preflight={preflight.data} />
      )}
      <Field label="Reason" hint="For the log." className="pt-1">
        {(control) => <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
    </Confirm>
  );
}

function WhatRuns({ preflight }: { preflight: RestartPreflight }) {
  if (preflight.safe) return <p className="text-[0.8125rem]">Nothing is running: {preflight.summary}.</p>;
  return (
    <div className="rounded-lg bg-warning-soft px-3 py-2 text-[0.8125rem]">
      <p className="font-medium">The gateway waits for what runs now:</p>
      <ul className="mt-1 list-disc pl-5">
        {preflight.blockers.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </div>
  );
}
