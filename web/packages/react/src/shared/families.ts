/**
 * Which events concern which reads (W7): the one table. An event is either new data or a hint to ask again.
 *
 * Pure. Names are OpenClaw's own; what a gateway does not send or offer does no harm here.
 */

import type { GatewayEvent } from "@vestibule/client";
import { list, text } from "../read.js";
import { matches, type Pattern } from "./pattern.js";

/** Reads that go out of date together. */
export interface Family {
  readonly reads: Pattern;
  /** Hints: ask again. */
  readonly events: Pattern;
  /** Of these events only some are hints. */
  readonly unless?: (event: GatewayEvent) => boolean;
  /** Shortest time between two refetches. */
  readonly paceMs?: number;
}

/** Shortest time between two refetches of a family that says nothing else. */
export const PACE_MS = 1_000;

/** A run's `chat` events are many; only its end changes what lists show. */
const midRun = ({ event, payload }: GatewayEvent): boolean =>
  event === "chat" && !["final", "aborted", "error"].includes(text(payload, "state") ?? "");

/** The first one that reads a method is its family. */
export const FAMILIES: readonly Family[] = [
  { reads: "status", events: ["heartbeat", "task", "gateway.suspension"], paceMs: 5_000 },
  { reads: "last-heartbeat", events: "heartbeat" },
  { reads: ["models.*", "tools.*", "commands.*"], events: ["config.changed", "plugins.changed", "models.snapshot"] },
  { reads: "channels.*", events: "config.changed" },
  { reads: ["agents.list", "agents.files.*"], events: "config.changed" },
  { reads: "config.get", events: "config.changed" },
  { reads: "sessions.usage*", events: "chat", unless: midRun, paceMs: 60_000 },
  { reads: "usage.*", events: "chat", unless: midRun, paceMs: 60_000 },
  // Without a subscription (or on wire 3) nothing else tells of a session's new row.
  { reads: "sessions.*", events: ["sessions.changed", "chat"], unless: midRun },
  { reads: "cron.*", events: "cron" },
  { reads: "tasks.*", events: ["task", "task.suggestion"] },
  { reads: "node.*", events: ["node.pair.*", "node.presence", "node.hostStats"] },
  { reads: "device.*", events: "device.pair.*" },
  { reads: "skills.*", events: ["skills.changed", "plugins.changed", "config.changed"] },
  { reads: "update.*", events: "update.*" },
  { reads: ["exec.approval.*", "approval.*"], events: "exec.approval.*" },
  { reads: "plugin.approval.*", events: "plugin.approval.*" },
  { reads: "openclaw.approval.*", events: "openclaw.approval.*" },
  { reads: "question.*", events: "question.*" },
];

/** Events that carry the new state of a read, and where. */
const CARRIED: Readonly<Record<string, { readonly read: string; readonly data: (payload: unknown) => unknown }>> = {
  health: { read: "health", data: (payload) => payload },
  presence: { read: "system-presence", data: (payload) => list(payload, "presence") },
};

/** The family of a read; null for one that no event concerns. */
export function familyOf(read: string): Family | null {
  return FAMILIES.find((family) => matches(family.reads, read)) ?? null;
}

/** Whether an event says that something of this family has changed. */
export function concerns(family: Family, event: GatewayEvent): boolean {
  return matches(family.events, event.event) && family.unless?.(event) !== true;
}

/** The read an event is the new answer of. */
export function carriedBy({ event, payload }: GatewayEvent): { read: string; data: unknown } | null {
  const carried = Object.hasOwn(CARRIED, event) ? CARRIED[event] : undefined;
  return carried === undefined ? null : { read: carried.read, data: carried.data(payload) };
}
