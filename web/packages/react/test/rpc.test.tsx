import { DoorError } from "@vestibule/client";
import { waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useGatewayRefetch, useGatewayRpc, useGatewayRpcMutation } from "../src/index.js";
import { World } from "./world.js";

interface Jobs {
  readonly jobs: readonly string[];
}

/** A gateway whose list of jobs grows by one with each question. */
function counting(world: World, method = "cron.list"): void {
  let asked = 0;
  world.fake.on(method, (): Jobs => {
    asked += 1;
    return { jobs: Array.from({ length: asked }, (_, index) => `j${index + 1}`) };
  });
}

describe("useGatewayRpc", () => {
  it("loads once under StrictMode and for two hooks with the same parameters", async () => {
    const world = new World();
    counting(world);
    const { result } = await world.hook(() => [
      useGatewayRpc<Jobs>("cron.list", { limit: 5 }),
      useGatewayRpc<Jobs>("cron.list", { limit: 5 }),
    ]);

    expect(result.current.map((each) => each.data?.jobs)).toEqual([["j1"], ["j1"]]);
    expect(world.asked("cron.list")).toBe(1);
  });

  it("is loading before the first hello, then has data", async () => {
    const world = new World();
    counting(world);
    world.fake.fault("hang-in-handshake");
    const { result } = await world.hook(() => useGatewayRpc<Jobs>("cron.list"));

    expect(result.current).toMatchObject({ data: undefined, error: undefined, isLoading: true });
  });

  it("pauses with method null", async () => {
    const world = new World();
    const { result } = await world.hook(() => useGatewayRpc(null));

    expect(result.current).toMatchObject({ data: undefined, error: undefined, isLoading: false });
    expect(world.fake.requests.filter(({ method }) => method !== "door.gateway")).toHaveLength(0);
  });

  it.each(["NO_GATEWAY", "GATEWAY_STARTING"])("%s is no error: nothing is there yet", async (code) => {
    const world = new World();
    world.fake.gateway({ state: "starting" }).on("health", () => {
      throw new DoorError(code, "whatever the text", { retryable: true });
    });
    const { result } = await world.hook(() => useGatewayRpc("health"));

    expect(world.asked("health")).toBe(1);
    expect(result.current).toMatchObject({ data: undefined, error: undefined, isLoading: false });

    world.fake.on("health", () => ({ ok: true }));
    await world.settle(() => world.fake.gateway({ state: "ready" }));
    expect(result.current.data).toEqual({ ok: true });
  });

  it("W7: a patch while the answer is under way does not lose the answer: it is asked for again", async () => {
    const world = new World();
    const answers: ((jobs: Jobs) => void)[] = [];
    world.fake.on("cron.list", () => new Promise<Jobs>((resolve) => answers.push(resolve)));
    const { result } = await world.hook(() => useGatewayRpc<Jobs>("cron.list"));
    counting(world);

    await world.settle(() => void result.current.mutate((before) => before, { revalidate: false }));
    await world.settle(() => answers[0]?.({ jobs: ["older than the patch"] }));

    expect(result.current).toMatchObject({ data: { jobs: ["j1"] }, isLoading: false });
  });

  it("asked for again, it gives the answer", async () => {
    const world = new World();
    counting(world);
    const { result } = await world.hook(() => useGatewayRpc<Jobs>("cron.list"));
    const seen: unknown[] = [];

    await world.settle(() => void result.current.mutate().then((jobs) => seen.push(jobs)));

    expect(seen).toEqual([{ jobs: ["j1", "j2"] }]);
  });

  it("W7: a patch of what is there asks nothing", async () => {
    const world = new World();
    counting(world);
    const { result } = await world.hook(() => useGatewayRpc<Jobs>("cron.list"));

    await world.settle(() => void result.current.mutate({ jobs: ["patched"] }, { revalidate: false }));

    expect(result.current.data?.jobs).toEqual(["patched"]);
    expect(world.asked("cron.list")).toBe(1);
  });

  it("W10: an error is the gateway's own, by code and message", async () => {
    const world = new World();
    world.fake.on("cron.list", () => {
      throw new DoorError("FORBIDDEN", "Your role lacks a scope.", { details: { missingScope: "operator.read" } });
    });
    const { result } = await world.hook(() => useGatewayRpc("cron.list"));

    expect(result.current.error).toMatchObject({ code: "FORBIDDEN", message: "Your role lacks a scope." });
    expect(result.current.error?.details).toEqual({ missingScope: "operator.read" });
  });

  it("somebody who may not in hears why, and waits for nothing", async () => {
    const world = new World();
    world.fake.signIn(() => null);
    const { result } = await world.hook(() => useGatewayRpc("health"));

    expect(result.current.isLoading).toBe(false);
    expect(result.current.error).toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("W12: data stays when asking again fails", async () => {
    const world = new World();
    counting(world);
    const { result } = await world.hook(() => useGatewayRpc<Jobs>("cron.list"));
    world.fake.on("cron.list", () => {
      throw new DoorError("INTERNAL", "Broken.");
    });
    await world.settle(() => result.current.mutate().catch(() => undefined));

    expect(result.current.data?.jobs).toEqual(["j1"]);
    expect(result.current.error?.message).toBe("Broken.");
  });

  it("keeps what is shown while other parameters are awaited", async () => {
    const world = new World();
    world.fake.on("cron.list", (params) => params);
    const { result, rerender } = await world.hook(
      ({ limit }: { limit: number }) => useGatewayRpc<{ limit: number }>("cron.list", { limit }),
      { limit: 1 },
    );
    rerender({ limit: 2 });
    expect(result.current.data).toEqual({ limit: 1 });
    await world.settle();
    expect(result.current.data).toEqual({ limit: 2 });
  });

  it("W6: parameters are compared as values, whatever characters they hold", async () => {
    const world = new World();
    world.fake.on("sessions.list", (params) => params);
    const { result } = await world.hook(() => [
      useGatewayRpc("sessions.list", { search: "a|b", label: "c" }).data,
      useGatewayRpc("sessions.list", { search: "a", label: "b|c" }).data,
    ]);

    expect(result.current).toEqual([
      { search: "a|b", label: "c" },
      { search: "a", label: "b|c" },
    ]);
  });

  it("W6: after an account switch nothing of the previous user is shown", async () => {
    const world = new World();
    let member = "ada";
    world.fake.signIn(() => ({ member, owner: member })).on("sessions.list", () => ({ of: member }));
    const { result } = await world.hook(() => useGatewayRpc<{ of: string }>("sessions.list"));
    expect(result.current.data).toEqual({ of: "ada" });

    member = "bob";
    const shown: unknown[] = [];
    let answer: (value: unknown) => void = () => undefined;
    world.fake.on("sessions.list", () => new Promise((resolve) => (answer = resolve)));
    await world.settle(() => world.fake.drop(1006));
    await waitFor(() => expect(world.asked("sessions.list")).toBe(2));
    shown.push(result.current.data);
    await world.settle(() => answer({ of: "bob" }));
    shown.push(result.current.data);

    expect(shown).toEqual([undefined, { of: "bob" }]);
  });

  it("the time a call may take goes with it (W5)", async () => {
    const world = new World();
    counting(world);
    await world.hook(() => useGatewayRpc("cron.list", {}, { timeoutMs: 90_000 }));

    expect(world.fake.requests.find(({ method }) => method === "cron.list")).toMatchObject({ timeoutMs: 90_000 });
  });
});

describe("refetching", () => {
  beforeEach(() => void vi.useFakeTimers());

  it("W7: a hundred events of its family are one refetch, others none", async () => {
    const world = new World();
    counting(world);
    const { result } = await world.hook(() => [
      useGatewayRpc<Jobs>("cron.list"),
      useGatewayRpc<Jobs>("cron.list"),
      useGatewayRpc("agents.list"),
    ]);
    await world.settle(() => {
      for (let each = 0; each < 100; each += 1) world.fake.event("cron", { jobId: `j${each}` });
    });
    await world.after(2_000);
    expect(result.current[0]?.data).toEqual({ jobs: ["j1", "j2"] });

    expect(world.asked("cron.list")).toBe(2);
    expect(world.asked("agents.list")).toBe(1);
  });

  it("W7: a hook may name its own events, or none", async () => {
    const world = new World();
    counting(world);
    counting(world, "agents.list");
    await world.hook(() => [
      useGatewayRpc("cron.list", {}, { events: [] }),
      useGatewayRpc("agents.list", {}, { events: ["cron"] }),
    ]);
    await world.settle(() => world.fake.event("cron"));
    await world.after(2_000);
    expect(world.asked("agents.list")).toBe(2);

    expect(world.asked("cron.list")).toBe(1);
  });

  it("W7: a hook that hears nothing does not deafen another one of the same read", async () => {
    const world = new World();
    counting(world);
    await world.hook(() => [useGatewayRpc("cron.list"), useGatewayRpc("cron.list", undefined, { events: [] })]);
    await world.settle(() => world.fake.event("cron"));
    await world.after(2_000);

    expect(world.asked("cron.list")).toBe(2);
  });

  it("W7: health and presence events are the new data, nothing is asked", async () => {
    const world = new World();
    world.fake.on("health", () => ({ ok: false })).on("system-presence", () => []);
    const { result } = await world.hook(() => [useGatewayRpc("health").data, useGatewayRpc("system-presence").data]);
    await world.settle(() =>
      world.fake.event("health", { ok: true }).event("presence", { presence: [{ host: "vm" }] }),
    );

    expect(result.current).toEqual([{ ok: true }, [{ host: "vm" }]]);
    expect([world.asked("health"), world.asked("system-presence")]).toEqual([1, 1]);
  });

  it("W7: what changed while nobody looked is asked for when it is looked at again", async () => {
    const world = new World();
    counting(world);
    const { result, rerender } = await world.hook((method: string | null) => useGatewayRpc<Jobs>(method), "cron.list");
    rerender(null);
    await world.settle(() => world.fake.event("cron"));
    expect(world.asked("cron.list")).toBe(1);

    rerender("cron.list");
    await world.after(2_000);
    expect(result.current.data?.jobs).toEqual(["j1", "j2"]);
  });

  it("W8: after something was missed for good every mounted hook asks once more", async () => {
    const world = new World();
    counting(world);
    counting(world, "config.get");
    await world.hook(() => [useGatewayRpc("cron.list"), useGatewayRpc("cron.list"), useGatewayRpc("config.get")]);

    await world.settle(() => world.fake.restart());
    await world.after(2_000);
    expect(world.asked("config.get")).toBe(2);

    expect([world.asked("cron.list"), world.asked("config.get")]).toEqual([2, 2]);
  });

  it("W8: a connection that lost nothing asks nothing", async () => {
    const world = new World();
    counting(world);
    await world.hook(() => useGatewayRpc("cron.list"));
    await world.settle(() => world.fake.drop(1006));
    await world.after(2_000);
    expect(world.fake.sockets).toHaveLength(2);

    expect(world.asked("cron.list")).toBe(1);
  });

  it("a write may name the reads it makes out of date", async () => {
    const world = new World();
    counting(world, "channels.status");
    world.fake.on("channels.start", () => ({}));
    const { result } = await world.hook(() => {
      useGatewayRpc("channels.status");
      return { call: useGatewayRpcMutation(), refetch: useGatewayRefetch() };
    });
    await world.settle(() => result.current.call("channels.start", {}, { refetch: "channels.*" }));
    result.current.refetch(["channels.*"]);
    await world.after(2_000);
    expect(world.asked("channels.status")).toBe(2);
  });
});

describe("useGatewayRpcMutation", () => {
  it("W10: rejects with the gateway's own message", async () => {
    const world = new World();
    world.fake.on("cron.remove", () => {
      throw new DoorError("INVALID_REQUEST", "unknown cron job", { details: { code: "CRON_JOB_NOT_FOUND" } });
    });
    const { result } = await world.hook(useGatewayRpcMutation);

    await world.settle(async () => {
      await expect(result.current("cron.remove", { id: "x" })).rejects.toMatchObject({
        message: "unknown cron job",
        details: { code: "CRON_JOB_NOT_FOUND" },
      });
    });
  });

  it("keeps its identity, and never repeats a call", async () => {
    const world = new World();
    const answer = vi.fn(() => ({ ok: true }));
    world.fake.on("wake", answer);
    const { result, rerender } = await world.hook(useGatewayRpcMutation);
    const before = result.current;
    rerender();
    expect(result.current).toBe(before);

    world.fake.fault("drop-after-take");
    await world.settle(async () => {
      await expect(before("wake", { mode: "now", text: "" })).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    });
    expect(answer).toHaveBeenCalledTimes(1);
  });
});
