import { afterEach, describe, expect, it, vi } from "vitest";
import { gatewayAddress } from "../src/address.js";
import { publicEnvironment } from "../src/environment.js";

describe("the door's address", () => {
  const environment = { wsUrl: "wss://env.example/ws", apiUrl: "https://api.example/api/v1" };

  it("is the prop, else NEXT_PUBLIC_WS_URL, else derived from NEXT_PUBLIC_API_URL", () => {
    expect(gatewayAddress("wss://prop.example/ws", environment, null)).toBe("wss://prop.example/ws");
    expect(gatewayAddress(undefined, environment, null)).toBe("wss://env.example/ws");
    expect(gatewayAddress(undefined, { apiUrl: environment.apiUrl }, null)).toBe("wss://api.example/ws");
  });

  it.each([
    ["https://host.example/api/v1", "wss://host.example/ws"],
    ["https://host.example/api/v1/", "wss://host.example/ws"],
    ["http://localhost:8000/api/v1", "ws://localhost:8000/ws"],
    ["http://localhost:8000", "ws://localhost:8000/ws"],
    ["https://host.example/team/api/v1", "wss://host.example/team/ws"],
    ["https://api-dev.example.com/api/v1", "wss://ws-dev.example.com/"],
    ["https://apiary.example.com/api/v1", "wss://apiary.example.com/ws"],
  ])("%s leads to %s", (apiUrl, expected) => {
    expect(gatewayAddress(undefined, { apiUrl }, null)).toBe(expected);
  });

  it("may be a path of the page's own host", () => {
    expect(gatewayAddress("/ws", {}, "https://app.example/chat?x#y")).toBe("https://app.example/ws");
    expect(gatewayAddress("/ws", {}, null)).toBe("http://localhost/ws");
  });

  it("is missed aloud", () => {
    expect(() => gatewayAddress(undefined, {}, null)).toThrow("GatewayProvider needs a url");
  });
});

describe("the environment", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("is read where there is one", () => {
    vi.stubEnv("NEXT_PUBLIC_WS_URL", "wss://a.example/ws");
    vi.stubEnv("NEXT_PUBLIC_API_URL", "https://b.example/api/v1");
    expect(publicEnvironment()).toEqual({ wsUrl: "wss://a.example/ws", apiUrl: "https://b.example/api/v1" });
  });

  it("does no harm where there is none", () => {
    vi.stubGlobal("process", undefined);
    expect(publicEnvironment()).toEqual({ wsUrl: undefined, apiUrl: undefined });
    vi.unstubAllGlobals();
  });
});
