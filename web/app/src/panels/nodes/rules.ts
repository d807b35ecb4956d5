/** The file of rules as it is edited: without the socket, which is the host's own and kept by the gateway. Pure. */
import { readParams } from "@/ui/editor/params";
import type { RulesFile } from "./wire";

export const writtenOf = (file: RulesFile): string => `${JSON.stringify({ ...file, socket: undefined }, null, 2)}\n`;

export type Written = { at: "ready"; file: object } | { at: "broken"; message: string };

export function readRules(text: string): Written {
  const read = readParams(text);
  if (read.at === "broken") return { at: "broken", message: `Line ${read.line}: ${read.message}` };
  return read.params === undefined
    ? { at: "broken", message: "The file is an object: { version: 1 }" }
    : { at: "ready", file: read.params };
}

export type AgentRules = { agentId: string; security: string | undefined; allowed: number };

/** What each agent has of its own. */
export const agentRules = ({ agents = {} }: RulesFile): readonly AgentRules[] =>
  Object.entries(agents)
    .map(([agentId, { security, allowlist = [], mcpTools = [] }]) => ({
      agentId,
      security,
      allowed: allowlist.length + mcpTools.length,
    }))
    .sort((one, other) => one.agentId.localeCompare(other.agentId));

const SECURITY: Readonly<Record<string, string>> = {
  deny: "Commands are refused",
  allowlist: "Listed commands run",
  full: "Every command runs",
};
const ASK: Readonly<Record<string, string>> = {
  off: "nobody is asked",
  "on-miss": "a person is asked about others",
  always: "a person is asked each time",
};

/** What happens where an agent has nothing of its own, as a sentence. */
export const defaultsOf = ({ security, ask }: { security: string; ask: string }): string =>
  `${SECURITY[security] ?? security}; ${ASK[ask] ?? ask}.`;

/** The gateway's own words for a file that is another one by now. */
export const isStale = (error: unknown): boolean =>
  error instanceof Error && error.message.includes("changed since last load");
