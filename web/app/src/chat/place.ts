/** Which conversation is meant: from the address, the agents there are, and the keys the gateway uses. Pure. */
import type { Route } from "@/shell";

export type Place = {
  readonly agent: string;
  /** Null: the session in which messages without a key arrive. */
  readonly sessionKey: string | null;
};

export function placeOf(route: Route, defaultAgent: string): Place {
  if (route.at !== "chat") return { agent: defaultAgent, sessionKey: null };
  const sessionKey = route.sessionKey ?? null;
  const agent = (sessionKey === null ? null : agentOf(sessionKey)) ?? route.agent ?? defaultAgent;
  return { agent, sessionKey };
}

/** `agent:main:dashboard:…` -> `main`; null where the key names no agent. */
export function agentOf(sessionKey: string): string | null {
  const [head, agent, rest] = sessionKey.split(":");
  return head === "agent" && agent !== undefined && agent !== "" && rest !== undefined ? agent : null;
}

/** The key of a conversation that begins with its first message: of the same form as the gateway's own. */
export const newKey = (agent: string, uuid: string): string =>
  `agent:${agent.toLowerCase()}:dashboard:${uuid.toLowerCase()}`;

/** The gateway lower-cases keys: compare the way it compares. */
export const sameKey = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** What a draft or a scroll position belongs to. */
export const nameOf = ({ agent, sessionKey }: Place): string => (sessionKey ?? `agent:${agent}`).toLowerCase();
