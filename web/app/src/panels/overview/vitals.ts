/** Is it well, and what is not: read off the gateway's own reports. Pure. */
import { formatBytes, formatDuration, formatPercent } from "@/ui";
import type { AuthStatus, EventLoop, Health, ProcessMemory, Status, SystemInfo } from "./wire";

export type Problem = { id: string; text: string; panel?: string };

/** What needs somebody; empty when all is well. */
export function problemsOf(
  health: Health,
  status: Status | undefined,
  auth: AuthStatus | undefined,
): readonly Problem[] {
  return [
    ...(health.ok === false ? [{ id: "health", text: "The gateway says it is not well" }] : []),
    ...eventLoopProblems(health.eventLoop),
    ...modelProblems(health.modelRuntime),
    ...(health.plugins?.errors ?? []).map((error, index) => ({
      id: `plugin-${index}`,
      text: `Plugin: ${typeof error === "string" ? error : [error.id, error.message].filter(Boolean).join(": ")}`,
    })),
    ...channelProblems(health),
    ...authProblems(auth),
    ...(status?.degradedPlugins?.length
      ? [{ id: "degraded-plugins", text: `${count(status.degradedPlugins.length, "plugin")} degraded` }]
      : []),
  ];
}

function eventLoopProblems(loop: EventLoop | undefined): Problem[] {
  if (!loop?.degraded) return [];
  const delay = loop.delayP99Ms === undefined ? "" : `: answers wait ${formatDuration(loop.delayP99Ms)}`;
  return [{ id: "event-loop", text: `The gateway is busy${delay}` }];
}

function modelProblems(runtime: Health["modelRuntime"]): Problem[] {
  if (!runtime?.degraded) return [];
  const agents = runtime.pendingAgents?.join(", ");
  return [{ id: "models", text: agents ? `Models are not ready for ${agents}` : "Models are not ready" }];
}

function channelProblems({ channels = {}, channelLabels = {} }: Health): Problem[] {
  return Object.entries(channels).flatMap(([id, { lastError }]) =>
    lastError ? [{ id: `channel-${id}`, text: `${channelLabels[id] ?? id}: ${lastError}`, panel: "channels" }] : [],
  );
}

const AUTH_TROUBLE: Readonly<Record<string, string>> = {
  expired: "sign-in has expired",
  expiring: "sign-in expires soon",
  missing: "no credentials",
};

function authProblems(auth: AuthStatus | undefined): Problem[] {
  return (auth?.providers ?? []).flatMap(({ provider, displayName, status }) => {
    const trouble = status === undefined ? undefined : AUTH_TROUBLE[status];
    return trouble ? [{ id: `auth-${provider}`, text: `${displayName ?? provider}: ${trouble}` }] : [];
  });
}

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? "" : "s"}`;

export type Reading = {
  label: string;
  value: number | undefined;
  text: string;
  note: string;
  tone: "success" | "warning" | "danger";
};

/** How loaded it is, as gauges: what the gateway of this version tells. */
export function readings(loop: EventLoop | undefined, process: ProcessMemory, system: SystemInfo | undefined) {
  return [eventLoopReading(loop), cpuReading(loop, system), memoryReading(process, system), diskReading(system)].filter(
    (reading) => reading !== null,
  );
}

function eventLoopReading(loop: EventLoop | undefined): Reading | null {
  if (loop?.utilization === undefined) return null;
  const note = loop.delayP99Ms === undefined ? "" : `p99 ${formatDuration(loop.delayP99Ms)}`;
  return gauge("Event loop", loop.utilization, note, loop.degraded === true);
}

function cpuReading(loop: EventLoop | undefined, system: SystemInfo | undefined): Reading | null {
  const load = system?.loadAverage?.[0];
  const cores = system?.cpuCount;
  const note = load === undefined || !cores ? "" : `load ${load.toFixed(1)} on ${count(cores, "core")}`;
  const measured = loop?.cpuBreakdown?.hostUtilization;
  if (measured !== undefined) return gauge("Processor", measured, note);
  return load === undefined || !cores ? null : gauge("Processor", Math.min(1, load / cores), note);
}

function memoryReading(process: ProcessMemory, system: SystemInfo | undefined): Reading | null {
  const own = process.rssBytes;
  const total = system?.memoryTotalBytes;
  const free = system?.memoryFreeBytes;
  if (total !== undefined && free !== undefined) {
    const note = own === undefined ? `${formatBytes(total - free)} in use` : `gateway ${formatBytes(own)}`;
    return gauge("Memory", (total - free) / total, note);
  }
  if (own === undefined) return null;
  // Of an older gateway the process is known, the machine is not: a number, and no needle.
  return { label: "Memory", value: undefined, text: formatBytes(own), note: "gateway", tone: "success" };
}

function diskReading(system: SystemInfo | undefined): Reading | null {
  const total = system?.diskTotalBytes;
  const available = system?.diskAvailableBytes;
  if (!total || available === undefined) return null;
  return gauge("Disk", (total - available) / total, `${formatBytes(available)} free`);
}

function gauge(label: string, value: number, note: string, degraded = false): Reading {
  const tone = value >= 0.95 ? "danger" : value >= 0.8 || degraded ? "warning" : "success";
  return { label, value, text: formatPercent(value), note, tone };
}

export type Sample = { atMs: number; delayMs: number };
const SAMPLES = 60;

/** The last hour of the event loop's delay; a report heard twice counts once. */
export function withSample(samples: readonly Sample[], health: Health): readonly Sample[] {
  const delayMs = health.eventLoop?.delayP99Ms;
  if (delayMs === undefined || samples.at(-1)?.atMs === health.ts) return samples;
  return [...samples, { atMs: health.ts, delayMs }].slice(-SAMPLES);
}
