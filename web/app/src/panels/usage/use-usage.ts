import { type GatewayRpcAnswer, useGatewayRpc, useOffer } from "@vestibule/react";
import { useEffect, useMemo } from "react";
import { useCan } from "@/shell";
import { datesOf, type Range } from "./range";
import { isCounting, waitMs } from "./summary";
import type { CacheStatus, CostUsage, SessionsUsage, Totals } from "./wire";

const SESSIONS = 200;
/** The first answer of a process reads every transcript. */
const FIRST_TIMEOUT_MS = 60_000;

/** Both counts of a range, asked again while the gateway has not counted yet. */
export function useUsage(range: Range, nowMs: number) {
  // Older gateways count all agents together and know no scope.
  const wide = (useOffer()?.protocol ?? 4) >= 4;
  const offered = useCan({ methods: ["sessions.usage"] }).allowed;
  const params = useMemo(
    () => ({ ...datesOf(range, nowMs), ...(wide ? { agentScope: "all" } : {}) }),
    [range, nowMs, wide],
  );
  const cost = useGatewayRpc<CostUsage>("usage.cost", params, { timeoutMs: FIRST_TIMEOUT_MS });
  const detail = useMemo(() => ({ ...params, limit: SESSIONS }), [params]);
  const sessions = useGatewayRpc<SessionsUsage>(offered ? "sessions.usage" : null, detail, {
    timeoutMs: FIRST_TIMEOUT_MS,
  });
  useAskAgain(cost, params);
  useAskAgain(sessions, params);
  return { cost, sessions, offered };
}

type Counted = { totals: Totals; cacheStatus?: CacheStatus };

/** After 1, 2 and 4 s, while there is nothing and it is being counted; then the next run's end asks. */
function useAskAgain<T extends Counted>({ data, mutate }: GatewayRpcAnswer<T>, params: unknown): void {
  const counting = isCounting(data);
  useEffect(() => {
    if (!counting) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (asked: number) => {
      const delayMs = waitMs(asked);
      if (delayMs === null) return;
      timer = setTimeout(() => {
        void mutate();
        wait(asked + 1);
      }, delayMs);
    };
    wait(0);
    return () => clearTimeout(timer);
    // Each range, and each time it is counted anew, begins at the first wait.
  }, [counting, params, mutate]);
}
