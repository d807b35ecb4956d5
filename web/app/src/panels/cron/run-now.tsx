import { useGatewayRpcMutation } from "@vestibule/react";
import { GatedButton, notify } from "@/shell";
import { type ButtonProps, Popover, PopoverAnchor, PopoverContent, ErrorNote } from "@/ui";
import { Play } from "lucide-react";
import { useState } from "react";
import { isLocked, titleOf } from "./jobs";
import type { Job } from "./wire";

const NEEDS = { methods: ["cron.run"], scopes: ["operator.admin"] } as const;

/** Runs a job now, enabled or not. It is only enqueued: how it went comes as an event. */
export function RunNow({ job, ...rest }: { job: Job } & Pick<ButtonProps, "size" | "variant" | "className">) {
  const call = useGatewayRpcMutation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = job.state.runningAtMs !== undefined;
  const run = async () => {
    setBusy(true);
    try {
      await call("cron.run", { id: job.id, mode: "force" });
      notify.success(`“${titleOf(job)}” is running`);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Popover open={error !== null} onOpenChange={() => setError(null)}>
      <PopoverAnchor asChild>
        <span className="inline-flex" onClick={(event) => event.stopPropagation()}>
          <GatedButton
            {...rest}
            needs={NEEDS}
            busy={busy}
            disabled={running || isLocked(job)}
            aria-label={`${running ? "Running" : "Run now"}: ${titleOf(job)}`}
            onClick={() => void run()}
          >
            <Play />
            {running ? "Running" : "Run now"}
          </GatedButton>
        </span>
      </PopoverAnchor>
      <PopoverContent className="p-1.5">
        <ErrorNote error={error} doing="Running the job" />
      </PopoverContent>
    </Popover>
  );
}
