/** Jobs as a list shows them. Pure. */
import type { CronEvent, Job, JobList, RunStatus } from "./wire";

export const titleOf = (job: Job): string => job.displayName ?? job.name;

/** Kept by the gateway or a plugin: it comes back when it is deleted, so that is not offered. */
export const isSystem = (job: Job): boolean => job.declarationKey !== undefined;

/** The heartbeat is the gateway's own altogether: it refuses every change. */
export const isLocked = (job: Job): boolean => job.payload.kind === "heartbeat";

/** What the gateway says of it, without the mark of the plugin that keeps it. */
export const saidOf = ({ description }: Job): string | null =>
  description?.replace(/^\[managed-by=[^\]]*\]\s*/, "") || null;

export type Condition = "running" | "failing" | "auto-disabled" | "disabled" | "ok" | "skipped" | "never";

export function conditionOf(job: Job): Condition {
  if (job.state.runningAtMs != null) return "running";
  if (job.state.autoDisabled && !job.enabled) return "auto-disabled";
  if (!job.enabled) return "disabled";
  const status = lastStatusOf(job);
  return status === "error" ? "failing" : (status ?? "never");
}

/** Null for a job that has not run. */
export const lastStatusOf = ({ state }: Job): RunStatus | null => state.lastRunStatus ?? state.lastStatus ?? null;

export const nextRunOf = (job: Job): number | null => (job.enabled ? (job.state.nextRunAtMs ?? null) : null);

const LATE_MS = 60_000;

/** It should have run by now, and does not. */
export function isOverdue(job: Job, nowMs: number): boolean {
  const atMs = nextRunOf(job);
  return atMs !== null && atMs + LATE_MS < nowMs && conditionOf(job) !== "running";
}

/** What people look for first: running, then failing, then by the next run; what is disabled last. */
export function inOrder(jobs: readonly Job[]): readonly Job[] {
  const rank: Readonly<Record<Condition, number>> = {
    running: 0,
    failing: 1,
    "auto-disabled": 1,
    ok: 2,
    skipped: 2,
    never: 2,
    disabled: 3,
  };
  return [...jobs].sort(
    (a, b) =>
      rank[conditionOf(a)] - rank[conditionOf(b)] ||
      (nextRunOf(a) ?? Infinity) - (nextRunOf(b) ?? Infinity) ||
      titleOf(a).localeCompare(titleOf(b)),
  );
}

export type JobFilter = { query: string; show: "all" | "enabled" | "failing" };

export function found(jobs: readonly Job[], { query, show }: JobFilter): readonly Job[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return jobs.filter((job) => {
    if (show === "enabled" && !job.enabled) return false;
    if (show === "failing" && lastStatusOf(job) !== "error" && conditionOf(job) !== "auto-disabled") return false;
    const text =
      `${titleOf(job)} ${job.name} ${job.description ?? ""} ${textOf(job)} ${job.agentId ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What a job says or does, in one line. */
export function textOf(job: Job): string {
  const { payload } = job;
  switch (payload.kind) {
    case "agentTurn":
      return payload.message;
    case "systemEvent":
      return payload.text;
    case "command":
      return (payload.argv ?? []).join(" ");
    case "script":
      return payload.script ?? "";
    case "heartbeat":
      return "Heartbeat of the agent";
  }
}

/** A page and the ones after it; a job that moved meanwhile stands once. */
export function joined(list: JobList, later: JobList | undefined): JobList {
  if (!later) return list;
  const known = new Set(list.jobs.map(({ id }) => id));
  return { ...list, jobs: [...list.jobs, ...later.jobs.filter(({ id }) => !known.has(id))] };
}

/** The list after an event: the row is inside it. The revision of a new definition is not: it comes with the next answer. */
export function afterEvent(list: JobList, { jobId, action, job }: CronEvent): JobList {
  const before = list.jobs.find((one) => one.id === jobId);
  if (action === "removed") {
    return before ? { ...list, jobs: list.jobs.filter((one) => one !== before), total: list.total - 1 } : list;
  }
  if (!job) return list;
  if (!before) return { ...list, jobs: [...list.jobs, job], total: list.total + (action === "added" ? 1 : 0) };
  const { configRevision, ...kept } = before;
  const revision = action === "updated" || configRevision === undefined ? {} : { configRevision };
  return { ...list, jobs: list.jobs.map((one) => (one === before ? { ...kept, ...revision, ...job } : one)) };
}
