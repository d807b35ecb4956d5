import { useNowMs } from "@/ui";
import { remaining } from "./words";

/** How long one may still decide. */
export function Countdown({ expiresAtMs }: { expiresAtMs: number }) {
  const nowMs = useNowMs();
  return (
    <span className="shrink-0 text-xs tabular-nums text-muted-foreground">{remaining(expiresAtMs, nowMs)} left</span>
  );
}
