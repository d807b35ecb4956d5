/** Who is connected, sorted for reading. Pure. */
import { seen } from "@/shell/seen";
import type { Presence } from "./wire";

export type Kind = "gateway" | "person" | "node" | "app" | "backend" | "other";

export type Instance = {
  key: string;
  name: string;
  kind: Kind;
  /** Still there. The gateway keeps rows of what left for a while. */
  here: boolean;
  presence: Presence;
};

export type Roster = { here: readonly Instance[]; gone: readonly Instance[] };

const KINDS: Readonly<Record<string, Kind>> = {
  gateway: "gateway",
  webchat: "person",
  ui: "person",
  node: "node",
  app: "app",
  cli: "app",
  backend: "backend",
  probe: "backend",
};
const ORDER: readonly Kind[] = ["gateway", "person", "app", "node", "backend", "other"];

export function kindOf(presence: Presence): Kind {
  if (presence.user) return "person";
  if (presence.roles?.includes("node")) return "node";
  return KINDS[presence.mode ?? ""] ?? "other";
}

export const nameOf = ({ user, host, clientId, instanceId }: Presence): string =>
  user?.name ?? user?.email ?? seen(host) ?? clientId ?? instanceId ?? "Unnamed";

/** Rows of one list may share an instance (a device that came twice), so the place in the list is part of the key. */
export function readRoster(presences: readonly Presence[], query = ""): Roster {
  const all = presences
    .map((presence, index) => ({
      key: `${presence.instanceId ?? presence.deviceId ?? nameOf(presence)}:${index}`,
      name: nameOf(presence),
      kind: kindOf(presence),
      here: presence.reason !== "disconnect",
      presence,
    }))
    .filter((instance) => matches(instance, query.trim().toLowerCase()))
    .sort(byKindThenName);
  return { here: all.filter((one) => one.here), gone: all.filter((one) => !one.here).sort(byLastSeen) };
}

function matches({ name, kind, presence }: Instance, query: string): boolean {
  const { host, ip, version, platform, deviceFamily, clientId, mode, roles } = presence;
  return [name, kind, host, ip, version, platform, deviceFamily, clientId, mode, ...(roles ?? [])].some((text) =>
    text?.toLowerCase().includes(query),
  );
}

const byKindThenName = (one: Instance, other: Instance): number =>
  ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || one.name.localeCompare(other.name);

const byLastSeen = (one: Instance, other: Instance): number => other.presence.ts - one.presence.ts;
