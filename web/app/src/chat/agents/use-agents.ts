import { useGatewayRpc } from "@vestibule/react";
import { useMemo } from "react";

type AgentsList = {
  readonly defaultId?: string;
  readonly agents?: readonly {
    readonly id: string;
    readonly name?: string;
    readonly identity?: { readonly name?: string; readonly emoji?: string };
  }[];
};

export type Agent = { readonly id: string; readonly name: string; readonly emoji: string | null };

/** The agents there are; they live in the config, and change with it. */
export function useAgents(): { agents: readonly Agent[]; defaultId: string } {
  const { data } = useGatewayRpc<AgentsList>("agents.list", {}, { events: ["config.changed"] });
  return useMemo(
    () => ({
      defaultId: data?.defaultId ?? "main",
      agents: (data?.agents ?? []).map(({ id, name, identity }) => ({
        id,
        name: identity?.name ?? name ?? capital(id),
        emoji: identity?.emoji ?? null,
      })),
    }),
    [data],
  );
}

/** What to call an agent, also one that is not in the list. */
export const nameIn = (agents: readonly Agent[], id: string): string =>
  agents.find((agent) => agent.id === id)?.name ?? capital(id);

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
