import { describe, expect, it } from "vitest";
import { barTicks, keepLargest, stack, tickLabels } from "./series";

describe("stack", () => {
  it("puts each series on the shoulders of those before it", () => {
    expect(
      stack([
        { label: "in", values: [1, 2, null] },
        { label: "out", values: [10, null, 30] },
      ]),
    ).toEqual([
      [1, 2, 0],
      [11, 2, 30],
    ]);
  });
});

describe("keepLargest", () => {
  const one = (label: string, value: number) => ({ label, values: [value] });

  it("leaves a few series as they are, largest first", () => {
    expect(keepLargest([one("a", 1), one("b", 3)], 2).map(({ label }) => label)).toEqual(["b", "a"]);
  });

  it("never folds a single series away: one more is as good as Others", () => {
    expect(keepLargest([one("a", 1), one("b", 3), one("c", 2)], 2).map(({ label }) => label)).toEqual(["b", "c", "a"]);
  });

  it("adds up the rest, so that the total stays true", () => {
    const kept = keepLargest([one("a", 1), one("b", 3), one("c", 2), one("d", 5)], 2);
    expect(kept.map(({ label, values }) => [label, values[0]])).toEqual([
      ["d", 5],
      ["b", 3],
      ["Others", 3],
    ]);
  });
});

describe("barTicks", () => {
  it("labels every bar while there is room", () => {
    expect(barTicks([1, 2, 3], 300)).toEqual([1, 2, 3]);
  });

  it("thins the labels out, and keeps the last", () => {
    expect(barTicks([1, 2, 3, 4, 5, 6, 7], 170)).toEqual([1, 4, 7]);
  });
});

describe("tickLabels", () => {
  it("names days when ticks are days apart, and the time of day when they are closer", () => {
    const noon = new Date(2026, 10, 25, 12).getTime();
    expect(tickLabels([noon - 86_400_000, noon])).toEqual(["24 Nov", "25 Nov"]);
    expect(tickLabels([noon, noon + 3_600_000])).toEqual(["12:00", "13:00"]);
  });
});
