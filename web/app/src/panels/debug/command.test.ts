import { expect, test } from "vitest";
import { commandOf } from "./command";

test("a call as a line for the shell, quoted so that it can be pasted", () => {
  expect(commandOf("health", undefined)).toBe("vestibule call health");
  expect(commandOf("wake", { text: "it's time" })).toBe(String.raw`vestibule call wake '{"text":"it'\''s time"}'`);
});
