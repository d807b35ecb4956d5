import { describe, expect, test } from "vitest";
import { changed, grouped, readChange } from "./rows";
import type { SessionRow } from "./wire";

const row = (key: string, more: Partial<SessionRow> = {}): SessionRow => ({ key, ...more });
const all = () => true;

test("pinned ones come first, then the days", () => {
  const now = new Date("2026-11-25T12:00:00").getTime();
  const ago = (days: number) => now - days * 86_400_000;
  const groups = grouped(
    [
      row("b", { updatedAt: ago(1) }),
      row("a", { updatedAt: now }),
      row("p", { updatedAt: ago(99), pinned: true }),
      row("o", { updatedAt: ago(99) }),
    ],
    now,
  );
  expect(groups.map(({ title, rows }) => [title, rows.map(({ key }) => key)])).toEqual([
    ["Pinned", ["p"]],
    ["Today", ["a"]],
    ["Yesterday", ["b"]],
    ["Older", ["o"]],
  ]);
});

describe("sessions.changed (W7: the row is inside, nothing is asked again)", () => {
  test("changes, adds and takes away one row; the others keep their identity", () => {
    const rows = [row("agent:main:a", { label: "A" }), row("agent:main:b")];
    const after = changed(rows, { key: "agent:MAIN:a", row: row("agent:main:a", { unread: true }) }, all);
    expect(after).toEqual([row("agent:main:a", { label: "A", unread: true }), rows[1]]);
    expect(after[1]).toBe(rows[1]);
    expect(changed(rows, { key: "agent:main:b", row: null }, all)).toEqual([rows[0]]);
    expect(changed(rows, { key: "n", row: row("n") }, all)).toHaveLength(3);
    expect(changed(rows, { key: "n", row: row("n") }, () => false)).toBe(rows);
  });

  test("is read, or asked again when it names no row", () => {
    expect(readChange({ sessionKey: "k", reason: "delete" })).toEqual({ key: "k", row: null });
    expect(readChange({ sessionKey: "k", session: { key: "k" } })).toEqual({ key: "k", row: { key: "k" } });
    expect(readChange({ sessionKey: "k" })).toBeNull();
    expect(readChange(null)).toBeNull();
  });
});
