import { describe, expect, test } from "vitest";
import { afterEvent, conditionOf, found, inOrder, saidOf } from "./jobs";
import type { Job } from "./wire";

/** As events tell it: without its revision. */
const told = (id: string, over: Partial<Job> = {}): Job => ({
  id,
  name: id,
  enabled: true,
  schedule: { kind: "every", everyMs: 60_000 },
  sessionTarget: "isolated",
  wakeMode: "now",
  payload: { kind: "agentTurn", message: "hello" },
  state: {},
  ...over,
});

const job = (id: string, over: Partial<Job> = {}): Job => ({ ...told(id, over), configRevision: "r1" });

test("running and failing jobs come first, disabled ones last, between them the next one first", () => {
  const jobs = [
    job("off", { enabled: false }),
    job("late", { state: { nextRunAtMs: 900 } }),
    job("soon", { state: { nextRunAtMs: 100 } }),
    job("bad", { state: { lastRunStatus: "error", nextRunAtMs: 500 } }),
    job("busy", { state: { runningAtMs: 1 } }),
  ];

  expect(inOrder(jobs).map((one) => one.id)).toEqual(["busy", "bad", "soon", "late", "off"]);
});

test("a job the gateway gave up on is not just disabled", () => {
  const autoDisabled = { reason: "consecutive-failures", atMs: 1 };

  expect(conditionOf(job("a", { enabled: false, state: { autoDisabled } }))).toBe("auto-disabled");
});

test("a job that has not run, however that is said, never ran; skipped is not ok", () => {
  expect(conditionOf(job("a", { state: { lastRunAtMs: null, lastRunStatus: null, lastStatus: null } }))).toBe("never");
  expect(conditionOf(job("a", { state: { lastRunAtMs: 1, lastRunStatus: "skipped" } }))).toBe("skipped");
  expect(conditionOf(job("a", { state: { lastRunAtMs: 1, lastStatus: "ok" } }))).toBe("ok");
});

test("a job of the system is what the gateway says of it, without the mark", () => {
  expect(saidOf(job("a", { description: "[managed-by=memory-core.x] Promote recalls." }))).toBe("Promote recalls.");
  expect(saidOf(job("a"))).toBeNull();
});

test("jobs are found by what they are called and by what they say", () => {
  const jobs = [job("a", { displayName: "Morning brief" }), job("b", { state: { lastRunStatus: "error" } })];

  expect(found(jobs, { query: "brief hello", show: "all" }).map((one) => one.id)).toEqual(["a"]);
  expect(found(jobs, { query: "", show: "failing" }).map((one) => one.id)).toEqual(["b"]);
});

describe("an event carries the row", () => {
  const list = { jobs: [job("a", { effectiveAgentId: "main" }), job("b")], total: 2 };

  test("which is put in place, keeping what events leave out, but for the revision: that is another one now", () => {
    const after = afterEvent(list, { jobId: "a", action: "updated", job: told("a", { enabled: false }) });

    expect(after.jobs[0]).toMatchObject({ enabled: false, effectiveAgentId: "main" });
    expect(after.jobs[0]).not.toHaveProperty("configRevision");
    expect(after.jobs[1]).toBe(list.jobs[1]);
  });

  test("and keeps its revision while only its state is another", () => {
    expect(
      afterEvent(list, { jobId: "a", action: "started", job: told("a", { state: { runningAtMs: 1 } }) }).jobs[0],
    ).toMatchObject({
      configRevision: "r1",
    });
  });

  test("or added, or taken out", () => {
    expect(afterEvent(list, { jobId: "c", action: "added", job: job("c") })).toMatchObject({ total: 3 });
    expect(afterEvent(list, { jobId: "a", action: "removed" }).jobs.map((one) => one.id)).toEqual(["b"]);
    expect(afterEvent(list, { jobId: "zork", action: "removed" })).toBe(list);
  });
});
