import { describe, expect, it } from "vitest";
import { carriedBy, concerns, familyOf } from "../src/shared/families.js";

const event = (name: string, payload: unknown = {}) => ({ event: name, payload, offset: null });

function isHint(read: string, name: string, payload?: unknown): boolean {
  const family = familyOf(read);
  return family !== null && concerns(family, event(name, payload));
}

describe("families of reads", () => {
  it.each([
    ["cron.list", "cron"],
    ["cron.runs", "cron"],
    ["sessions.list", "sessions.changed"],
    ["config.get", "config.changed"],
    ["agents.list", "config.changed"],
    ["channels.status", "config.changed"],
    ["skills.status", "skills.changed"],
    ["node.list", "node.pair.requested"],
    ["device.pair.list", "device.pair.changed"],
    ["tasks.list", "task"],
    ["exec.approval.list", "exec.approval.resolved"],
    ["question.list", "question.requested"],
  ])("%s is asked again after %s", (read, name) => {
    expect(isHint(read, name)).toBe(true);
  });

  it.each([
    ["cron.list", "health"],
    ["agent.identity.get", "config.changed"],
    ["config.schema", "config.changed"],
    ["logs.tail", "tick"],
  ])("%s is not asked again after %s", (read, name) => {
    expect(isHint(read, name)).toBe(false);
  });

  it("of a run only its end changes lists", () => {
    expect(isHint("sessions.list", "chat", { state: "delta" })).toBe(false);
    expect(isHint("sessions.list", "chat", { state: "final" })).toBe(true);
  });

  it("costs are asked for at most once a minute", () => {
    expect(familyOf("usage.cost")?.paceMs).toBe(60_000);
    expect(familyOf("sessions.usage")?.paceMs).toBe(60_000);
  });

  it("health and presence carry the new state", () => {
    expect(carriedBy(event("health", { ok: true }))).toEqual({ read: "health", data: { ok: true } });
    expect(carriedBy(event("presence", { presence: [1] }))).toEqual({ read: "system-presence", data: [1] });
    expect(carriedBy(event("toString"))).toBeNull();
  });
});
