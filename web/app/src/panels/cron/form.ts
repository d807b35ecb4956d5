/** A job while it is being written, and what of it goes to the gateway. Pure. Edits only what is understood. */
import { problemOf } from "./schedule";
import type { Delivery, Job, Payload, Schedule } from "./wire";

export const UNITS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000, seconds: 1_000 } as const;
export type Unit = keyof typeof UNITS;

export type ScheduleDraft =
  | { kind: "cron"; expr: string; tz: string }
  | { kind: "every"; amount: string; unit: Unit }
  /** In the reader's time zone, as a `datetime-local` field holds it. */
  | { kind: "at"; local: string }
  /** Comes back as it is. */
  | { kind: "kept"; schedule: Schedule };

export type WorkDraft =
  | { kind: "agentTurn"; message: string; model: string; timeoutSeconds: string }
  | { kind: "systemEvent"; text: string }
  | { kind: "kept"; payload: Payload };

export type Draft = {
  name: string;
  description: string;
  enabled: boolean;
  /** Empty: the gateway's default agent. */
  agentId: string;
  schedule: ScheduleDraft;
  work: WorkDraft;
  wakeMode: Job["wakeMode"];
  delivery: { mode: Delivery["mode"]; channel: string; to: string };
  deleteAfterRun: boolean;
};

export type Problems = Partial<Record<"name" | "schedule" | "work" | "delivery", string>>;

/** A new job. Announcing needs a channel: without one the run would end in an error, so nothing is delivered. */
export const newDraft = (options: { hasChannel: boolean; tz: string }): Draft => ({
  name: "",
  description: "",
  enabled: true,
  agentId: "",
  schedule: { kind: "cron", expr: "0 9 * * 1-5", tz: options.tz },
  work: { kind: "agentTurn", message: "", model: "", timeoutSeconds: "" },
  wakeMode: "now",
  delivery: { mode: options.hasChannel ? "announce" : "none", channel: "", to: "" },
  deleteAfterRun: false,
});

export const draftOf = (job: Job): Draft => ({
  name: job.displayName ?? job.name,
  description: job.description ?? "",
  enabled: job.enabled,
  agentId: job.agentId ?? "",
  schedule: scheduleDraftOf(job.schedule),
  work: workDraftOf(job.payload),
  wakeMode: job.wakeMode,
  delivery: {
    mode: job.delivery?.mode ?? "none",
    channel: job.delivery?.channel ?? "",
    to: job.delivery?.to ?? "",
  },
  deleteAfterRun: job.deleteAfterRun ?? false,
});

function scheduleDraftOf(schedule: Schedule): ScheduleDraft {
  if (schedule.kind === "cron") return { kind: "cron", expr: schedule.expr, tz: schedule.tz ?? "" };
  if (schedule.kind === "at") return { kind: "at", local: localOf(Date.parse(schedule.at)) };
  if (schedule.kind === "every") {
    const unit =
      (["days", "hours", "minutes"] as const).find((one) => schedule.everyMs % UNITS[one] === 0) ?? "seconds";
    return { kind: "every", amount: String(schedule.everyMs / UNITS[unit]), unit };
  }
  return { kind: "kept", schedule };
}

function workDraftOf(payload: Payload): WorkDraft {
  if (payload.kind === "systemEvent") return { kind: "systemEvent", text: payload.text };
  if (payload.kind !== "agentTurn") return { kind: "kept", payload };
  return {
    kind: "agentTurn",
    message: payload.message,
    model: payload.model ?? "",
    timeoutSeconds: payload.timeoutSeconds === undefined ? "" : String(payload.timeoutSeconds),
  };
}

/** The schedule a draft means. `before`: what it was; its anchor and stagger stay while the kind does. */
export function scheduleOf(draft: ScheduleDraft, before?: Schedule): Schedule {
  switch (draft.kind) {
    case "cron": {
      const tz = draft.tz.trim();
      const stagger = before?.kind === "cron" && before.staggerMs !== undefined ? { staggerMs: before.staggerMs } : {};
      return { kind: "cron", expr: draft.expr.trim(), ...(tz === "" ? {} : { tz }), ...stagger };
    }
    case "every": {
      const everyMs = Math.round(Number(draft.amount) * UNITS[draft.unit]);
      const same = before?.kind === "every" && before.everyMs === everyMs;
      return same ? before : { kind: "every", everyMs: Number.isFinite(everyMs) ? everyMs : 0 };
    }
    case "at": {
      const atMs = new Date(draft.local).getTime();
      if (before?.kind === "at" && Date.parse(before.at) === atMs) return before;
      return { kind: "at", at: Number.isNaN(atMs) ? "" : new Date(atMs).toISOString() };
    }
    case "kept":
      return draft.schedule;
  }
}

