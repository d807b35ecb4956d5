import { describe, expect, it } from "vitest";
import { DoorError } from "../src/index.js";
import { settled } from "../src/testing/index.js";
import { failure, openWorld, pass, useFakeTime, world } from "./world.js";

useFakeTime();

describe("answers", () => {
  it("each call gets its own answer, in whatever order they come", async () => {
    const { door, fake } = await openWorld();
    const waiting = new Map<unknown, (payload: unknown) => void>();
    fake.on("echo", (params) => new Promise((resolve) => waiting.set(params, resolve)));
    const [one, two] = [door.call("echo", 1), door.call("echo", 2)];
    await settled();
    waiting.get(2)?.("second");
    waiting.get(1)?.("first");
    expect(await Promise.all([one, two])).toEqual(["first", "second"]);
  });

  it("an error of the gateway passes unchanged", async () => {
    const { door, fake } = await openWorld();
    const said = { details: { missingScope: "operator.write" }, retryable: true, retryAfterMs: 9, mayHaveRun: true };
    fake.on("x", () => {
      throw new DoorError("FORBIDDEN", "missing scope: operator.write", said);
    });
    const error = await failure(door.call("x"));
    expect(error).toBeInstanceOf(DoorError);
    expect(error).toMatchObject({ code: "FORBIDDEN", message: "missing scope: operator.write", ...said });
  });

  it("agent has two answers: the first to onAccepted, the second is the result", async () => {
    const { door, fake } = await openWorld();
    fake.fault("mute");
    const first: unknown[] = [];
    const result = door.call("agent", { message: "hi" }, { onAccepted: (payload) => first.push(payload) });
    await settled();
    fake.tell({ type: "res", id: "2", ok: true, payload: { status: "accepted", runId: "r" } });
    await pass(120_000);
    fake.tell({ type: "res", id: "2", ok: true, payload: { status: "ok" } });
    expect(await result).toEqual({ status: "ok" });
    expect(first).toEqual([{ status: "accepted", runId: "r" }]);
  });
});

describe("time", () => {
  it("W5: the door's deadline travels with the call, and the client waits longer than the door", async () => {
    const { door, fake } = await openWorld();
    fake.fault("mute");
    let error: unknown = null;
    void failure(door.call("slow", {}, { timeoutMs: 5_000 })).then((thrown) => (error = thrown));
    await pass(6_999);
    expect(fake.requests.at(-1)).toMatchObject({ method: "slow", timeoutMs: 5_000 });
    expect(error).toBeNull();
    await pass(1);
    expect(error).toMatchObject({ code: "TIMEOUT", message: "RPC timeout: slow", mayHaveRun: true });
  });

  it("W5: the time a call waited for the connection is taken off the door's", async () => {
    const { door, fake } = world();
    const answer = failure(door.call("x", {}, { timeoutMs: 5_000 }));
    await pass(2_000);
    door.connect();
    await answer;
    expect(fake.requests.find((request) => request["method"] === "x")).toMatchObject({ timeoutMs: 3_000 });
  });

  it("a call waits for the connection, but not for ever", async () => {
    const { door, fake } = world();
    fake.fault("refuse");
    door.connect();
    const error = failure(door.call("health"));
    await pass(10_000);
    expect(await error).toMatchObject({ code: "OFFLINE", message: "Connection timeout", mayHaveRun: false });
  });

  it("calls made before connect are sent once it is open, in order", async () => {
    const { door, fake } = world();
    fake.on("a", () => "A").on("b", () => "B");
    const calls = Promise.all([door.call("a"), door.call("b")]);
    door.connect();
    expect(await calls).toEqual(["A", "B"]);
    expect(fake.requests.slice(0, 2).map((request) => request["method"])).toEqual(["a", "b"]);
  });

  it("a caller may give up", async () => {
    const { door, fake } = await openWorld();
    fake.fault("mute");
    const abort = new AbortController();
    const error = failure(door.call("x", {}, { signal: abort.signal }));
    await settled();
    abort.abort();
    expect(await error).toMatchObject({ code: "ABORTED", mayHaveRun: true });
    expect(await failure(door.call("x", {}, { signal: abort.signal }))).toMatchObject({
      code: "ABORTED",
      mayHaveRun: false,
    });
  });
});

