/** Door and gateway as one sentence: pure, from the door's snapshot. */
import type { ConnectionState, DoorSnapshot, GatewayStatus } from "@vestibule/client";
import type { Tone } from "@/ui";

export type Condition = {
  tone: Tone;
  /** Something is under way. */
  busy: boolean;
  /** A word or three, for the indicator. */
  label: string;
  /** All of it, for a banner and the popover. */
  detail: string;
  /** When the next attempt comes by itself. */
  retryAtMs: number | null;
};

type Known = Pick<DoorSnapshot, "connection" | "gateway">;

/** The one thing to say: what is wrong with the way to the door, else how the gateway is. */
export function conditionOf({ connection, gateway }: Known): Condition {
  return doorTrouble(connection) ?? gatewayCondition(gateway);
}

/** Null while the door is there. */
export function doorTrouble(connection: ConnectionState): Condition | null {
  switch (connection.at) {
    case "open":
      return null;
    case "idle":
      return {
        tone: "neutral",
        busy: false,
        label: "Not connected",
        detail: "Not connected to the door.",
        retryAtMs: null,
      };
    case "connecting":
      return connection.attempt <= 1
        ? { tone: "neutral", busy: true, label: "Connecting", detail: "Connecting to the door.", retryAtMs: null }
        : {
            tone: "warning",
            busy: true,
            label: "Reconnecting",
            detail: "The door cannot be reached; trying again.",
            retryAtMs: null,
          };
    case "waiting":
      return {
        tone: "warning",
        busy: true,
        label: "Reconnecting",
        detail: lost(connection.code),
        retryAtMs: connection.retryAtMs,
      };
    case "closed":
      return {
        tone: "danger",
        busy: false,
        label: "Refused",
        detail: connection.reason ? `The door refused: ${connection.reason}` : `The door refused (${connection.code}).`,
        retryAtMs: null,
      };
  }
}

function lost(code: number): string {
  if (code === 1012) return "The door restarts; it is back in a moment.";
  if (code === 1013) return "The door has too much to do at the moment.";
  if (code === 4029) return "Too many messages: the door asks for a pause.";
  return "The connection to the door is lost.";
}

export function gatewayCondition(gateway: GatewayStatus | null): Condition {
  if (!gateway)
    return { tone: "neutral", busy: true, label: "Connecting", detail: "Waiting for the door.", retryAtMs: null };
  const why = gateway.reason ? ` ${sentence(gateway.reason)}` : "";
  const said = (tone: Tone, label: string, detail: string, busy = false): Condition => ({
    tone,
    label,
    detail,
    busy,
    retryAtMs: null,
  });
  switch (gateway.state) {
    case "ready":
      return said("success", "Connected", "Door and gateway are connected.");
    case "degraded":
      return said("warning", "Degraded", `The gateway answers, but not well.${why}`);
    case "connecting":
      return said("info", "Reaching gateway", `The door is connecting to the gateway.${why}`, true);
    case "starting":
      return said("info", "Gateway starting", `The gateway is starting.${why}`, true);
    case "stopped":
      return said("neutral", "Gateway stopped", `The gateway is stopped.${why}`);
    case "down":
      return said("danger", "Gateway down", `The gateway cannot be reached.${why}`);
    case "unprovisioned":
      return said("neutral", "No gateway", "No gateway belongs to this account yet.");
  }
}

/** A reason as a sentence: capital letter, full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return "";
  return `${trimmed[0]?.toUpperCase() ?? ""}${trimmed.slice(1)}${/[.!?…]$/.test(trimmed) ? "" : "."}`;
}
