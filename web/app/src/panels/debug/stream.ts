/** What comes over the socket, kept for a look: bounded, pure. */

export type Seen = {
  id: number;
  atMs: number;
  /** `event`, `res`, `chunk`, … */
  type: string;
  /** What it is about: the event's name, the agent, the answered call. */
  name: string;
  /** A first look: the payload, cut. */
  summary: string;
  bytes: number;
  frame: Readonly<Record<string, unknown>>;
};

export const KEPT_FRAMES = 2_000;
const LOOK = 300;

export function see(frame: Readonly<Record<string, unknown>>, id: number, atMs: number): Seen {
  const type = text(frame["type"]);
  const body = bodyOf(type, frame);
  const written = JSON.stringify(body ?? null);
  return { id, atMs, type, name: nameOf(type, frame), summary: written.slice(0, LOOK), bytes: written.length, frame };
}

function bodyOf(type: string, frame: Readonly<Record<string, unknown>>): unknown {
  if (type === "event") return frame["payload"] ?? null;
  if (type === "res") return frame["ok"] === true ? (frame["payload"] ?? null) : frame["error"];
  return Object.fromEntries(Object.entries(frame).filter(([field]) => field !== "type"));
}

function nameOf(type: string, frame: Readonly<Record<string, unknown>>): string {
  if (type === "event") return text(frame["event"]);
  if (type === "res") return `${frame["ok"] === true ? "ok" : "error"} #${text(frame["id"])}`;
  return text(frame["agent"]) || text(frame["state"]) || text(frame["tool"]);
}

/** With what was seen lately; the oldest go. */
export function kept(before: readonly Seen[], fresh: readonly Seen[]): readonly Seen[] {
  const all = [...before, ...fresh];
  return all.length > KEPT_FRAMES ? all.slice(all.length - KEPT_FRAMES) : all;
}

export type StreamFilter = {
  /** Only gateway events, or every frame of the door. */
  kind: "events" | "frames";
  query: string;
  /** Names that are left out: the noisy ones. */
  muted: ReadonlySet<string>;
};

/** Words of the query each occur in name, type or payload; `-word` must not. */
export function seenBy(seen: readonly Seen[], { kind, query, muted }: StreamFilter): readonly Seen[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return seen.filter((one) => {
    if (kind === "events" && one.type !== "event") return false;
    if (muted.has(groupOf(one))) return false;
    const text = `${one.type} ${one.name} ${one.summary}`.toLowerCase();
    return words.every((word) =>
      word.startsWith("-") && word.length > 1 ? !text.includes(word.slice(1)) : text.includes(word),
    );
  });
}

/** What is muted together: an event by its name, another frame by its type. */
export const groupOf = (one: Seen): string => (one.type === "event" ? one.name : one.type);

export function groupsOf(seen: readonly Seen[]): readonly { group: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const one of seen) counts.set(groupOf(one), (counts.get(groupOf(one)) ?? 0) + 1);
  return [...counts].map(([group, count]) => ({ group, count })).sort((a, b) => b.count - a.count);
}

const text = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
