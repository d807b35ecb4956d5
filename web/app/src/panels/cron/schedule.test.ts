import { describe, expect, test } from "vitest";
import { nextRunsOf, problemOf, sayOf } from "./schedule";

const now = Date.UTC(2026, 10, 25, 12, 0, 0);

describe("a schedule in words", () => {
  test("reads as people say it", () => {
    expect(sayOf({ kind: "cron", expr: "*/15 9-17 * * 1-5" })).toBe(
      "Every 15 minutes, between 09:00 and 17:59, Monday through Friday",
    );
    expect(sayOf({ kind: "cron", expr: "0 3 * * *" })).toBe("At 03:00");
    expect(sayOf({ kind: "every", everyMs: 1_800_000 })).toBe("Every 30 min");
    expect(sayOf({ kind: "every", everyMs: 604_800_000 })).toBe("Every week");
    expect(sayOf({ kind: "every", everyMs: 2 * 86_400_000 })).toBe("Every 2 days");
    expect(sayOf({ kind: "on-exit", command: "make build" })).toBe("When “make build” ends");
  });

  test("that nobody can read is shown as it is", () => {
    expect(sayOf({ kind: "cron", expr: "not cron" })).toBe("not cron");
  });
});

describe("what is wrong with a schedule", () => {
  test("a field out of its range is named", () => {
    expect(problemOf({ kind: "cron", expr: "99 * * * *" }, now)).toMatch(/minute/i);
    expect(problemOf({ kind: "cron", expr: "0 9 * * 1-5", tz: "Mars/Olympus" }, now)).not.toBeNull();
    expect(problemOf({ kind: "cron", expr: "0 9 * * 1-5", tz: "Europe/Zurich" }, now)).toBeNull();
  });

  test("a time in the past does not come again", () => {
    expect(problemOf({ kind: "at", at: "2026-11-25T11:00:00Z" }, now)).toBe("This time has passed.");
    expect(problemOf({ kind: "at", at: "" }, now)).toBe("Choose a day and a time.");
  });
});

describe("the next runs", () => {
  const times = (schedule: Parameters<typeof nextRunsOf>[0], count = 2) =>
    nextRunsOf(schedule, now, count).map((atMs) => new Date(atMs).toISOString());

  test("of a cron expression are in its own time zone, over a change of the clock too", () => {
    expect(times({ kind: "cron", expr: "30 9 * * *", tz: "Europe/Zurich" })).toEqual([
      "2026-11-26T08:30:00.000Z",
      "2026-11-27T08:30:00.000Z",
    ]);
  });

  test("of an interval are counted from its anchor", () => {
    const anchorMs = Date.UTC(2026, 10, 25, 0, 10);

    expect(times({ kind: "every", everyMs: 3_600_000, anchorMs })).toEqual([
      "2026-11-25T12:10:00.000Z",
      "2026-11-25T13:10:00.000Z",
    ]);
  });

  test("of one moment are that moment, while it is to come", () => {
    expect(times({ kind: "at", at: "2026-11-25T13:00:00Z" })).toEqual(["2026-11-25T13:00:00.000Z"]);
    expect(times({ kind: "at", at: "2026-11-25T11:00:00Z" })).toEqual([]);
  });
});
