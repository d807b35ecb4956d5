/** When a schedule fires: in words, and the next times. Pure: callers pass the time. */
import { Cron } from "croner";
import cronstrue from "cronstrue";
import { formatDateTime, formatDuration } from "@/ui/format";
import type { Schedule } from "./wire";

/** "Every 15 minutes, Monday through Friday"; what is no schedule says so by `problemOf`. */
export function sayOf(schedule: Schedule): string {
  switch (schedule.kind) {
    case "at": {
      const atMs = Date.parse(schedule.at);
      return Number.isNaN(atMs) ? `Once, at ${schedule.at}` : `Once, on ${timeOf(atMs)}`;
    }
    case "every":
      return `Every ${everyOf(schedule.everyMs)}`;
    case "cron":
      return inWords(schedule.expr) ?? schedule.expr;
    case "on-exit":
      return `When “${schedule.command}” ends`;
    case "stream":
      return `On output of “${schedule.command.join(" ")}”`;
  }
}

/** A day and a time; seconds only where there are some. */
export const timeOf = (atMs: number): string => formatDateTime(atMs).replace(/:00$/, "");

/** The expression behind the words, where there is one. */
export const exactOf = (schedule: Schedule): string | null =>
  schedule.kind === "cron" ? [schedule.expr, schedule.tz].filter(Boolean).join(" · ") : null;

const everyOf = (everyMs: number): string => {
  const days = everyMs / 86_400_000;
  if (days === 1) return "day";
  if (days === 7) return "week";
  if (everyMs === 3_600_000) return "hour";
  if (everyMs === 60_000) return "minute";
  return Number.isInteger(days) && days > 1 ? `${days} days` : formatDuration(everyMs).replace(".0 s", " s");
};

function inWords(expr: string): string | null {
  try {
    return cronstrue.toString(expr, { use24HourTimeFormat: true });
  } catch {
    return null;
  }
}

/** Why a schedule cannot be; null: it can. */
export function problemOf(schedule: Schedule, nowMs: number): string | null {
  switch (schedule.kind) {
    case "at": {
      const atMs = Date.parse(schedule.at);
      if (Number.isNaN(atMs)) return "Choose a day and a time.";
      return atMs <= nowMs ? "This time has passed." : null;
    }
    case "every":
      return schedule.everyMs >= 1_000 ? null : "At least one second.";
    case "cron":
      return cronProblem(schedule);
    case "on-exit":
    case "stream":
      return null;
  }
}

function cronProblem({ expr, tz }: { expr: string; tz?: string }): string | null {
  if (expr.trim() === "") return "Five fields: minute, hour, day, month, weekday.";
  try {
    const cron = new Cron(expr, zoneOf(tz));
    return cron.nextRun() ? null : "This never fires.";
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
  }
}

/** The next times a schedule fires. Without a time zone a cron expression is read in the reader's own. */
export function nextRunsOf(schedule: Schedule, nowMs: number, count: number): readonly number[] {
  switch (schedule.kind) {
    case "at": {
      const atMs = Date.parse(schedule.at);
      return atMs > nowMs ? [atMs] : [];
    }
    case "every": {
      if (!(schedule.everyMs >= 1)) return [];
      const anchorMs = schedule.anchorMs ?? nowMs;
      const first = anchorMs + Math.ceil((nowMs + 1 - anchorMs) / schedule.everyMs) * schedule.everyMs;
      return Array.from({ length: count }, (_, index) => first + index * schedule.everyMs);
    }
    case "cron":
      return cronRuns(schedule, nowMs, count);
    case "on-exit":
    case "stream":
      return [];
  }
}

function cronRuns({ expr, tz }: { expr: string; tz?: string }, nowMs: number, count: number): readonly number[] {
  try {
    return new Cron(expr, zoneOf(tz)).nextRuns(count, new Date(nowMs)).map((date) => date.getTime());
  } catch {
    return [];
  }
}

const zoneOf = (tz: string | undefined) => (tz === undefined || tz === "" ? {} : { timezone: tz });
