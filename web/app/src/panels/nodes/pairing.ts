/** Requests that wait, and devices that have been let in. Pure. */
import type { DevicePairing, DeviceRequest, NodePairing, NodeRequest, PairedDevice } from "./wire";

export type Waiting = {
  kind: "node" | "device";
  requestId: string;
  name: string;
  from: readonly string[];
  /** What a yes grants: capabilities and commands of a node, roles and scopes of a device. */
  grants: readonly Grant[];
  /** It was let in before: it asks for more now, or is not what it was. */
  again: boolean;
  atMs: number | undefined;
};

export type Grant = { what: string; items: readonly string[] };

/** Everything that waits for a yes, the longest wait first. */
export function waiting(nodes: NodePairing | undefined, devices: DevicePairing | undefined): readonly Waiting[] {
  const all = [...(devices?.pending ?? []).map(deviceWaits), ...(nodes?.pending ?? []).map(nodeWaits)];
  return all.sort((one, other) => (one.atMs ?? 0) - (other.atMs ?? 0));
}

const nodeWaits = (request: NodeRequest): Waiting => ({
  kind: "node",
  requestId: request.requestId,
  name: request.displayName ?? shortId(request.nodeId),
  from: present([request.platform, request.version, request.remoteIp]),
  grants: granted([
    ["Capabilities", request.caps],
    ["Commands", request.commands],
  ]),
  again: false,
  atMs: request.ts,
});

const deviceWaits = (request: DeviceRequest): Waiting => ({
  kind: "device",
  requestId: request.requestId,
  name: request.displayName ?? request.clientId ?? shortId(request.deviceId),
  from: present([request.clientId, request.platform, request.remoteIp]),
  grants: granted([
    ["Roles", request.roles ?? present([request.role])],
    ["Scopes", request.scopes],
  ]),
  again: request.isRepair === true,
  atMs: request.ts,
});

const granted = (all: readonly (readonly [string, readonly string[] | undefined])[]): Grant[] =>
  all.flatMap(([what, items]) => (items && items.length > 0 ? [{ what, items }] : []));

const present = (texts: readonly (string | undefined)[]): string[] => texts.filter((text) => text !== undefined);

export const deviceName = (device: PairedDevice): string =>
  device.operatorLabel ?? device.displayName ?? device.clientId ?? shortId(device.deviceId);

export const shortId = (id: string): string => (id.length > 14 ? `${id.slice(0, 12)}…` : id);
