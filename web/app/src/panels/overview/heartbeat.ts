/** What the last heartbeat says. Pure. */
import type { Tone } from "@/ui";
import type { Heartbeat, Status } from "./wire";

export type Pulse = { tone: Tone; text: string; note: string | undefined };

const WORDS: Readonly<Record<string, { tone: Tone; text: string }>> = {
  sent: { tone: "success", text: "Sent" },
  "ok-empty": { tone: "success", text: "Nothing to say" },
  "ok-token": { tone: "success", text: "Nothing to say" },
  // Without a channel there is nowhere to say it: normal, not an error.
  skipped: { tone: "neutral", text: "Skipped" },
  failed: { tone: "danger", text: "Failed" },
};

export function pulseOf(heartbeat: Heartbeat): Pulse {
  if (heartbeat === null) return { tone: "neutral", text: "None yet", note: undefined };
  const known = WORDS[heartbeat.status] ?? { tone: "neutral" as const, text: heartbeat.status };
  return { ...known, note: heartbeat.message ?? heartbeat.reason };
}

/** Whether any agent has heartbeats, and whether the config lets any have them. */
export function heartbeatsOf(status: Status | undefined): { enabled: boolean; configured: boolean } {
  const agents = status?.heartbeat?.agents ?? [];
  return {
    enabled: agents.some((agent) => agent.enabled === true),
    configured: agents.some((agent) => agent.every !== undefined && agent.every !== "disabled"),
  };
}
