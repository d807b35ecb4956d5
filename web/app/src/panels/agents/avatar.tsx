import { useGatewayRpc } from "@vestibule/react";
import { useCan } from "@/shell";
import { cn } from "@/ui";
import { signOf } from "./agents";
import type { Agent, Identity } from "./wire";

/** Who an agent says it is. One call per agent, asked once: it changes by our own writes only. */
export function useIdentity(agentId: string) {
  const { allowed } = useCan({ methods: ["agent.identity.get"] });
  return useGatewayRpc<Identity>(
    allowed ? "agent.identity.get" : null,
    { agentId },
    { events: [], revalidateIfStale: false },
  );
}

export function Avatar({
  agent,
  identity,
  large = false,
}: {
  agent: Agent;
  identity: Identity | undefined;
  large?: boolean;
}) {
  return (
    <span
      aria-hidden
      className={cn(
        "grid shrink-0 place-content-center rounded-xl bg-brand-soft font-semibold text-brand select-none",
        large ? "size-12 text-xl" : "size-9 text-base",
      )}
    >
      {signOf(agent, identity)}
    </span>
  );
}
