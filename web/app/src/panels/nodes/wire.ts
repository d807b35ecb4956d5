/** `node.*`, `device.*` and approvals, the fields that are shown. */

export type NodeList = { nodes: readonly GatewayNode[] };

export type GatewayNode = {
  nodeId: string;
  displayName?: string;
  platform?: string;
  version?: string;
  deviceFamily?: string;
  clientId?: string;
  remoteIp?: string;
  caps?: readonly string[];
  commands?: readonly string[];
  /** `pending-approval`: connected, but what it offers waits for a yes. */
  approvalState?: string;
  pendingRequestId?: string;
  connected?: boolean;
  connectedAtMs?: number;
  lastSeenAtMs?: number;
  approvedAtMs?: number;
  hostStats?: HostStats;
};

export type HostStats = {
  cpuCount: number;
  loadAverage?: readonly [number, number, number];
  memoryTotalBytes: number;
  memoryFreeBytes: number;
  diskTotalBytes?: number;
  diskAvailableBytes?: number;
};

/** `node.invoke` */
export type Invoked = { command?: string; payload?: unknown };

export type NodePairing = {
  pending: readonly NodeRequest[];
};

export type NodeRequest = {
  requestId: string;
  nodeId: string;
  displayName?: string;
  platform?: string;
  version?: string;
  remoteIp?: string;
  caps?: readonly string[];
  commands?: readonly string[];
  ts?: number;
};

export type DevicePairing = {
  pending: readonly DeviceRequest[];
  paired: readonly PairedDevice[];
};

export type DeviceRequest = {
  requestId: string;
  deviceId: string;
  displayName?: string;
  platform?: string;
  clientId?: string;
  remoteIp?: string;
  role?: string;
  roles?: readonly string[];
  scopes?: readonly string[];
  /** A paired device that asks for more, or that has changed. */
  isRepair?: boolean;
  ts?: number;
};

export type PairedDevice = {
  deviceId: string;
  displayName?: string;
  operatorLabel?: string;
  platform?: string;
  clientId?: string;
  clientMode?: string;
  remoteIp?: string;
  scopes?: readonly string[];
  approvedAtMs?: number;
  lastSeenAtMs?: number;
  connected?: boolean;
  tokens?: readonly DeviceToken[];
};

export type DeviceToken = {
  role: string;
  scopes?: readonly string[];
  createdAtMs?: number;
  rotatedAtMs?: number;
  lastUsedAtMs?: number;
  revokedAtMs?: number;
};

/** `exec.approvals.get` and the answer of `exec.approvals.set`. */
export type Rules = {
  file: RulesFile;
  hash: string;
  resolvedDefaults?: { security: string; ask: string };
};

export type RulesFile = {
  version: number;
  socket?: object;
  defaults?: object;
  agents?: Readonly<
    Record<string, { security?: string; allowlist?: readonly { pattern: string }[]; mcpTools?: readonly object[] }>
  >;
};

/** `approval.history`, the newest first. */
export type ApprovalHistory = { items: readonly Decided[]; nextCursor?: string };

export type Decided = {
  id: string;
  status: string;
  presentation: { kind: string; commandText?: string; title?: string; host?: string | null; agentId?: string | null };
  resolvedAtMs: number;
  decision?: string;
  reason?: string;
  source?: { agentId?: string };
  resolver?: { kind: string; id?: string };
};
