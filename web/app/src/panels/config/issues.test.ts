import { expect, test } from "vitest";
import { issuesIn, isStale, pathOf, placed } from "./issues";

const text = '{\n  "logging": {\n    "level": "nope",\n    "zork": 1\n  }\n}';

test("an issue stands at the line of its path", () => {
  const [issue] = placed([{ path: "logging.level", message: "Invalid input" }], text, "error");

  expect(issue).toMatchObject({ line: 3, message: "Invalid input", path: ["logging", "level"] });
  expect(text.slice(issue?.from, issue?.to)).toBe('"level"');
});

test("an unknown key is marked itself, not the object it is in", () => {
  const [issue] = placed([{ path: "logging", message: 'Unrecognized key: "zork"' }], text, "error");

  expect(issue?.line).toBe(4);
});

test("what the gateway refuses is read from its details, or from where JSON5 broke", () => {
  const refused = { message: "invalid config", details: { issues: [{ path: "logging.level", message: "Invalid" }] } };

  expect(issuesIn(refused, text).map((issue) => issue.line)).toEqual([3]);
  expect(issuesIn({ message: "SyntaxError: JSON5: invalid character 'x' at 2:3" }, text)).toMatchObject([{ line: 2 }]);
  expect(issuesIn({ message: "no" }, text)).toEqual([]);
});

test("paths are read as the gateway writes them", () => {
  expect(pathOf("agents.list[0].name")).toEqual(["agents", "list", 0, "name"]);
  expect(pathOf("models.0.id")).toEqual(["models", 0, "id"]);
  expect(pathOf("<root>")).toEqual([]);
});

test("a stale hash is known by the gateway's own words", () => {
  expect(isStale({ message: "config changed since last load; re-run config.get and retry" })).toBe(true);
});
