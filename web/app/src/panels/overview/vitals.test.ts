import { describe, expect, it } from "vitest";
import { heartbeatsOf, pulseOf } from "./heartbeat";
import { latestTasks } from "./tasks";
import { problemsOf, readings, type Sample, withSample } from "./vitals";
import type { Health } from "./wire";

const well: Health = { ok: true, ts: 1_000, eventLoop: { degraded: false, delayP99Ms: 20, utilization: 0.2 } };

describe("problemsOf", () => {
  it("finds nothing where all is well", () => {
    expect(problemsOf(well, undefined, undefined)).toEqual([]);
  });

  it("names each thing that is not: load, models, plugins, channels, sign-ins", () => {
    const ill: Health = {
      ...well,
      eventLoop: { degraded: true, delayP99Ms: 1_450 },
      modelRuntime: { degraded: true, pendingAgents: ["ops"] },
      plugins: { errors: [{ id: "xai", message: "no key" }] },
      channels: { telegram: { configured: true, lastError: "401 Unauthorized" }, slack: { running: true } },
      channelLabels: { telegram: "Telegram" },
    };
    const auth = { providers: [{ provider: "openai", displayName: "OpenAI", status: "expired" }] };

    expect(problemsOf(ill, { degradedPlugins: [{}] }, auth).map(({ text }) => text)).toEqual([
      "The gateway is busy: answers wait 1.4 s",
      "Models are not ready for ops",
      "Plugin: xai: no key",
      "Telegram: 401 Unauthorized",
      "OpenAI: sign-in has expired",
      "1 plugin degraded",
    ]);
  });
});

describe("readings", () => {
  it("shows what this gateway tells: an older one has no system.info", () => {
    const shown = readings(well.eventLoop, { rssBytes: 800 * 1_048_576 }, undefined);
    expect(shown.map(({ label, text }) => [label, text])).toEqual([
      ["Event loop", "20 %"],
      ["Memory", "800 MB"],
    ]);
  });

  it("warns where it gets tight", () => {
    const system = {
      cpuCount: 2,
      loadAverage: [2, 1, 1],
      memoryTotalBytes: 100,
      memoryFreeBytes: 15,
      diskTotalBytes: 100,
      diskAvailableBytes: 70,
    };
    expect(readings(well.eventLoop, {}, system).map(({ label, tone }) => [label, tone])).toEqual([
      ["Event loop", "success"],
      ["Processor", "danger"],
      ["Memory", "warning"],
      ["Disk", "success"],
    ]);
  });
});

describe("withSample", () => {
  it("counts a report once, however often it is heard, and keeps an hour", () => {
    const once = withSample([], well);
    expect(withSample(once, well)).toBe(once);

    let samples: readonly Sample[] = [];
    for (let minute = 0; minute < 90; minute += 1) samples = withSample(samples, { ...well, ts: minute });
    expect(samples.length).toBe(60);
    expect(samples[0]?.atMs).toBe(30);
  });
});

describe("pulseOf", () => {
  it("is grey, not red, for a heartbeat that had nowhere to go", () => {
    const pulse = pulseOf({ ts: 1, status: "skipped", reason: "no-route" });
    expect(pulse).toEqual({ tone: "neutral", text: "Skipped", note: "no-route" });
  });
});

describe("heartbeatsOf", () => {
  it("tells off from not configured", () => {
    expect(heartbeatsOf({ heartbeat: { agents: [{ agentId: "main", enabled: false, every: "disabled" }] } })).toEqual({
      enabled: false,
      configured: false,
    });
    expect(heartbeatsOf({ heartbeat: { agents: [{ agentId: "main", enabled: true, every: "30m" }] } })).toEqual({
      enabled: true,
      configured: true,
    });
  });
});

describe("latestTasks", () => {
  it("puts what runs first, then what ended last; times come in two forms", () => {
    const tasks = [
      { id: "old", status: "completed", endedAt: 1_000 },
      { id: "new", status: "failed", endedAt: "2026-11-25T02:00:00Z" },
      { id: "now", status: "running", startedAt: 10 },
    ];
    expect(latestTasks(tasks, 2).map(({ id }) => id)).toEqual(["now", "new"]);
  });
});
