import { expect, test } from "vitest";
import { agentOf, nameOf, newKey, placeOf, sameKey } from "./place";

test("the address says which conversation", () => {
  expect(placeOf({ at: "chat" }, "main")).toEqual({ agent: "main", sessionKey: null });
  expect(placeOf({ at: "chat", agent: "ops" }, "main")).toEqual({ agent: "ops", sessionKey: null });
  expect(placeOf({ at: "chat", agent: "x", sessionKey: "agent:ops:a" }, "main")).toEqual({
    agent: "ops",
    sessionKey: "agent:ops:a",
  });
  expect(placeOf({ at: "chat", agent: "x", sessionKey: "global" }, "main")).toEqual({
    agent: "x",
    sessionKey: "global",
  });
});

test("keys name their agent, and are the same in any case (P16)", () => {
  expect(agentOf("agent:main:dashboard:1")).toBe("main");
  expect(agentOf("global")).toBeNull();
  expect(newKey("Main", "AB-C")).toBe("agent:main:dashboard:ab-c");
  expect(sameKey("agent:Main:x", "agent:main:X")).toBe(true);
  expect(nameOf({ agent: "main", sessionKey: null })).toBe("agent:main");
});
