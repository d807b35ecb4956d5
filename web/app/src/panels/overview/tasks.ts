/** The gateway's background tasks, as a list of few. Pure. */
import type { Tone } from "@/ui";
import type { Task } from "./wire";

const TONES: Readonly<Record<string, Tone>> = {
  queued: "neutral",
  running: "info",
  completed: "success",
  failed: "danger",
  timed_out: "danger",
  cancelled: "neutral",
};

export const taskTone = (status: string): Tone => TONES[status] ?? "neutral";
export const taskStatus = (status: string): string => status.replaceAll("_", " ");
export const isActive = ({ status }: Task): boolean => status === "running" || status === "queued";

/** Times come as Unix milliseconds or as ISO text. */
export function atMs(time: number | string | undefined): number | undefined {
  const at = typeof time === "string" ? Date.parse(time) : time;
  return at === undefined || Number.isNaN(at) ? undefined : at;
}

/** Running ones first, then the latest. */
export function latestTasks(tasks: readonly Task[], count: number): readonly Task[] {
  const last = (task: Task): number => atMs(task.endedAt) ?? atMs(task.startedAt) ?? 0;
  return tasks
    .toSorted((one, other) => Number(isActive(other)) - Number(isActive(one)) || last(other) - last(one))
    .slice(0, count);
}
