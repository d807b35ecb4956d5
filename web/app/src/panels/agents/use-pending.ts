import type { GatewayRpcAnswer } from "@vestibule/react";
import { useState } from "react";
import type { AgentsList, Created } from "./wire";

const ASK_EVERY_MS = 300;
const GIVE_UP_MS = 5_000;

type Pending = { id: string; name: string };

/** New agents that the gateway does not list yet: it reads its config anew first, which takes up to half a second. */
export function usePending(list: GatewayRpcAnswer<AgentsList>) {
  const [pending, setPending] = useState<readonly Pending[]>([]);
  const expect = async ({ agentId: id, name }: Created): Promise<boolean> => {
    setPending((before) => [...before, { id, name }]);
    try {
      for (let waitedMs = 0; waitedMs < GIVE_UP_MS; waitedMs += ASK_EVERY_MS) {
        const seen = await list.mutate();
        if (seen?.agents.some((agent) => agent.id === id)) return true;
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
      return false;
    } finally {
      setPending((before) => before.filter((one) => one.id !== id));
    }
  };
  return { pending, expect };
}
