import { describe, expect, it } from "vitest";
import { atLocalMidnight, datesOf, daysBetween } from "./range";
import { byAgent, byKind, byModel, byWeek } from "./split";
import { cacheShare, costText, isCounting, titleOf, waitMs } from "./summary";
import type { CostUsage, SessionsUsage, Totals } from "./wire";

const totals = (more: Partial<Totals> = {}): Totals => ({
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  totalCost: 0,
  ...more,
});
const days = ["2026-11-24", "2026-11-25"];

describe("range", () => {
  it("counts today as the last of the days, in UTC as the gateway does", () => {
    const range = datesOf("7", Date.parse("2026-11-25T00:30:00Z"));
    expect(range).toEqual({ startDate: "2026-11-19", endDate: "2026-11-25" });
    expect(daysBetween(range.startDate, range.endDate).length).toBe(7);
  });

  it("puts a day at the reader's own midnight: its label is that day everywhere", () => {
    const at = new Date(atLocalMidnight("2026-11-25"));
    expect([at.getDate(), at.getHours()]).toEqual([25, 0]);
  });
});

describe("splits", () => {
  const cost: CostUsage = {
    daily: [{ date: "2026-11-25", ...totals({ input: 10, output: 4, cacheRead: 3, totalCost: 0.5 }) }],
    totals: totals(),
  };

  it("by kind: a day that is not told is nothing, a kind that never occurs is left out", () => {
    expect(byKind(days, cost, "tokens").map(({ label, values }) => [label, values])).toEqual([
      ["Input", [0, 10]],
      ["Output", [0, 4]],
      ["From cache", [0, 3]],
    ]);
    expect(byKind(days, cost, "cost")[0]?.values).toEqual([0, 0.5]);
  });

  const day = (tokens: number) => ({ date: "2026-11-25", tokens, cost: 0 });
  const usage: SessionsUsage = {
    sessions: [
      { key: "a", agentId: "main", usage: { ...totals(), dailyBreakdown: [day(5)] } },
      { key: "b", agentId: "main", usage: { ...totals(), dailyBreakdown: [day(2)] } },
      { key: "c", agentId: "ops", usage: null },
    ],
    totals: totals(),
    aggregates: {
      byModel: [],
      byAgent: [],
      byChannel: [],
      daily: [day(10)],
      modelDaily: [
        { ...day(6), provider: "openai", model: "o" },
        { ...day(4), model: "local" },
      ],
    },
  };

  it("by model: as the gateway tells", () => {
    expect(byModel(days, usage, "tokens").map(({ label, values }) => [label, values])).toEqual([
      ["openai/o", [0, 6]],
      ["local", [0, 4]],
    ]);
  });

  it("by agent: from the sessions, and the total stays true", () => {
    expect(byAgent(days, usage, "tokens").map(({ label, values }) => [label, values])).toEqual([
      ["main", [0, 7]],
      ["Others", [0, 3]],
    ]);
  });

  it("by week: every day once, the last week whole", () => {
    const many = daysBetween("2026-11-16", "2026-11-25");
    const weeks = byWeek(many, [{ label: "x", values: many.map(() => 1) }]);
    expect(weeks.days).toEqual(["2026-11-16", "2026-11-19"]);
    expect(weeks.series[0]?.values).toEqual([3, 7]);
  });
});

describe("summary", () => {
  it("says when the cost is a lower bound", () => {
    expect(costText(totals({ totalCost: 1.5 }))).toBe("$1.50");
    expect(costText(totals({ totalCost: 1.5, missingCostEntries: 2 }))).toBe("≥ $1.50");
  });

  it("tells how much came from the cache", () => {
    expect(cacheShare(totals({ input: 25, cacheRead: 75 }))).toBe(0.75);
    expect(cacheShare(totals())).toBeNull();
  });

  it("asks again after 1, 2 and 4 seconds while the gateway counts and has nothing yet", () => {
    expect(isCounting({ totals: totals(), cacheStatus: { status: "refreshing" } })).toBe(true);
    expect(isCounting({ totals: totals({ totalTokens: 9 }), cacheStatus: { status: "refreshing" } })).toBe(false);
    expect([0, 1, 2, 3].map(waitMs)).toEqual([1_000, 2_000, 4_000, null]);
  });

  it("calls a session as every list does", () => {
    expect(titleOf({ key: "agent:main:main" })).toBe("Main conversation");
    expect(titleOf({ key: "agent:main:dashboard:1", label: "**Trip** to\nRome" })).toBe("Trip to Rome");
    expect(titleOf({ key: "agent:main:telegram:direct:7", label: null })).toBe("telegram direct 7");
  });
});