describe("lost sockets", () => {
  it("P6: every call in flight fails at once and says that it may have run", async () => {
    const { door, fake } = await openWorld();
    fake.fault("drop-after-take");
    const error = await failure(door.call("config.set"));
    expect(error).toMatchObject({ code: "CONNECTION_LOST", message: "WebSocket closed", mayHaveRun: true });
    await pass(60_000);
    expect(fake.requests.filter((request) => request["method"] === "config.set")).toHaveLength(1);
  });

  it("a read is asked again on the next socket", async () => {
    const { door, fake } = await openWorld();
    fake.on("sessions.list", () => [1]).fault("drop-before-take");
    const list = door.call("sessions.list", {}, { idempotent: true });
    await pass(500);
    expect(await list).toEqual([1]);
  });

  it("close fails what waits and what is in flight", async () => {
    const { door, fake } = await openWorld();
    fake.fault("mute");
    const error = failure(door.call("x"));
    await settled();
    door.close();
    expect(await error).toMatchObject({ message: "WebSocket closed" });
  });

  it("a fatal close fails a waiting call at once", async () => {
    const { door, fake } = world();
    fake.signIn(() => null);
    door.connect();
    expect(await failure(door.call("x"))).toMatchObject({ code: "UNAUTHENTICATED" });
  });
});

describe("bounds", () => {
  it("more than 512 open calls are refused, and nothing was sent", async () => {
    const { door, fake } = await openWorld();
    fake.fault("mute");
    const calls = Array.from({ length: 513 }, () => failure(door.call("x")));
    expect(await calls.at(-1)).toMatchObject({ code: "QUEUE_FULL", retryable: true, mayHaveRun: false });
    door.close();
    await Promise.all(calls);
  });

  it("parameters larger than the door takes fail here and cost no connection", async () => {
    const { door, fake } = world();
    fake.policy.maxPayload = 1_000;
    door.connect();
    expect(await failure(door.call("x", "é".repeat(500)))).toMatchObject({ code: "TOO_LARGE" });
    expect(fake.open).toBe(1);
  });
});

describe("what the gateway offers", () => {
  it("is asked for whenever the gateway becomes ready, and kept in between", async () => {
    const { door, fake } = await openWorld();
    fake.on("health", () => ({}));
    fake.gateway({ state: "down", reason: "gone", retryInMs: 4_000 });
    await settled();
    expect(door.snapshot().gateway).toMatchObject({
      state: "down",
      reason: "gone",
      retryInMs: 4_000,
      version: "2026.9.6",
    });
    fake.gateway({ state: "ready", version: "2026.9.7", methods: ["health", "cron.list"], scopes: ["operator.read"] });
    await settled();
    const { offer, gateway } = door.snapshot();
    expect(offer?.methods).toEqual(new Set(["health", "cron.list"]));
    expect(offer?.scopes).toEqual(new Set(["operator.read"]));
    expect(gateway).toMatchObject({ state: "ready", version: "2026.9.7", protocol: 4 });
  });

  it("W12: the last known state stays while not connected", async () => {
    const { door, fake } = await openWorld();
    const { gateway, offer, principal } = door.snapshot();
    fake.fault("refuse").drop();
    await pass(60_000);
    expect(door.snapshot()).toMatchObject({ gateway, offer, principal, connection: { at: "waiting" } });
  });

  it("is asked for again if the answer does not come", async () => {
    const { door, fake } = world();
    let asked = 0;
    fake.on("door.gateway", () => {
      asked += 1;
      if (asked === 1) throw new DoorError("OVERLOADED", "slow down", { retryable: true });
      return { methods: ["x"] };
    });
    door.connect();
    await pass(5_000);
    expect(door.snapshot().offer?.methods).toEqual(new Set(["x"]));
  });
});
