import { expect, test } from "vitest";
import { advance, nameOf, type Press } from "./keys";

const press = (key: string, how: Partial<Press> = {}): Press => ({
  key,
  mod: false,
  alt: false,
  inText: false,
  ...how,
});
const known = new Set(["mod k", "?", "g then c", "g then o", "t"]);

test("keys are for writing while one writes; with the modifier they are not", () => {
  expect(nameOf(press("t", { inText: true }))).toBeNull();
  expect(nameOf(press("k", { mod: true, inText: true }))).toBe("mod k");
  expect(nameOf(press("?"))).toBe("?");
  expect(nameOf(press("ArrowDown"))).toBeNull();
});

test("a sequence is two keys, one after the other", () => {
  expect(advance(null, "g", known)).toEqual({ at: "pending", keys: "g" });
  expect(advance("g", "o", known)).toEqual({ at: "found", shortcut: "g then o" });
});

test("a key that does not go on begins anew", () => {
  expect(advance("g", "t", known)).toEqual({ at: "found", shortcut: "t" });
  expect(advance("g", "x", known)).toEqual({ at: "none" });
});
