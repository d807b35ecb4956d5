import { expect, test } from "vitest";
import { matching, slashCommands, typedCommand } from "./commands";

const commands = slashCommands({
  commands: [
    { name: "help", textAliases: ["/help"], description: "Show commands." },
    { name: "tools", acceptsArgs: true },
    { name: "dashboard" },
  ],
});

test("a command is typed only at the very beginning", () => {
  expect(typedCommand("/To")).toBe("/to");
  expect(typedCommand("/")).toBe("/");
  expect(typedCommand("/tools now")).toBeNull();
  expect(typedCommand("see /tools")).toBeNull();
});

test("what begins so comes first", () => {
  expect(matching(commands, "/").map(({ text }) => text)).toEqual(["/help", "/tools", "/dashboard"]);
  expect(matching(commands, "/h").map(({ text }) => text)).toEqual(["/help", "/dashboard"]);
  expect(commands[1]?.takesMore).toBe(true);
});
