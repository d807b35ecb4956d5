import { useGatewayRpc } from "@vestibule/react";
import { useState } from "react";
import { useCan } from "@/shell";
import { cn } from "@/ui";
import { isShownHere, pictureOf, signOf } from "./agents";
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

/** Its picture; its sign where it has none, none that loads, or one of another host. */
export function Avatar({
  agent,
  identity,
  large = false,
}: {
  agent: Agent;
  identity: Identity | undefined;
  large?: boolean;
}) {
  const picture = pictureOf(agent, identity);
  const [broken, setBroken] = useState<string | null>(null);
  const size = large ? "size-12 text-xl" : "size-9 text-base";
  if (picture !== null && picture !== broken && isShownHere(picture, location.origin)) {
    return (
      <img
        src={picture}
        alt=""
        referrerPolicy="no-referrer"
        className={cn("shrink-0 rounded-xl object-cover", size)}
        onError={() => setBroken(picture)}
      />
    );
  }
  return (
    <span
      aria-hidden
      className={cn(
        "grid shrink-0 place-content-center rounded-xl bg-brand-soft font-semibold text-brand select-none",
        size,
      )}
    >
      {signOf(agent, identity)}
    </span>
  );
}
