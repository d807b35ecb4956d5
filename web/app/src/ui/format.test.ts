import { expect, test } from "vitest";
import { formatBytes, formatCount, formatDuration, formatMoney, formatRelative } from "./format";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_536, "1.5 KB"],
  [19_464_192, "18.6 MB"],
])("%d bytes read %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0, "$0.00"],
  [12.5, "$12.50"],
  [0.0042, "$0.0042"],
  [0.00000004, "$0.000000"],
])("an amount of %d reads %s", (amount, text) => expect(formatMoney(amount)).toBe(text));

test.each([
  [840, "840 ms"],
  [4_200, "4.2 s"],
  [5_000, "5 s"],
  [60_000, "1 min"],
  [90_000, "1 min 30 s"],
  [7_500_000, "2 h 5 min"],
  [90_000_000, "1 d 1 h"],
])("%d ms read %s", (durationMs, text) => expect(formatDuration(durationMs)).toBe(text));

test.each([
  [-3_000, "just now"],
  [800, "just now"],
  [8_000, "in a moment"],
  [-42_000, "42 s ago"],
  [-3 * 60_000, "3 min ago"],
  [2 * 3_600_000, "in 2 h"],
  [-40 * 86_400_000, "16 Oct 2026"],
])("%d ms from now reads %s", (awayMs, text) => {
  const nowMs = Date.UTC(2026, 10, 25, 12);
  expect(formatRelative(nowMs + awayMs, nowMs)).toBe(text);
});

test("large counts are short", () => expect(formatCount(1_234_567)).toBe("1.2M"));
