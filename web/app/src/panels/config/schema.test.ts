import { expect, test } from "vitest";
import { choicesOf, heaviest, kindOf, lookupPath } from "./schema";

test("a path is asked for as the gateway takes it; a key it would not take is any key", () => {
  expect(lookupPath([])).toBe(".");
  expect(lookupPath(["models", "providers", "demo", "models", 0, "id"])).toBe("models.providers.demo.models.0.id");
  expect(lookupPath(["agents", "entries", "x.y z"])).toBe("agents.entries.*");
});

test("a schema says what a value may be", () => {
  const level = {
    anyOf: [
      { type: "string", const: "info" },
      { type: "string", const: "debug" },
    ],
  };

  expect(choicesOf(level)).toEqual(["info", "debug"]);
  expect(kindOf(level)).toBe("one of 2");
  expect(kindOf({ type: "integer", minimum: 1, maximum: 65_535 })).toBe("integer 1–65535");
  expect(kindOf({ anyOf: [{ type: "string" }, { type: "object" }] })).toBe("string or object");
  expect(choicesOf({ type: "boolean" })).toEqual([true, false]);
});

test("the heaviest reload counts, and what is unknown is not taken for light", () => {
  expect(heaviest(["none", "hot"])).toBe("hot");
  expect(heaviest(["hot", "restart", undefined])).toBe("restart");
  expect(heaviest(["hot", undefined])).toBe("unknown");
});
