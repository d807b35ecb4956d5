import { describe, expect, test } from "vitest";
import { marked, matching, sourcesOf } from "./filter";
import { parseLine } from "./line";

const line = (id: number, level: string, source: string, message: string) =>
  parseLine(
    JSON.stringify({ message, _meta: { logLevelName: level, name: JSON.stringify({ subsystem: source }) } }),
    id,
  );
const lines = [
  line(0, "DEBUG", "cron", "timer armed"),
  line(1, "INFO", "gateway", "listening on 8801"),
  line(2, "WARN", "gateway", "slow transaction"),
  line(3, "ERROR", "cron", "job failed: timer"),
];
const ids = (filter: Partial<Parameters<typeof matching>[1]>) =>
  matching(lines, { threshold: "all", query: "", source: null, ...filter }).map((one) => one.id);

describe("the filter of the log", () => {
  test("takes a level as this bad or worse", () => {
    expect(ids({ threshold: "info" })).toEqual([1, 2, 3]);
    expect(ids({ threshold: "warn" })).toEqual([2, 3]);
    expect(ids({ threshold: "error" })).toEqual([3]);
  });

  test("finds lines with all words, in any case and order, and in the source too", () => {
    expect(ids({ query: "TIMER cron" })).toEqual([0, 3]);
    expect(ids({ query: "timer", source: "gateway" })).toEqual([]);
  });

  test("leaves the lines as they are when nothing is asked", () => {
    expect(matching(lines, { threshold: "all", query: " ", source: null })).toBe(lines);
  });

  test("counts who writes how much", () => {
    expect(sourcesOf(lines)).toEqual([
      { source: "cron", count: 2 },
      { source: "gateway", count: 2 },
    ]);
  });

  test("marks what was searched for, also what a pattern would take for its own", () => {
    expect(marked("a (b) c", ["(b)"])).toEqual([
      { text: "a ", hit: false },
      { text: "(b)", hit: true },
      { text: " c", hit: false },
    ]);
  });
});
