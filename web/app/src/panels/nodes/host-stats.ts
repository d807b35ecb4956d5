/** How loaded a node's host is, for a person to read; and the event that tells it. Pure. */
import { formatBytes } from "@/ui";
import type { HostStats, NodeList } from "./wire";

export const loadOf = ({ loadAverage, cpuCount }: HostStats): string | null =>
  loadAverage === undefined ? null : `${loadAverage[0].toFixed(2)} on ${cpuCount} ${cpuCount === 1 ? "core" : "cores"}`;

export const memoryOf = ({ memoryFreeBytes, memoryTotalBytes }: HostStats): string =>
  `${formatBytes(memoryFreeBytes)} of ${formatBytes(memoryTotalBytes)} free`;

export const diskOf = ({ diskAvailableBytes, diskTotalBytes }: HostStats): string | null =>
  diskAvailableBytes === undefined || diskTotalBytes === undefined
    ? null
    : `${formatBytes(diskAvailableBytes)} of ${formatBytes(diskTotalBytes)} free`;

/** The list with what `node.hostStats` tells of one of them. */
export function withStats(list: NodeList, payload: unknown): NodeList {
  const told = payload as { nodeId?: string; hostStats?: HostStats };
  return {
    ...list,
    nodes: list.nodes.map((node) =>
      node.nodeId === told.nodeId && told.hostStats ? { ...node, hostStats: told.hostStats } : node,
    ),
  };
}
