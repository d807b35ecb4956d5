import { expect, test } from "vitest";
import { durationOf, type ToolPart, viewTool } from "./tool-view";

const part = (more: Partial<ToolPart>): ToolPart => ({
  kind: "tool",
  id: "t",
  name: "exec",
  at: "done",
  args: null,
  result: null,
  ...more,
});

test("a command is shown as one, with what came out of it", () => {
  const result = { content: [{ type: "text", text: "hi" }], details: { exitCode: 3, durationMs: 25 } };
  expect(viewTool(part({ args: { command: "echo hi" }, result }))).toEqual({
    icon: "terminal",
    name: "exec",
    subject: "echo hi",
    input: { text: "echo hi", language: "bash" },
    output: { text: "hi", language: "" },
    note: "exit code 3",
  });
  expect(durationOf(result)).toBe(25);
});

test("other arguments are shown as they are, JSON in a result is laid out", () => {
  const view = viewTool(part({ name: "read", args: { path: "a.md", limit: 3 }, result: '{"a":1}' }));
  expect(view.subject).toBe("a.md");
  expect(view.input).toEqual({ text: '{\n  "path": "a.md",\n  "limit": 3\n}', language: "json" });
  expect(view.output).toEqual({ text: '{\n  "a": 1\n}', language: "json" });
});

test("nothing in, nothing out: nothing is invented", () => {
  expect(viewTool(part({ name: "", args: {}, at: "running" }))).toEqual({
    icon: "tool",
    name: "tool",
    subject: "",
    input: null,
    output: null,
    note: null,
  });
});
