/** What the gateway says of its cron jobs: only the fields that are read here. */

export type Schedule =
  | { kind: "at"; at: string }
  | { kind: "every"; everyMs: number; anchorMs?: number }
  | { kind: "cron"; expr: string; tz?: string; staggerMs?: number }
  | { kind: "on-exit"; command: string; cwd?: string }
  | { kind: "stream"; command: readonly string[]; cwd?: string };

export type Payload =
  | { kind: "agentTurn"; message: string; model?: string; thinking?: string; timeoutSeconds?: number }
  | { kind: "systemEvent"; text: string }
  | { kind: "command"; argv?: readonly string[] }
  | { kind: "script"; script?: string }
  | { kind: "heartbeat" };

export type Delivery = { mode: "none" | "announce" | "webhook"; channel?: string; to?: string };

export type RunStatus = "ok" | "error" | "skipped";

export type Job = {
  id: string;
  /** Of jobs that the gateway or a plugin keeps itself. */
  declarationKey?: string;
  name: string;
  displayName?: string;
  description?: string;
  agentId?: string;
  effectiveAgentId?: string;
  enabled: boolean;
  deleteAfterRun?: boolean;
  /** Changes with the definition; absent on wire 3 and in events. */
  configRevision?: string;
  schedule: Schedule;
  sessionTarget: string;
  wakeMode: "now" | "next-heartbeat";
  payload: Payload;
  delivery?: Delivery;
  state: {
    nextRunAtMs?: number;
    runningAtMs?: number | null;
    lastRunAtMs?: number | null;
    lastRunStatus?: RunStatus | null;
    lastStatus?: RunStatus | null;
    lastError?: string | null;
    lastDurationMs?: number | null;
    consecutiveErrors?: number;
    autoDisabled?: { reason: string; atMs: number };
  };
};

export type JobList = { jobs: readonly Job[]; total: number };

export type CronStatus = { enabled: boolean; jobs: number; nextWakeAtMs?: number | null };

export type Run = {
  ts: number;
  jobId: string;
  jobName?: string;
  status?: RunStatus;
  error?: string;
  summary?: string;
  runId?: string;
  runAtMs?: number;
  durationMs?: number;
  model?: string;
  usage?: { total_tokens?: number };
  deliveryStatus?: string;
  sessionKey?: string;
};

export type RunList = { entries: readonly Run[]; total?: number };

export type CronEvent = { jobId: string; action: "added" | "updated" | "started" | "finished" | "removed"; job?: Job };

/** A page: as many as the gateway gives at once. */
export const LIST_PARAMS = { includeDisabled: true, limit: 200 } as const;

/** An event of the gateway, if it names a job. */
export function readCronEvent(payload: unknown): CronEvent | null {
  return isCronEvent(payload) ? payload : null;
}

const isCronEvent = (value: unknown): value is CronEvent =>
  typeof value === "object" && value !== null && "jobId" in value && "action" in value;
