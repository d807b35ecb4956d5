/**
 * Which turns and which runs of others belong to a conversation. Pure.
 */

import type { Turn } from "@vestibule/client";
import type { Observed } from "../shared/observed.js";
import { normalAgent, normalKey } from "./session-key.js";

/** Which conversation; `sessionKey` null: the session that messages without a key go to. */
export interface Named {
  readonly agent: string;
  readonly sessionKey: string | null;
}

/** Whether a turn is said in this conversation. `key`: its session key, null while it is not known. */
export function isTurnOf(turn: Turn, named: Named, key: string | null): boolean {
  const told = turn.sessionKey ?? turn.message.sessionKey;
  const isAgents = normalAgent(turn.message.agent) === normalAgent(named.agent);
  if (told === undefined) return isAgents && named.sessionKey === null;
  if (key !== null) return normalKey(turn.message.agent, told) === key;
  return isAgents && turn.message.sessionKey === undefined;
}

/** Whether a run of others happens in this conversation. What was only put into the transcript is no run. */
export function isRunOf({ run }: Observed, { agent }: Named, key: string | null): boolean {
  return key !== null && normalKey(agent, run.sessionKey) === key && !run.id.startsWith("inject-");
}
