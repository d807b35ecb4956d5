import { expect, it } from "vitest";
import { diskOf, loadOf, memoryOf, withStats } from "./host-stats";

const stats = { cpuCount: 4, loadAverage: [0.5, 1, 1] as const, memoryTotalBytes: 4096, memoryFreeBytes: 1024 };

it("says load, memory and disk, as far as the node tells", () => {
  expect(loadOf(stats)).toBe("0.50 on 4 cores");
  expect(memoryOf(stats)).toBe("1.0 KB of 4.0 KB free");
  expect(diskOf(stats)).toBeNull();
  expect(diskOf({ ...stats, diskTotalBytes: 4096, diskAvailableBytes: 2048 })).toBe("2.0 KB of 4.0 KB free");
  expect(loadOf({ cpuCount: 1, memoryTotalBytes: 1, memoryFreeBytes: 1 })).toBeNull();
});

it("puts what the event tells to its node", () => {
  const list = { nodes: [{ nodeId: "a" }, { nodeId: "b" }] };

  expect(withStats(list, { nodeId: "b", hostStats: stats }).nodes).toEqual([
    { nodeId: "a" },
    { nodeId: "b", hostStats: stats },
  ]);
  expect(withStats(list, { nodeId: "c", hostStats: stats })).toEqual(list);
});
