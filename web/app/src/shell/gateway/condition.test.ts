import type { ConnectionState, GatewayState, GatewayStatus, Hello } from "@vestibule/client";
import { expect, test } from "vitest";
import { conditionOf, sentence } from "./condition";

const hello: Hello = {
  protocol: 1,
  connectionId: "x",
  principal: { member: "ada", owner: "ada", role: "admin", scopes: ["operator.admin"], expiresAtMs: null },
  epoch: "e",
  offset: 0,
  recovered: false,
  gateway: { state: "ready", reason: "", retryInMs: null, version: "2026.9.6", protocol: 4 },
  policy: { maxPayload: 1, pingIntervalMs: 30_000, rpcTimeoutMs: 30_000, partBytes: null },
};
const open: ConnectionState = { at: "open", hello };
const waiting = (code: number): ConnectionState => ({
  at: "waiting",
  attempt: 2,
  code,
  reason: "",
  retryInMs: 4_000,
  retryAtMs: 9_000,
});
const gateway = (state: GatewayState, reason = ""): GatewayStatus => ({
  state,
  reason,
  retryInMs: null,
  version: null,
  protocol: null,
});

test("all is well in one word", () => {
  expect(conditionOf({ connection: open, gateway: gateway("ready") })).toMatchObject({
    tone: "success",
    label: "Connected",
  });
});

test("the door's trouble comes before the gateway's last known state", () => {
  const condition = conditionOf({ connection: waiting(1006), gateway: gateway("ready") });
  expect(condition).toMatchObject({ tone: "warning", label: "Reconnecting", retryAtMs: 9_000 });
});

test("a restart of the door is told as one", () => {
  expect(conditionOf({ connection: waiting(1012), gateway: null }).detail).toContain("restarts");
});

test.each<[GatewayState, string]>([
  ["unprovisioned", "No gateway"],
  ["stopped", "Gateway stopped"],
  ["starting", "Gateway starting"],
  ["connecting", "Reaching gateway"],
  ["degraded", "Degraded"],
  ["down", "Gateway down"],
])("a gateway that is %s is called so", (state, label) => {
  expect(conditionOf({ connection: open, gateway: gateway(state) }).label).toBe(label);
});

test("the gateway's reason is told with it", () => {
  const condition = conditionOf({ connection: open, gateway: gateway("down", "connection refused") });
  expect(condition.detail).toBe("The gateway cannot be reached. Connection refused.");
});

test.each([
  ["no route", "No route."],
  ["Is it?", "Is it?"],
  ["  ", ""],
])("a reason becomes a sentence: %j", (text, expected) => {
  expect(sentence(text)).toBe(expected);
});
