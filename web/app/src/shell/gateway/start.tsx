import type { GatewayStatus } from "@vestibule/client";
import { useGatewayRpcMutation } from "@vestibule/react";
import { Play } from "lucide-react";
import { useState } from "react";
import { Button, type ButtonProps, ErrorNote } from "@/ui";

/** A gateway that is not there, and not on its way either. */
export const canStart = (gateway: GatewayStatus | null): boolean =>
  gateway?.state === "stopped" || gateway?.state === "down" || gateway?.state === "unprovisioned";

/** Asks the door to start or reach the gateway now; what comes of it is told by the gateway's state. */
export function StartButton({ children, ...look }: Pick<ButtonProps, "children" | "size">) {
  const call = useGatewayRpcMutation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const start = async () => {
    setBusy(true);
    setError(null);
    await call("door.start").catch(setError);
    setBusy(false);
  };
  return (
    <>
      <Button {...look} busy={busy} onClick={() => void start()}>
        <Play />
        {children}
      </Button>
      {error !== null && <ErrorNote error={error} doing="Starting the gateway" />}
    </>
  );
}
