/** Channels and accounts as cards: what state they are in, in words. Pure. */
import type { Tone } from "@/ui";
import type { Account, ChannelsStatus, Health, Issue } from "./wire";

export type Channel = {
  id: string;
  label: string;
  detail: string | undefined;
  defaultAccountId: string | undefined;
  accounts: readonly Account[];
};

/** In the gateway's order; one it forgot to order comes last. */
export function channelsOf(status: ChannelsStatus): readonly Channel[] {
  const { channelOrder, channelLabels, channelDetailLabels = {}, channelAccounts } = status;
  const ids = [...new Set([...channelOrder, ...Object.keys(channelAccounts)])];
  return ids.map((id) => {
    const label = channelLabels[id] ?? id;
    const detail = channelDetailLabels[id];
    return {
      id,
      label,
      detail: detail === label ? undefined : detail,
      defaultAccountId: status.channelDefaultAccountId?.[id],
      accounts: channelAccounts[id] ?? [],
    };
  });
}

export type State = { text: string; tone: Tone; busy?: true };

export function stateOf(account: Account): State {
  if (account.configured === false) return { text: "Not set up", tone: "neutral" };
  if (account.enabled === false) return { text: "Off", tone: "neutral" };
  if (account.connected) return { text: "Connected", tone: "success" };
  if (account.linked === false) return { text: "Not linked", tone: "warning" };
  if (account.running && account.connected === false) return { text: "Connecting", tone: "warning", busy: true };
  if (account.lastError) return { text: "Error", tone: "danger" };
  return account.running ? { text: "Running", tone: "success" } : { text: "Stopped", tone: "neutral" };
}

export const isRunning = (account: Account): boolean => account.running ?? account.connected ?? false;

/** Only some channels log in by a code that one scans: those that know of linked devices. */
export const logsInByCode = ({ linked }: Account): boolean => linked !== undefined;

export const issuesOf = (status: ChannelsStatus, channel: string, accountId: string): readonly Issue[] =>
  (status.statusIssues ?? []).filter((issue) => issue.channel === channel && issue.accountId === accountId);

/** What a health report says of channels, to be compared with another: without ages, which grow by themselves. */
export const toldOf = ({ channels = {}, channelOrder = [] }: Health): string =>
  JSON.stringify([channelOrder, channels], (key, value: unknown) => (key.endsWith("AgeMs") ? undefined : value));

/** What a look at the network found: "answers as @bot in 120 ms". */
export function probeText({ probe }: Account): { ok: boolean; text: string } | null {
  if (!isRecord(probe) || typeof probe["ok"] !== "boolean") return null;
  if (!probe["ok"]) return { ok: false, text: typeof probe["error"] === "string" ? probe["error"] : "No answer" };
  const bot = isRecord(probe["bot"]) ? probe["bot"]["username"] : undefined;
  const took = probe["elapsedMs"];
  return {
    ok: true,
    text: ["Answers", typeof bot === "string" && `as ${bot}`, typeof took === "number" && `in ${Math.round(took)} ms`]
      .filter(Boolean)
      .join(" "),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
