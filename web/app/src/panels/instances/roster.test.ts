import { describe, expect, it } from "vitest";
import { kindOf, nameOf, readRoster } from "./roster";
import type { Presence } from "./wire";

const gateway: Presence = { ts: 9, host: "vm", mode: "gateway", reason: "self", version: "2026.9.6", instanceId: "g" };
const phone: Presence = { ts: 7, host: "Pixel", mode: "node", roles: ["node"], platform: "android", instanceId: "p" };
const ada: Presence = { ts: 8, host: "laptop", mode: "webchat", user: { id: "u1", name: "Ada" }, onlineSince: 5 };
const left: Presence = { ts: 3, host: "Old phone", mode: "node", reason: "disconnect", instanceId: "o" };
const leftLater: Presence = { ...left, ts: 4, host: "Old tablet" };

describe("the roster", () => {
  it("puts the gateway first, then people, then what serves them", () => {
    const { here } = readRoster([phone, ada, gateway]);

    expect(here.map((one) => one.name)).toEqual(["vm", "Ada", "Pixel"]);
  });

  it("keeps what left apart, the last one first", () => {
    const { here, gone } = readRoster([left, gateway, leftLater]);

    expect(here.map((one) => one.name)).toEqual(["vm"]);
    expect(gone.map((one) => one.name)).toEqual(["Old tablet", "Old phone"]);
  });

  it("finds by name, kind, address, platform and version", () => {
    const found = (query: string) => readRoster([gateway, phone, ada], query).here.map((one) => one.name);

    expect(found("ANDROID")).toEqual(["Pixel"]);
    expect(found("2026.9")).toEqual(["vm"]);
    expect(found(" ada ")).toEqual(["Ada"]);
    expect(found("person")).toEqual(["Ada"]);
    expect(found("nothing")).toEqual([]);
  });

  it("gives rows that share an instance keys of their own", () => {
    const { here } = readRoster([phone, phone]);

    expect(new Set(here.map((one) => one.key)).size).toBe(2);
  });
});

describe("one instance", () => {
  it("is a person when somebody is signed in, whatever the program", () => {
    expect(kindOf({ ts: 0, mode: "cli", user: { id: "u" } })).toBe("person");
    expect(kindOf({ ts: 0, mode: "cli" })).toBe("app");
    expect(kindOf({ ts: 0, mode: "something new" })).toBe("other");
  });

  it("has the best name there is", () => {
    expect(nameOf({ ts: 0, user: { id: "u", email: "ada@example.org" }, host: "laptop" })).toBe("ada@example.org");
    expect(nameOf({ ts: 0, clientId: "openclaw-ios" })).toBe("openclaw-ios");
    expect(nameOf({ ts: 0 })).toBe("Unnamed");
  });
});
