import { expect, test } from "vitest";
import { issuesOf, readParams } from "./params";

test("parameters are an object, or nothing", () => {
  expect(readParams("{limit: 20}")).toEqual({ at: "ready", params: { limit: 20 } });
  expect(readParams("  \n")).toEqual({ at: "ready", params: undefined });
  expect(readParams("[1]")).toMatchObject({ at: "broken", message: "Parameters are an object: { … }" });
});

test("what does not parse is marked where it breaks", () => {
  expect(issuesOf(readParams("{\n a: ]}"))).toEqual([
    { from: 6, to: 7, severity: "error", message: "Invalid character ']'" },
  ]);
});
