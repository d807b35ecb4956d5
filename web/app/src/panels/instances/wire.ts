/** A row of `system-presence` and of the event `presence`: what is connected to the gateway, as it tells. */
export type Presence = {
  /** When its row was last refreshed: a sign of life, neither when it came nor what it did. */
  ts: number;
  host?: string;
  ip?: string;
  version?: string;
  platform?: string;
  deviceFamily?: string;
  modelIdentifier?: string;
  clientId?: string;
  mode?: string;
  reason?: string;
  instanceId?: string;
  deviceId?: string;
  roles?: readonly string[];
  scopes?: readonly string[];
  onlineSince?: number;
  user?: { id: string; name?: string; email?: string };
};

/** `door.clients`: the door's own answer. */
export type DoorClients = { clients: readonly DoorClient[] };

export type DoorClient = {
  /** The connection's id, as its hello says. */
  id: string;
  member: string;
  role: string;
  /** The `User-Agent` it came with; empty if it named none. */
  agent: string;
  sinceMs: number;
  self: boolean;
};
