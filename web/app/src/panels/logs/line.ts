/** A line of the gateway's log as it is shown. Pure; what is not JSON is text. */

export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof LEVELS)[number];

export type LogLine = {
  /** Grows by one a line; survives what is dropped at the other end. */
  id: number;
  /** As the gateway wrote it. */
  raw: string;
  atMs: number | null;
  level: Level;
  /** Who says it: "gateway/health-monitor", "cron". */
  source: string;
  message: string;
  traceId: string | null;
  /** For the search: everything that is shown, in lower case. */
  haystack: string;
};

export function parseLine(raw: string, id: number): LogLine {
  const read = readObject(raw);
  if (!read) return finish({ id, raw, atMs: null, level: "info", source: "", message: raw, traceId: null });
  const meta = isObject(read["_meta"]) ? read["_meta"] : {};
  const name = text(meta["name"]) ?? "";
  return finish({
    id,
    raw,
    atMs: timeOf(text(read["time"]) ?? text(meta["date"])),
    level: levelOf(text(meta["logLevelName"]) ?? text(read["level"])),
    source: sourceOf(name),
    message: text(read["message"]) ?? messageOf(read, name),
    traceId: text(read["traceId"]) ?? null,
  });
}

/** The object of a line, for its details. */
export function readObject(raw: string): Record<string, unknown> | null {
  if (!raw.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(raw);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** What a line holds besides what its row shows: the objects that were logged with it. */
export function fieldsOf(read: Record<string, unknown>): Record<string, unknown> {
  const own = Object.entries(read).filter(
    ([key]) => !/^\d+$/.test(key) && !["_meta", "time", "message", "hostname", "traceId"].includes(key),
  );
  const logged = numbered(read).filter(isObject);
  return Object.fromEntries([...logged.flatMap((value) => Object.entries(value)), ...own]);
}

const finish = (line: Omit<LogLine, "haystack">): LogLine => ({
  ...line,
  haystack: `${line.level} ${line.source} ${line.message} ${line.traceId ?? ""}`.toLowerCase(),
});

/** The logger keeps its arguments under "0", "1", …; the first one is its own name again. */
function messageOf(read: Record<string, unknown>, name: string): string {
  return numbered(read)
    .filter((value, index) => !(index === 0 && value === name))
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value)))
    .join(" ");
}

const numbered = (read: Record<string, unknown>): unknown[] =>
  Object.keys(read)
    .filter((key) => /^\d+$/.test(key))
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => read[key]);

/** The logger's name is a small JSON object as text: its subsystem or module is what people know. */
function sourceOf(name: string): string {
  const read = readObject(name);
  return read ? (text(read["subsystem"]) ?? text(read["module"]) ?? "") : name;
}

function levelOf(name: string | undefined): Level {
  const wanted = name?.toLowerCase();
  return LEVELS.find((level) => level === wanted) ?? "info";
}

function timeOf(time: string | undefined): number | null {
  const atMs = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(atMs) ? null : atMs;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
