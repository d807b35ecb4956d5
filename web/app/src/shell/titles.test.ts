import { expect, test } from "vitest";
import { sessionTitle, titleFrom } from "./titles";

test("a session is called by its name, by what it is about, or by the readable part of its key", () => {
  expect(sessionTitle({ key: "agent:main:main" })).toBe("Main conversation");
  expect(sessionTitle({ key: "agent:main:main", label: "Home" })).toBe("Home");
  expect(sessionTitle({ key: "agent:main:x", label: null, derivedTitle: "how do I" })).toBe("how do I");
  expect(sessionTitle({ key: "agent:main:x", lastMessagePreview: "**Hello** there" })).toBe("Hello there");
  expect(sessionTitle({ key: "agent:main:dashboard:34db69c5-5e17-4ee1-8508-f2887fb56ef3" })).toBe("New chat");
  expect(sessionTitle({ key: "agent:main:telegram:direct:7" })).toBe("telegram direct 7");
  expect(sessionTitle({ key: "global" })).toBe("global");
});

test("a title is one line, cut between words", () => {
  expect(titleFrom("# Plan\n\nthe trip")).toBe("Plan the trip");
  expect(titleFrom("one two three", 9)).toBe("one two…");
});
