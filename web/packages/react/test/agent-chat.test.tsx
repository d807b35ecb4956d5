import { describe, expect, it } from "vitest";
import { useAgentChat } from "../src/index.js";
import { World } from "./world.js";

describe("useAgentChat", () => {
  const chat = (world: World, agent: string | null = "main") =>
    world.hook((name: string | null) => useAgentChat(name), agent);

  it("C3: streams the answer: its increments joined are its text", async () => {
    const world = new World();
    const { result } = await chat(world);
    expect(result.current).toMatchObject({ messages: [], isStreaming: false, error: null, isConnected: true });

    await world.settle(() => result.current.sendMessage("Hi"));
    expect(result.current.messages).toEqual([{ role: "user", content: "Hi" }]);
    expect(result.current.isStreaming).toBe(true);
    await world.settle(() => world.fake.chat().accepted().chunk("Hel").heartbeat().chunk("lo").done());

    expect(result.current.messages).toEqual([
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
    ]);
    expect(result.current.isStreaming).toBe(false);
  });

  it("W10: a failed turn says why, until the next message", async () => {
    const world = new World();
    const { result } = await chat(world);
    await world.settle(() => result.current.sendMessage("Hi"));
    await world.settle(() => world.fake.chat().error("The model failed."));
    expect(result.current).toMatchObject({ error: "The model failed.", isStreaming: false });

    await world.settle(() => result.current.sendMessage("Again"));
    expect(result.current.error).toBeNull();
  });

  it("C8: an error that is about something else does not touch the answer", async () => {
    const world = new World();
    const { result } = await chat(world);
    await world.settle(() => result.current.sendMessage("Hi"));
    await world.settle(() => world.fake.tell({ type: "error", message: "Slow down.", code: "RATE_LIMITED" }));

    expect(result.current).toMatchObject({ error: null, isStreaming: true });
  });

  it("without an agent it says so", async () => {
    const world = new World();
    const { result, rerender } = await chat(world, null);
    await world.settle(() => result.current.sendMessage("Hi"));
    expect(result.current).toMatchObject({ messages: [], error: "No agent selected" });
    expect(world.fake.chats).toHaveLength(0);

    rerender("main");
    expect(result.current.error).toBeNull();
  });

  it("messages clear when the agent changes", async () => {
    const world = new World();
    const { result, rerender } = await chat(world);
    await world.settle(() => result.current.sendMessage("Hi"));
    await world.settle(() => world.fake.chat().accepted().chunk("Hello").done());

    rerender("research");
    expect(result.current.messages).toEqual([]);
    rerender("main");
    expect(result.current.messages).toEqual([]);
  });

  it("messages clear when one asks for it, and stay cleared", async () => {
    const world = new World();
    const { result, rerender } = await chat(world);
    await world.settle(() => result.current.sendMessage("Hi"));
    await world.settle(() => result.current.clearMessages());
    expect(result.current).toMatchObject({ messages: [], isStreaming: false });

    rerender("research");
    rerender("main");
    expect(result.current.messages).toEqual([]);
  });

  it("W9: an answer that comes in goes on while another agent is looked at", async () => {
    const world = new World();
    const { result, rerender } = await chat(world);
    await world.settle(() => result.current.sendMessage("Hi"));
    await world.settle(() => world.fake.chat().accepted().chunk("Hel"));
    rerender("research");
    await world.settle(() => world.fake.chat().chunk("lo").done());
    rerender("main");

    expect(result.current.messages.at(-1)).toEqual({ role: "assistant", content: "Hello" });
  });

  it("C1: all messages to an agent go to one session", async () => {
    const world = new World();
    const { result } = await chat(world);
    await world.settle(() => result.current.sendMessage("One"));
    await world.settle(() => result.current.sendMessage("Two"));

    expect(new Set(world.fake.chats.map(({ sessionKey }) => sessionKey)).size).toBe(1);
  });

  it("messages that did not change keep their identity", async () => {
    const world = new World();
    const { result } = await chat(world);
    await world.settle(() => result.current.sendMessage("One"));
    await world.settle(() => world.fake.chat().accepted().chunk("1").done());
    const [before] = result.current.messages;
    await world.settle(() => result.current.sendMessage("Two"));

    expect(result.current.messages[0]).toBe(before);
  });
});
