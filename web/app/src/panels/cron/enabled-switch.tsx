import { useGatewayRpcMutation } from "@vestibule/react";
import { useCan } from "@/shell";
import { Popover, PopoverAnchor, PopoverContent, ErrorNote, Switch, Tooltip } from "@/ui";
import { useState } from "react";
import { isLocked, titleOf } from "./jobs";
import type { Job } from "./wire";

const NEEDS = { methods: ["cron.update"], scopes: ["operator.admin"] } as const;

/** Enables and disables a job; shown at once, and taken back with the reason where it fails. */
export function EnabledSwitch({ job }: { job: Job }) {
  const call = useGatewayRpcMutation();
  const can = useCan(NEEDS);
  const [wanted, setWanted] = useState<boolean | null>(null);
  const [error, setError] = useState<unknown>(null);
  const reason = isLocked(job) ? "The gateway keeps its heartbeat itself: set it in the config." : can.reason;

  const change = async (enabled: boolean) => {
    setWanted(enabled);
    try {
      await call("cron.update", { id: job.id, patch: { enabled } }, { refetch: "cron.*" });
    } catch (failure) {
      setError(failure);
    } finally {
      setWanted(null);
    }
  };
  const control = (
    <Switch
      aria-label={`${titleOf(job)} is enabled`}
      checked={wanted ?? job.enabled}
      disabled={wanted !== null}
      onCheckedChange={(enabled) => void change(enabled)}
      {...(reason === null
        ? {}
        : { "aria-disabled": true, onClick: (event) => event.preventDefault(), className: "opacity-45" })}
    />
  );
  return (
    <Popover open={error !== null} onOpenChange={() => setError(null)}>
      <PopoverAnchor asChild>
        <span className="inline-flex" onClick={(event) => event.stopPropagation()}>
          {reason === null ? control : <Tooltip text={reason}>{control}</Tooltip>}
        </span>
      </PopoverAnchor>
      <PopoverContent className="p-1.5">
        <ErrorNote error={error} doing="Changing the job" />
      </PopoverContent>
    </Popover>
  );
}
