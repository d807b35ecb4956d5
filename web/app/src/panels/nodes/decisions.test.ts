import { expect, it } from "vitest";
import { askedOf, howOf, toneOf } from "./decisions";
import type { Decided } from "./wire";

const denied: Decided = {
  id: "a",
  status: "denied",
  presentation: { kind: "exec", commandText: "echo hi" },
  resolvedAtMs: 1,
  decision: "deny",
  reason: "no-route",
  resolver: { kind: "system", id: "no-approval-route" },
};

it("says what was asked", () => {
  expect(askedOf(denied)).toBe("echo hi");
  expect(askedOf({ ...denied, presentation: { kind: "plugin", title: "Send a mail" } })).toBe("Send a mail");
});

it("says who decided, or why nobody did", () => {
  expect(howOf(denied)).toBe("nobody could be asked");
  expect(howOf({ ...denied, reason: "user", resolver: { kind: "device", id: "4f2c" } })).toBe("deny by device 4f2c");
  expect(howOf({ id: "b", status: "cancelled", presentation: { kind: "exec" }, resolvedAtMs: 1 })).toBe("ended");
  expect(toneOf("something new")).toBe("neutral");
});
