import { useConnection, useDoorSnapshot } from "@vestibule/react";
import { RotateCw } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, cn, StatusDot, type Tone } from "@/ui";
import { conditionOf } from "./condition";
import { RetryIn } from "./connection";
import { canStart, StartButton } from "./start";

/** A blink of the network is not worth a banner. */
const PATIENCE_MS = 1_200;

const GROUND: Readonly<Partial<Record<Tone, string>>> = {
  danger: "bg-danger-soft",
  warning: "bg-warning-soft",
  info: "bg-info-soft",
};

/** Above a page that was once loaded: what is wrong now, while the last known state stays below (W12). */
export function ConnectionBanner() {
  const { connection, gateway, offer } = useDoorSnapshot();
  const condition = conditionOf({ connection, gateway });
  const { reconnectNow } = useConnection();
  const wrong = offer !== null && condition.tone !== "success";
  const lasting = useLasting(wrong);
  return (
    <div role="status" aria-live="polite">
      {wrong && lasting && (
        <div
          className={cn(
            "flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-1.5 text-[0.8125rem] md:px-6",
            GROUND[condition.tone] ?? "bg-muted",
          )}
        >
          <div className="flex min-w-0 grow basis-64 items-baseline gap-2.5">
            <StatusDot tone={condition.tone} busy={condition.busy} />
            <p>
              {condition.detail} {/* Not read aloud: it changes every second. */}
              <span aria-hidden>
                <RetryIn atMs={condition.retryAtMs} />
              </span>{" "}
              <span className="text-muted-foreground">What you see is the last known state.</span>
            </p>
          </div>
          {(connection.at === "waiting" || connection.at === "closed") && (
            <Button size="sm" onClick={reconnectNow}>
              <RotateCw />
              Reconnect now
            </Button>
          )}
          {connection.at === "open" && canStart(gateway) && <StartButton size="sm">Try now</StartButton>}
        </div>
      )}
    </div>
  );
}

function useLasting(wrong: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!wrong) return;
    const timer = setTimeout(() => setLasting(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [wrong]);
  return lasting;
}
