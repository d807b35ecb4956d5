import { waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { ChatIncomingMessage } from "../src/index.js";
import {
  useConnection,
  useDoorSnapshot,
  useGateway,
  useGatewayEvent,
  useGatewayNotice,
  useGatewayStatus,
  useMethods,
  useOffer,
  usePrincipal,
  useScopes,
  useTurns,
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

  it("what the gateway offers is told, and told again when another version of it is there", async () => {
    const world = new World();
    world.fake.on("health", () => ({})).gateway({ protocol: 3, version: "2026.3.13" });
    const { result } = await world.hook(useOffer);
    expect(result.current).toMatchObject({ protocol: 3, version: "2026.3.13", methods: new Set(["health"]) });

    await world.settle(() => world.fake.gateway({ state: "connecting" }));
    world.fake.on("cron.list", () => ({}));
    await world.settle(() => world.fake.gateway({ state: "ready", protocol: 4, version: "2026.9.6" }));

    expect(result.current).toMatchObject({
      protocol: 4,
      version: "2026.9.6",
      methods: new Set(["health", "cron.list"]),
    });
  });

  it("W8: all that is known is one snapshot, which counts what was missed for good", async () => {
    const world = new World();
    const { result } = await world.hook(useDoorSnapshot);
    const before = result.current;
    expect(before).toMatchObject({
      connection: { at: "open" },
      gateway: { state: "ready" },
      principal: { member: "ada" },
    });

    await world.settle(() => world.fake.resync());

    expect(result.current.generation).toBe(before.generation + 1);
    expect(result.current.principal).toBe(before.principal);
  });

  it("a state of the gateway is shown as it comes", async () => {
    const world = new World();
    const { result } = await world.hook(useGatewayStatus);
    await world.settle(() => world.fake.gateway({ state: "down", reason: "It does not answer.", retryInMs: 4_000 }));

    expect(result.current).toMatchObject({ state: "down", reason: "It does not answer.", retryInMs: 4_000 });
  });
});

describe("useTurns", () => {
  it("lists the turns of all agents with their runs, from the question to the end", async () => {
    const world = new World();
    const { result } = await world.hook(() => ({ ...useTurns(), sendChat: useGateway().sendChat }));
    await world.settle(() => {
      result.current.sendChat("main", "Hi");
      result.current.sendChat("research", "Look");
    });
    await world.settle(() => world.fake.chat().accepted().chunk("Looking"));
    const texts = () => result.current.turns.map(({ message, state, runs }) => [message.agent, state.at, runs.length]);
    expect(texts()).toEqual([
      ["main", "sent", 0],
      ["research", "running", 1],
    ]);

    await world.settle(() => world.fake.chat().done());
    expect(texts().at(-1)).toEqual(["research", "done", 1]);
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
