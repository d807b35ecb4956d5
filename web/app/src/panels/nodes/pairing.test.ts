import { describe, expect, it } from "vitest";
import { deviceName, shortId, waiting } from "./pairing";

const node = {
  requestId: "n1",
  nodeId: "5f35bd15efcc2583",
  displayName: "Pixel",
  platform: "android",
  version: "1.2",
  caps: ["camera"],
  commands: ["camera.snap"],
  ts: 20,
};
const device = {
  requestId: "d1",
  deviceId: "4a67330b803d5c88",
  clientId: "cli",
  roles: ["operator"],
  scopes: ["operator.read"],
  isRepair: true,
  ts: 10,
};

describe("what waits", () => {
  it("is one list of nodes and devices, the longest wait first", () => {
    const all = waiting({ pending: [node] }, { pending: [device], paired: [] });

    expect(all.map((one) => [one.kind, one.requestId])).toEqual([
      ["device", "d1"],
      ["node", "n1"],
    ]);
  });

  it("says what a yes grants", () => {
    const [pixel] = waiting({ pending: [node] }, undefined);
    const [cli] = waiting(undefined, { pending: [device], paired: [] });

    expect(pixel?.grants).toEqual([
      { what: "Capabilities", items: ["camera"] },
      { what: "Commands", items: ["camera.snap"] },
    ]);
    expect(cli?.grants.map((grant) => grant.what)).toEqual(["Roles", "Scopes"]);
    expect([pixel?.again, cli?.again]).toEqual([false, true]);
  });

  it("is nothing while nothing was read", () => {
    expect(waiting(undefined, undefined)).toEqual([]);
  });

  it("takes the single role of older gateways", () => {
    const [one] = waiting(undefined, { pending: [{ requestId: "d", deviceId: "x", role: "node" }], paired: [] });

    expect(one?.grants).toEqual([{ what: "Roles", items: ["node"] }]);
  });
});

describe("a device", () => {
  it("has the name it was given here before the one it gives itself", () => {
    expect(deviceName({ deviceId: "x", displayName: "host", operatorLabel: "Kitchen" })).toBe("Kitchen");
    expect(deviceName({ deviceId: "4a67330b803d5c88757afb" })).toBe("4a67330b803d…");
    expect(shortId("short")).toBe("short");
  });
});
