/** What the gateway answers about itself: only the fields shown here. */

export type EventLoop = {
  degraded?: boolean;
  reasons?: readonly string[];
  delayP99Ms?: number;
  /** 0 to 1. */
  utilization?: number;
  /** Processor cores in use by the process. */
  cpuCoreRatio?: number;
  /** Of the whole machine, 0 to 1. */
  cpuBreakdown?: { hostUtilization?: number };
};

export type ChannelHealth = { configured?: boolean; linked?: boolean; running?: boolean; lastError?: string | null };

/** `health`, and the event of the same name. */
export type Health = {
  ok?: boolean;
  ts: number;
  plugins?: { loaded?: readonly string[]; errors?: readonly (string | { id?: string; message?: string })[] };
  channels?: Readonly<Record<string, ChannelHealth>>;
  channelLabels?: Readonly<Record<string, string>>;
  defaultAgentId?: string;
  agents?: readonly { agentId: string; name?: string }[];
  sessions?: { count?: number; recent?: readonly { key: string; updatedAt?: number | null }[] };
  modelRuntime?: { degraded?: boolean; pendingAgents?: readonly string[] };
  eventLoop?: EventLoop;
};

/** `status`; smaller for those who may only read. */
export type Status = {
  runtimeVersion?: string;
  heartbeat?: { agents?: readonly { agentId: string; enabled?: boolean; every?: string }[] };
  tasks?: { total?: number; active?: number; failures?: number };
  sessions?: { count?: number; defaults?: { model?: string | null; contextTokens?: number | null } };
  eventLoop?: EventLoop;
  processMemory?: ProcessMemory;
  degradedPlugins?: readonly unknown[];
};

export type ProcessMemory = { rssBytes?: number };

/** `system.info`; names of the host are for administrators. */
export type SystemInfo = {
  machineName?: string;
  osLabel?: string;
  arch?: string;
  nodeVersion?: string;
  uptimeMs?: number;
  cpuCount?: number;
  cpuModel?: string;
  loadAverage?: readonly number[];
  memoryTotalBytes?: number;
  memoryFreeBytes?: number;
  diskTotalBytes?: number;
  diskAvailableBytes?: number;
  processMemory?: ProcessMemory;
};

/** `last-heartbeat`; null before the first. */
export type Heartbeat = { ts: number; status: string; reason?: string; message?: string; durationMs?: number } | null;

export type CronStatus = { enabled?: boolean; jobs?: number; nextWakeAtMs?: number | null };

export type ModelsList = {
  models: readonly { id: string; name?: string; provider?: string; available?: boolean; tags?: readonly string[] }[];
};

export type AuthStatus = {
  providers: readonly { provider: string; displayName?: string; status?: string }[];
};

export type Task = {
  id: string;
  kind?: string;
  status: string;
  title?: string;
  agentId?: string;
  sessionKey?: string;
  startedAt?: number | string;
  endedAt?: number | string;
  error?: string;
};
export type TasksList = { tasks: readonly Task[] };

export type UpdateStatus = {
  updateAvailable?: { currentVersion: string; latestVersion: string; channel?: string } | null;
  effectiveChannel?: string;
};

export type RestartPreflight = { safe: boolean; summary?: string; blockers: readonly { message: string }[] };
