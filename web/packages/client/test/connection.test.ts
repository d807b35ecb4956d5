import { describe, expect, it, vi } from "vitest";
import type { SocketLike } from "../src/index.js";
import { settled } from "../src/testing/index.js";
import { openWorld, pass, useFakeTime, world } from "./world.js";

useFakeTime();

describe("one socket", () => {
  it("W1: ten parallel connects open one socket", async () => {
    const { door, fake } = world();
    for (let n = 0; n < 10; n += 1) door.connect();
    await settled();
    expect(fake.sockets).toHaveLength(1);
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("W1: mount, unmount, mount (StrictMode) ends with one open socket", async () => {
    const { door, fake } = world();
    door.connect();
    door.close();
    door.connect();
    await settled();
    expect(fake.open).toBe(1);
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("W2: closing while the token is awaited opens nothing", async () => {
    let give: (token: string) => void = () => undefined;
    const { door, fake } = world({ getToken: () => new Promise((resolve) => (give = resolve)) });
    door.connect();
    door.close();
    give("late");
    await settled();
    expect(fake.sockets).toHaveLength(0);
    expect(door.snapshot().connection).toEqual({ at: "idle" });
  });

  it("a token that never comes does not hang the connection: it is asked for again", async () => {
    const getToken = vi.fn(() => new Promise<string>(() => undefined));
    const { door } = world({ getToken });
    door.connect();
    await pass(10_000);
    expect(door.snapshot().connection).toMatchObject({ at: "waiting", reason: "Connection timeout" });
    await pass(500);
    expect(getToken).toHaveBeenCalledTimes(2);
  });

  it("close says good-bye and stays closed", async () => {
    const { door, fake } = await openWorld();
    door.close();
    await pass(120_000);
    expect(fake.sockets).toHaveLength(1);
    expect(fake.open).toBe(0);
    expect(door.snapshot().connection).toEqual({ at: "idle" });
  });
});

describe("coming back", () => {
  it("W3: retries for ever, each time within a doubled ceiling, at most 30 s", async () => {
    const { door, fake } = world();
    fake.fault("refuse");
    door.connect();
    const delays: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      await settled();
      const { connection } = door.snapshot();
      if (connection.at !== "waiting") throw new Error(connection.at);
      delays.push(connection.retryInMs);
      await pass(connection.retryInMs);
    }
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, ...Array.from({ length: 6 }, () => 30_000)]);
    fake.heal();
    await pass(30_000);
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("W3: the delay is drawn from zero to the ceiling", async () => {
    const { door, fake } = world({ environment: { random: () => 0.25 } });
    fake.fault("refuse");
    door.connect();
    await settled();
    expect(door.snapshot().connection).toMatchObject({ at: "waiting", retryInMs: 125 });
  });

  it("W3: a flapping door does not reset the delays, a stable connection does", async () => {
    const { door, fake } = world();
    fake.fault("flap");
    door.connect();
    for (const retryInMs of [500, 1_000, 2_000]) {
      await settled();
      expect(door.snapshot().connection).toMatchObject({ at: "waiting", retryInMs });
      await pass(retryInMs);
    }
    fake.heal();
    await pass(4_000);
    expect(door.snapshot().connection.at).toBe("open");
    await pass(10_000);
    fake.drop();
    await settled();
    expect(door.snapshot().connection).toMatchObject({ at: "waiting", retryInMs: 500 });
  });

  it("W4: offline, an open socket has to show that it lives", async () => {
    const { door, fake, page } = world();
    door.connect();
    await settled();
    fake.fault("freeze");
    page.hears("offline");
    await pass(5_000);
    expect(door.snapshot().connection.at).toBe("waiting");
  });

  it.each(["online", "pageshow"])("W3: %s does not wait for the next attempt", async (moment) => {
    const { door, fake, page } = world();
    fake.fault("refuse");
    door.connect();
    await settled();
    fake.heal();
    page.hears(moment);
    await settled();
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("W3: becoming visible does not wait for the next attempt; becoming hidden does nothing", async () => {
    const { door, fake, page } = world();
    fake.fault("refuse");
    door.connect();
    await settled();
    fake.heal();
    page.show(false);
    await settled();
    expect(door.snapshot().connection.at).toBe("waiting");
    page.show(true);
    await settled();
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("W3: a restarting door says when to come back", async () => {
    const { door, fake } = await openWorld();
    fake.restart(1_234);
    await settled();
    expect(door.snapshot().connection).toMatchObject({ at: "waiting", code: 1012, retryInMs: 1_234 });
    await pass(1_234);
    expect(door.snapshot().connection.at).toBe("open");
  });

  it.each([1013, 4029])("W3: code %i begins with a longer delay", async (code) => {
    const { door, fake } = await openWorld();
    fake.drop(code);
    await settled();
    expect(door.snapshot().connection).toMatchObject({ at: "waiting", code, retryInMs: 2_000 });
  });

  it.each([
    [4003, "forbidden"],
    [4500, "final"],
    [4999, "final"],
  ])("W3: code %i is the end", async (code, kind) => {
    const { door, fake, page } = await openWorld();
    fake.drop(code, "No.");
    await pass(600_000);
    page.hears("online");
    await pass(600_000);
    expect(fake.sockets).toHaveLength(1);
    expect(door.snapshot().connection).toEqual({ at: "closed", kind, code, reason: "No." });
  });

  it("reconnectNow comes back at once, from waiting and from open", async () => {
    const { door, fake } = await openWorld();
    fake.drop();
    await settled();
    door.reconnectNow();
    await settled();
    door.reconnectNow();
    await settled();
    expect(fake.sockets).toHaveLength(3);
    expect(fake.open).toBe(1);
    expect(door.snapshot()).toMatchObject({ connection: { at: "open" }, recovered: true });
  });

  it("a handshake that hangs is given up after the connect time", async () => {
    const { door, fake } = world();
    fake.fault("hang-in-handshake");
    door.connect();
    await pass(9_999);
    expect(door.snapshot().connection.at).toBe("connecting");
    await pass(1);
    expect(door.snapshot().connection).toMatchObject({ at: "waiting", reason: "Connection timeout" });
    expect(fake.open).toBe(0);
  });
});

describe("sockets that cannot be opened", () => {
  it("an error without a close, as some runtimes tell it, is a loss at once", async () => {
    let fail: () => void = () => undefined;
    const nothing = { data: null, code: 0, reason: "" };
    const socket: SocketLike = {
      addEventListener: (type: string, listener: (event: typeof nothing) => void) => {
        if (type === "error") fail = () => listener(nothing);
      },
      send: () => undefined,
      close: () => undefined,
    };
    const { door } = await openWorld({ environment: { openSocket: () => socket } });
    fail();
    expect(door.snapshot().connection).toMatchObject({ at: "waiting", code: 1006, retryInMs: 500 });
  });
});

describe("half-open sockets", () => {
  it("W4: silence is noticed within two ping intervals", async () => {
    const { door, fake } = await openWorld();
    await pass(45_000);
    expect(fake.taken.filter((frame) => frame.type === "ping")).toHaveLength(1);
    fake.fault("freeze");
    await pass(60_000);
    expect(door.snapshot().connection.at).not.toBe("open");
    expect(fake.sockets[0]?.isOpen).toBe(false);
  });

  it("W4: a quiet door that answers pings is alive", async () => {
    const { door, fake } = await openWorld();
    await pass(600_000);
    expect(door.snapshot().connection.at).toBe("open");
    expect(fake.sockets).toHaveLength(1);
  });

  it("W4: after a sleep an open socket must show life soon", async () => {
    const { door, fake, page } = await openWorld();
    fake.fault("freeze");
    page.hears("online");
    await pass(5_000);
    expect(door.snapshot().connection.at).toBe("waiting");
  });

  it("W4: a socket that survived the sleep stays", async () => {
    const { door, fake, page } = await openWorld();
    page.show(true);
    await pass(20_000);
    expect(door.snapshot().connection.at).toBe("open");
    expect(fake.sockets).toHaveLength(1);
  });
});

describe("the next socket before the last one ends", () => {
  it("E5: renew switches without a gap: nothing missed, nothing twice, calls of the old socket answered", async () => {
    const { door, fake } = await openWorld();
    let answer: (payload: unknown) => void = () => undefined;
    fake.on("slow", () => new Promise((resolve) => (answer = resolve)));
    const heard: unknown[] = [];
    const states: string[] = [];
    door.onEvent("cron", (event) => heard.push(event.payload));
    door.subscribe(() => states.push(door.snapshot().connection.at));
    const slow = door.call("slow");
    await settled();

    const renewed = door.renew();
    fake.event("cron", 1);
    await settled();
    fake.event("cron", 2);
    expect(await renewed).toBe(true);
    expect(fake.open).toBe(2);
    fake.event("cron", 3);
    await settled();
    answer("late but there");
    expect(await slow).toBe("late but there");
    await settled();

    expect(heard).toEqual([1, 2, 3]);
    expect(fake.open).toBe(1);
    expect(new Set(states)).toEqual(new Set(["open"]));
    expect(door.snapshot()).toMatchObject({ recovered: true, generation: 0 });
  });

  it("E5: a socket of the given age is renewed by itself", async () => {
    const { fake } = await openWorld({ timings: { maxSocketAgeMs: 600_000 } });
    await pass(599_000);
    expect(fake.sockets).toHaveLength(1);
    await pass(1_000);
    expect(fake.sockets).toHaveLength(2);
    expect(fake.open).toBe(1);
  });

  it("E5: if the next socket cannot be opened the old one goes on", async () => {
    const { door, fake } = await openWorld();
    fake.fault("refuse");
    const renewed = door.renew();
    await settled();
    expect(await renewed).toBe(false);
    expect(door.snapshot().connection.at).toBe("open");
    expect(fake.open).toBe(1);
  });

  it("E5: a replaced socket whose answers never come is let go", async () => {
    const { door, fake } = await openWorld();
    fake.fault("mute");
    const lost = door.call("x", {}, { timeoutMs: 300_000 }).catch((error: unknown) => error);
    await settled();
    await door.renew();
    expect(fake.open).toBe(2);
    await pass(35_000);
    expect(fake.open).toBe(1);
    expect(await lost).toMatchObject({ code: "CONNECTION_LOST", mayHaveRun: true });
  });
});

describe("closing", () => {
  it("leaves no timer behind, even in the middle of an answer", async () => {
    const { door, fake } = await openWorld();
    door.chat.send({ agent: "main", text: "Hi" });
    await settled();
    fake.chat().chunk("Hel");
    await settled();
    door.close();
    await pass(5_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
