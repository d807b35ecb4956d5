import { waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { ChatIncomingMessage } from "../src/index.js";
import {
  useConnection,
  useGateway,
  useGatewayEvent,
  useGatewayNotice,
  useGatewayStatus,
  useMethods,
  usePrincipal,
  useScopes,
} from "../src/index.js";
import { World } from "./world.js";

describe("useGateway", () => {
  it("calls, and rejects with what the gateway says", async () => {
    const world = new World();
    world.fake.on("health", () => ({ ok: true }));
    const { result } = await world.hook(useGateway);

    await world.settle(async () => {
      await expect(result.current.sendReq("health")).resolves.toEqual({ ok: true });
      await expect(result.current.sendReq("nonsense")).rejects.toThrow("Not a method");
    });
  });

  it("hands on events and chat frames until it is told to stop", async () => {
    const world = new World();
    const { result } = await world.hook(useGateway);
    const events = vi.fn();
    const said: ChatIncomingMessage[] = [];
    const offEvent = result.current.onEvent(events);
    const offChat = result.current.onChatMessage((message) => void said.push(message));

    await world.settle(() => result.current.sendChat("main", "Hi"));
    await world.settle(() => world.fake.chat().accepted().chunk("Hel").chunk("lo").done());
    await world.settle(() => world.fake.event("cron", { jobId: "j1" }));
    offEvent();
    offChat();
    await world.settle(() => world.fake.event("cron", { jobId: "j2" }));

    expect(events.mock.calls.filter(([event]) => event === "cron")).toEqual([["cron", { jobId: "j1" }]]);
    expect(said.map((message) => (message.type === "chunk" ? message.content : message.type))).toEqual([
      "heartbeat",
      "Hel",
      "lo",
      "done",
    ]);
  });

  it.each([
    [() => null, "Not authenticated"],
    [() => "bad", "Authentication failed. Please refresh the page."],
  ])("says why it may not in", async (getToken, message) => {
    const world = new World();
    world.fake.signIn((token) => (token === "good" ? {} : null));
    const rendered = await world.page(<Shown />, { getToken });

    expect(rendered.container.textContent).toBe(message);
  });
});

function Shown() {
  const { error, isConnected } = useGateway();
  return <p>{isConnected ? "connected" : error}</p>;
}

describe("the state of connection and gateway", () => {
  it("W3: a lost connection is waited for with a time, and comes back", async () => {
    const world = new World();
    const { result } = await world.hook(() => useConnection());
    expect(result.current.isOpen).toBe(true);

    world.fake.fault("refuse");
    await world.settle(() => world.fake.drop(1006));
    expect(["waiting", "connecting"]).toContain(result.current.state.at);
    expect(result.current.error).toBeNull();

    world.fake.heal();
    await waitFor(() => expect(result.current.isOpen).toBe(true));
  });

  it("W12: what is known of the gateway stays while the connection is away", async () => {
    const world = new World();
    world.fake.on("health", () => ({})).gateway({ scopes: ["operator.read"] });
    const { result } = await world.hook(() => ({
      status: useGatewayStatus(),
      methods: useMethods(),
      scopes: useScopes(),
      who: usePrincipal(),
      at: useConnection().state.at,
    }));
    const before = result.current;
    expect(before.status?.state).toBe("ready");
    expect(before.methods).toEqual(new Set(["health"]));
    expect(before.scopes).toEqual(new Set(["operator.read"]));
    expect(before.who?.member).toBe("ada");

    world.fake.fault("refuse");
    await world.settle(() => world.fake.drop());

    expect(result.current.at).not.toBe("open");
    expect(result.current).toMatchObject({ status: before.status, methods: before.methods, who: before.who });
    world.fake.heal();
  });

  it("a state of the gateway is shown as it comes", async () => {
    const world = new World();
    const { result } = await world.hook(useGatewayStatus);
    await world.settle(() => world.fake.gateway({ state: "down", reason: "It does not answer.", retryInMs: 4_000 }));

    expect(result.current).toMatchObject({ state: "down", reason: "It does not answer.", retryInMs: 4_000 });
  });
});

describe("useGatewayEvent", () => {
  it("hears each event once under StrictMode, with the handler of the last render", async () => {
    const world = new World();
    const heard: string[] = [];
    const { rerender } = await world.hook(
      ({ mark }: { mark: string }) =>
        useGatewayEvent(["cron", "sessions.*"], ({ event }) => heard.push(`${mark} ${event}`)),
      { mark: "one" },
    );
    await world.settle(() => world.fake.event("cron").event("health"));
    rerender({ mark: "two" });
    await world.settle(() => world.fake.event("sessions.changed"));

    expect(heard).toEqual(["one cron", "two sessions.changed"]);
  });

  it("C8: an error that belongs to nothing is a notice", async () => {
    const world = new World();
    const heard: string[] = [];
    await world.hook(() => useGatewayNotice(({ message }) => heard.push(message)));
    await world.settle(() => world.fake.tell({ type: "error", message: "Slow down.", code: "RATE_LIMITED" }));

    expect(heard).toEqual(["Slow down."]);
  });
});
