import { expect, it } from "vitest";
import { agentRules, defaultsOf, isStale, readRules, writtenOf } from "./rules";

const file = {
  version: 1,
  socket: { path: "/run/approvals.sock" },
  agents: { main: { allowlist: [{ pattern: "/bin/ls" }] }, helper: { security: "deny" } },
};

it("what is edited is the rules alone", () => {
  expect(writtenOf(file)).not.toContain("socket");
  expect(readRules(writtenOf(file))).toEqual({ at: "ready", file: { version: 1, agents: file.agents } });
});

it("what does not parse, or is no file, is said", () => {
  expect(readRules("{\n a: ]}")).toEqual({ at: "broken", message: "Line 2: Invalid character ']'" });
  expect(readRules(" ")).toMatchObject({ at: "broken" });
});

it("counts what each agent may do", () => {
  expect(agentRules(file)).toEqual([
    { agentId: "helper", security: "deny", allowed: 0 },
    { agentId: "main", security: undefined, allowed: 1 },
  ]);
  expect(agentRules({ version: 1 })).toEqual([]);
});

it("says the defaults as a sentence, and words it does not know as they are", () => {
  expect(defaultsOf({ security: "allowlist", ask: "on-miss" })).toBe(
    "Listed commands run; a person is asked about others.",
  );
  expect(defaultsOf({ security: "strict", ask: "twice" })).toBe("strict; twice.");
});

it("knows a conflict from other refusals", () => {
  expect(isStale(new Error("exec approvals changed since last load; re-run exec.approvals.get and retry"))).toBe(true);
  expect(isStale(new Error("invalid exec.approvals.set params"))).toBe(false);
});