export function problemsOf(draft: Draft, nowMs: number, before?: Job): Problems {
  const schedule = scheduleOf(draft.schedule, before?.schedule);
  const unchanged = before !== undefined && same(schedule, before.schedule);
  const scheduled = unchanged ? null : problemOf(schedule, nowMs);
  const timeout = draft.work.kind === "agentTurn" ? draft.work.timeoutSeconds.trim() : "";
  const said = saidOf(draft.work);
  return {
    ...(draft.name.trim() === "" ? { name: "A name to find it again by." } : {}),
    ...(scheduled === null ? {} : { schedule: scheduled }),
    ...(said === "" ? { work: "What should the agent do?" } : {}),
    ...(timeout !== "" && !(Number(timeout) > 0) ? { work: "The time limit is a number of seconds." } : {}),
    ...(draft.delivery.mode === "webhook" && !/^https?:\/\//.test(draft.delivery.to.trim())
      ? { delivery: "An http(s) address." }
      : {}),
  };
}

function saidOf(work: WorkDraft): string | null {
  if (work.kind === "kept") return null;
  return (work.kind === "agentTurn" ? work.message : work.text).trim();
}

/** For `cron.add`. */
export function addParamsOf(draft: Draft): Record<string, unknown> {
  return {
    name: draft.name.trim(),
    ...optional("description", draft.description),
    ...optional("agentId", draft.agentId),
    enabled: draft.enabled,
    schedule: scheduleOf(draft.schedule),
    ...(draft.schedule.kind === "at" ? { deleteAfterRun: draft.deleteAfterRun } : {}),
    sessionTarget: draft.work.kind === "systemEvent" ? "main" : "isolated",
    wakeMode: draft.wakeMode,
    payload: payloadOf(draft.work),
    ...(draft.work.kind === "agentTurn" ? { delivery: deliveryOf(draft.delivery) } : {}),
  };
}

function payloadOf(work: WorkDraft): Record<string, unknown> {
  if (work.kind === "kept") return work.payload;
  if (work.kind === "systemEvent") return { kind: "systemEvent", text: work.text.trim() };
  const timeout = work.timeoutSeconds.trim();
  return {
    kind: "agentTurn",
    message: work.message.trim(),
    ...optional("model", work.model),
    ...(timeout === "" ? {} : { timeoutSeconds: Number(timeout) }),
  };
}

const deliveryOf = ({ mode, channel, to }: Draft["delivery"]): Record<string, unknown> => ({
  mode,
  ...(mode === "announce" ? optional("channel", channel) : {}),
  ...(mode === "none" ? {} : optional("to", to)),
});

/** For `cron.update`: only what changed; empty: nothing did. */
export function patchOf(job: Job, draft: Draft): Record<string, unknown> {
  const before = draftOf(job);
  const schedule = scheduleOf(draft.schedule, job.schedule);
  const patch: Record<string, unknown> = {};
  if (draft.name.trim() !== before.name)
    patch[job.displayName === undefined ? "name" : "displayName"] = draft.name.trim();
  if (draft.description.trim() !== before.description) patch["description"] = draft.description.trim();
  if (draft.enabled !== before.enabled) patch["enabled"] = draft.enabled;
  if (draft.agentId !== before.agentId) patch["agentId"] = draft.agentId === "" ? null : draft.agentId;
  if (draft.wakeMode !== before.wakeMode) patch["wakeMode"] = draft.wakeMode;
  if (draft.deleteAfterRun !== before.deleteAfterRun) patch["deleteAfterRun"] = draft.deleteAfterRun;
  if (!same(schedule, job.schedule)) patch["schedule"] = schedule;
  if (!same(draft.work, before.work)) {
    patch["payload"] = payloadPatchOf(before.work, draft.work);
    if (draft.work.kind !== before.work.kind) {
      patch["sessionTarget"] = draft.work.kind === "systemEvent" ? "main" : "isolated";
    }
  }
  if (draft.work.kind === "agentTurn" && !same(draft.delivery, before.delivery)) {
    patch["delivery"] = deliveryPatchOf(before.delivery, draft.delivery);
  }
  return patch;
}

/** A field that was emptied is null: that is how it is taken away. */
function payloadPatchOf(before: WorkDraft, now: WorkDraft): Record<string, unknown> {
  if (now.kind !== "agentTurn" || before.kind !== "agentTurn") return payloadOf(now);
  return {
    kind: "agentTurn",
    ...(now.message.trim() === before.message ? {} : { message: now.message.trim() }),
    ...(now.model.trim() === before.model ? {} : { model: now.model.trim() || null }),
    ...(now.timeoutSeconds.trim() === before.timeoutSeconds
      ? {}
      : { timeoutSeconds: now.timeoutSeconds.trim() === "" ? null : Number(now.timeoutSeconds) }),
  };
}

function deliveryPatchOf(before: Draft["delivery"], now: Draft["delivery"]): Record<string, unknown> {
  const wanted = deliveryOf(now);
  const emptied = (["channel", "to"] as const).filter((field) => before[field] !== "" && wanted[field] === undefined);
  return { ...wanted, ...Object.fromEntries(emptied.map((field) => [field, null])) };
}

const optional = (name: string, text: string): Record<string, string> =>
  text.trim() === "" ? {} : { [name]: text.trim() };

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A time as a `datetime-local` field wants it: in the reader's zone, to the minute. */
export function localOf(atMs: number): string {
  if (Number.isNaN(atMs)) return "";
  const date = new Date(atMs);
  return new Date(atMs - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
