import { describe, expect, test } from "vitest";
import { addParamsOf, draftOf, localOf, newDraft, patchOf, problemsOf } from "./form";
import type { Job } from "./wire";

const now = Date.UTC(2026, 10, 25, 12, 0, 0);
const job: Job = {
  id: "j1",
  name: "brief",
  enabled: true,
  schedule: { kind: "every", everyMs: 3_600_000, anchorMs: 17 },
  sessionTarget: "isolated",
  wakeMode: "now",
  payload: { kind: "agentTurn", message: "Say hi", model: "demo/demo" },
  delivery: { mode: "announce", channel: "telegram", to: "42" },
  state: {},
};

describe("a new job", () => {
  const draft = {
    ...newDraft({ hasChannel: false, tz: "Europe/Zurich" }),
    name: " Morning ",
    work: { kind: "agentTurn", message: "Brief me", model: "", timeoutSeconds: "90" } as const,
  };

  test("delivers nothing as long as there is no channel: the run would end in an error", () => {
    expect(addParamsOf(draft)).toEqual({
      name: "Morning",
      enabled: true,
      schedule: { kind: "cron", expr: "0 9 * * 1-5", tz: "Europe/Zurich" },
      sessionTarget: "isolated",
      wakeMode: "now",
      payload: { kind: "agentTurn", message: "Brief me", timeoutSeconds: 90 },
      delivery: { mode: "none" },
    });
    expect(newDraft({ hasChannel: true, tz: "" }).delivery.mode).toBe("announce");
  });

  test("that is an event of the main session has no delivery of its own", () => {
    const event = addParamsOf({ ...draft, work: { kind: "systemEvent", text: "Tea" } });

    expect(event).toMatchObject({ sessionTarget: "main", payload: { kind: "systemEvent", text: "Tea" } });
    expect(event).not.toHaveProperty("delivery");
  });

  test("says what is missing before it is sent", () => {
    const empty = {
      ...newDraft({ hasChannel: false, tz: "" }),
      schedule: { kind: "cron", expr: "99 * * * *", tz: "" } as const,
    };

    expect(Object.keys(problemsOf(empty, now))).toEqual(["name", "schedule", "work"]);
    expect(problemsOf(draft, now)).toEqual({});
    expect(problemsOf({ ...draft, delivery: { mode: "webhook", channel: "", to: "x" } }, now).delivery).toBeDefined();
  });
});

describe("a changed job", () => {
  test("that is saved unchanged sends nothing", () => {
    expect(patchOf(job, draftOf(job))).toEqual({});
  });

  test("sends only what changed, and null for what was taken away", () => {
    const draft = draftOf(job);

    expect(patchOf(job, { ...draft, name: "Brief" })).toEqual({ name: "Brief" });
    expect(
      patchOf(job, { ...draft, work: { kind: "agentTurn", message: "Say hi", model: "", timeoutSeconds: "" } }),
    ).toEqual({ payload: { kind: "agentTurn", model: null } });
    expect(patchOf(job, { ...draft, delivery: { mode: "none", channel: "telegram", to: "42" } })).toEqual({
      delivery: { mode: "none", channel: null, to: null },
    });
  });

  test("keeps its anchor as long as the interval is the same", () => {
    const draft = draftOf(job);

    expect(draft.schedule).toEqual({ kind: "every", amount: "1", unit: "hours" });
    expect(patchOf(job, { ...draft, schedule: { kind: "every", amount: "60", unit: "minutes" } })).toEqual({});
    expect(patchOf(job, { ...draft, schedule: { kind: "every", amount: "2", unit: "hours" } })).toEqual({
      schedule: { kind: "every", everyMs: 7_200_000 },
    });
  });

  test("of a kind nobody here understands comes back as it is", () => {
    const stream: Job = {
      ...job,
      schedule: { kind: "stream", command: ["tail", "-f"] },
      payload: { kind: "command", argv: ["ls"] },
    };

    expect(patchOf(stream, { ...draftOf(stream), description: "x" })).toEqual({ description: "x" });
    expect(problemsOf(draftOf(stream), now, stream)).toEqual({});
  });

  test("whose one time has passed can still be renamed", () => {
    const past: Job = { ...job, schedule: { kind: "at", at: "2026-11-25T11:00:00.000Z" } };

    expect(problemsOf({ ...draftOf(past), name: "x" }, now, past)).toEqual({});
  });

  test("a time of the reader's zone goes there and back", () => {
    expect(new Date(localOf(now)).getTime()).toBe(now);
  });
});
