import { useGatewayRpcMutation } from "@vestibule/react";
import { ArrowUpCircle } from "lucide-react";
import { notify } from "@/shell";
import { ConfirmButton } from "@/ui";
import type { UpdateStatus } from "./wire";

const UPDATE_TIMEOUT_MS = 600_000;

/** A newer OpenClaw is there: a line, and the way to it. */
export function UpdateNote({ update }: { update: NonNullable<UpdateStatus["updateAvailable"]> }) {
  const call = useGatewayRpcMutation();
  const run = async () => {
    await call("update.run", {}, { timeoutMs: UPDATE_TIMEOUT_MS, refetch: "update.*" });
    notify.info("The update runs", "The gateway restarts when it is done.");
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border bg-info-soft px-4 py-2.5 text-[0.8125rem]">
      <ArrowUpCircle className="size-4 shrink-0 text-info" aria-hidden />
      <p className="grow">
        <span className="font-medium">OpenClaw {update.latestVersion}</span> is there
        {update.channel && ` (${update.channel})`}; this is {update.currentVersion}.
      </p>
      <ConfirmButton
        size="sm"
        title={`Update to OpenClaw ${update.latestVersion}?`}
        description="The gateway installs the new version and restarts. Runs that are going on are waited for; conversations stay."
        action="Update and restart"
        onConfirm={run}
      >
        Update…
      </ConfirmButton>
    </div>
  );
}
