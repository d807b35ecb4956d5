import { describe, expect, it } from "vitest";
import { applyChange, contextUse, endsRun, errorOf, joinPages, readChange, shortKey, sortRows } from "./rows";
import type { SessionRow } from "./wire";

const row = (key: string, more: Partial<SessionRow> = {}): SessionRow => ({ key, ...more });
const keys = (rows: readonly SessionRow[]) => rows.map(({ key }) => key);
const all = () => true;

describe("shortKey", () => {
  it("shortens what nobody reads of a key", () => {
    expect(shortKey("agent:main:dashboard:5394074c-a464-4793-8e02-fedeb98e40eb")).toBe("dashboard 5394074c");
    expect(shortKey("global")).toBe("global");
  });
});

describe("sortRows", () => {
  it("puts pinned ones first, then the last used", () => {
    const rows = [row("a", { updatedAt: 1 }), row("b", { updatedAt: 3 }), row("c", { pinned: true, updatedAt: 0 })];
    expect(keys(sortRows(rows))).toEqual(["c", "b", "a"]);
  });
});

describe("joinPages", () => {
  it("P16: counts a row once although its key is written in two ways", () => {
    expect(keys(joinPages([row("agent:main:A")], [row("agent:main:a"), row("agent:main:b")]))).toEqual([
      "agent:main:A",
      "agent:main:b",
    ]);
  });
});

describe("readChange and applyChange", () => {
  const rows = [
    row("agent:main:a", { updatedAt: 2, lastMessagePreview: "hello" }),
    row("agent:main:b", { updatedAt: 1 }),
  ];

  it("W7: patches the row that is inside the event, and keeps what the event does not know", () => {
    const change = readChange({
      sessionKey: "agent:main:B",
      reason: "send",
      session: row("agent:main:b", { updatedAt: 9 }),
    });
    if (change.at === "unclear") throw new Error("should be clear");

    expect(keys(applyChange(rows, change, all))).toEqual(["agent:main:b", "agent:main:a"]);
  });

  it("keeps the last message of a row", () => {
    const change = readChange({ sessionKey: "agent:main:a", session: row("agent:main:a", { updatedAt: 9 }) });
    if (change.at === "unclear") throw new Error("should be clear");

    expect(applyChange(rows, change, all)[0]?.lastMessagePreview).toBe("hello");
  });

  it("takes a deleted row away", () => {
    expect(keys(applyChange(rows, { at: "gone", key: "agent:main:a" }, all))).toEqual(["agent:main:b"]);
    expect(applyChange(rows, { at: "gone", key: "agent:main:zzz" }, all)).toBe(rows);
  });

  it("takes a row away that does not belong here any more, and does not bring strangers in", () => {
    const active = (one: SessionRow) => one.archived !== true;
    const archived = { at: "changed", key: "agent:main:a", row: row("agent:main:a", { archived: true }) } as const;
    const stranger = { at: "changed", key: "agent:x:y", row: row("agent:x:y", { archived: true }) } as const;

    expect(keys(applyChange(rows, archived, active))).toEqual(["agent:main:b"]);
    expect(applyChange(rows, stranger, active)).toBe(rows);
  });

  it("does not guess: an event without its row is a hint to ask again", () => {
    expect(readChange({ reason: "delete" })).toEqual({ at: "unclear" });
    expect(readChange({ sessionKey: "agent:main:a", phase: "start" })).toEqual({ at: "unclear" });
    expect(readChange(null)).toEqual({ at: "unclear" });
  });

  it("knows when a run has ended", () => {
    const running = [row("a", { hasActiveRun: true })];
    const ended = { at: "changed", key: "a", row: row("a", { hasActiveRun: false }) } as const;
    expect(endsRun(running, ended)).toBe(true);
    expect(endsRun([row("a", { hasActiveRun: false })], ended)).toBe(false);
  });
});

describe("contextUse and errorOf", () => {
  it("says how full the context is, where both numbers are known", () => {
    expect(contextUse(row("a", { totalTokens: 32_000, contextTokens: 128_000 }))).toBe(0.25);
    expect(contextUse(row("a", { totalTokens: 32_000 }))).toBeNull();
  });

  it("reads a failed run in both shapes", () => {
    expect(errorOf(row("a", { lastRunError: "boom" }))).toBe("boom");
    expect(errorOf(row("a", { lastRunError: { message: "bang" } }))).toBe("bang");
    expect(errorOf(row("a", { status: "done", lastRunError: null }))).toBeNull();
  });
});
