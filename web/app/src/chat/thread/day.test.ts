import type { NoteItem } from "@vestibule/react";
import { expect, test } from "vitest";
import { dayBefore } from "./day";

const at = (iso: string): NoteItem => ({
  kind: "note",
  key: iso,
  role: "system",
  text: "",
  atMs: new Date(iso).getTime(),
  row: {},
});
const now = new Date("2026-11-25T12:00:00").getTime();

test("a day is named where it begins", () => {
  expect(dayBefore(at("2026-11-25T09:00:00"), undefined, now)).toBeNull();
  expect(dayBefore(at("2026-11-25T09:00:00"), at("2026-11-24T23:00:00"), now)).toBe("Today");
  expect(dayBefore(at("2026-11-24T09:00:00"), undefined, now)).toBe("Yesterday");
  expect(dayBefore(at("2026-11-20T09:00:00"), at("2026-11-19T09:00:00"), now)).toBe("Friday 20 November");
  expect(dayBefore(at("2026-11-20T10:00:00"), at("2026-11-20T09:00:00"), now)).toBeNull();
});
