import { describe, expect, it, vi } from "vitest";
import { DoorError } from "../src/index.js";
import { socketUrl, target, ticketUrl } from "../src/credential.js";
import { settled } from "../src/testing/index.js";
import { failure, openWorld, pass, useFakeTime, world } from "./world.js";

useFakeTime();

describe("where the token goes", () => {
  it("S2: as a subprotocol it is in no address", async () => {
    const { fake } = await openWorld();
    expect(fake.sockets[0]?.protocols).toEqual(["vestibule.v1", "vestibule.token.token"]);
    expect(fake.sockets[0]?.url.href).toBe("ws://door.test/ws");
  });

  it("S2: as a ticket it is exchanged first, at each attempt", async () => {
    const { fake } = await openWorld({ credential: "ticket" });
    expect(fake.sockets[0]?.url.href).toBe("ws://door.test/ws?ticket=ticket-for-token");
    fake.drop();
    await pass(500);
    expect(fake.sockets[1]?.url.searchParams.get("ticket")).toBe("ticket-for-token");
  });

  it("in the query for servers that know nothing else", () => {
    const place = { epoch: "a b", offset: 7 };
    expect(target("wss://h/ws?x=1", "query", "t", place).url).toBe("wss://h/ws?x=1&epoch=a+b&offset=7&token=t");
  });

  it.each([
    ["https://host", "wss://host/ws"],
    ["http://host:8800/", "ws://host:8800/ws"],
    ["wss://host/prefix/ws", "wss://host/prefix/ws"],
    ["ws://host/api/v1/ws#token=x", "ws://host/api/v1/ws"],
  ])("the address of %s", (address, expected) => {
    expect(socketUrl(address)).toBe(expected);
  });

  it.each(["ftp://host", "host"])("%s is no address", (address) => {
    expect(() => socketUrl(address)).toThrow(TypeError);
  });

  it.each([
    ["wss://host/ws", "https://host/api/v1/ws/ticket"],
    ["ws://host/prefix/ws?x=1", "http://host/prefix/api/v1/ws/ticket"],
    ["ws://host/api/v1/ws", "http://host/api/v1/ws/ticket"],
  ])("tickets for %s", (address, expected) => {
    expect(ticketUrl(address)).toBe(expected);
  });

  it("a token the browser cannot send ends the attempts with its reason", async () => {
    const { door } = await openWorld({
      environment: {
        openSocket: () => {
          throw new SyntaxError("not a subprotocol");
        },
      },
    });
    expect(door.snapshot().connection).toEqual({ at: "closed", kind: "final", code: 0, reason: "not a subprotocol" });
  });
});

describe("signing in again", () => {
  it("nobody signed in: closed, no socket, and calls say so", async () => {
    const { door, fake } = await openWorld({ getToken: () => null });
    expect(fake.sockets).toHaveLength(0);
    expect(door.snapshot().connection).toMatchObject({ at: "closed", kind: "signIn", reason: "Not authenticated" });
    const error = await failure(door.call("health"));
    expect(error).toBeInstanceOf(DoorError);
    expect(error).toMatchObject({ code: "UNAUTHENTICATED", message: "Not authenticated" });
  });

  it("4001 is tried once more with a fresh token before giving up", async () => {
    const getToken = vi.fn(({ fresh }: { fresh: boolean }) => (fresh ? "new" : "old"));
    const { door, fake } = world({ getToken });
    fake.signIn((token) => (token === "new" ? {} : null));
    door.connect();
    await settled();
    expect(fake.tokens).toEqual(["old", "new"]);
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("4001 with two tokens is the end, until somebody signs in", async () => {
    let tokens = 0;
    const { door, fake } = world({ getToken: () => `token${(tokens += 1)}` });
    fake.signIn((token) => (token === "token3" ? {} : null));
    door.connect();
    await pass(600_000);
    expect(fake.sockets).toHaveLength(2);
    expect(door.snapshot().connection).toEqual({
      at: "closed",
      kind: "signIn",
      code: 4001,
      reason: "This token is not valid.",
    });
    const error = await failure(door.call("health"));
    expect(error).toMatchObject({ message: "Authentication failed. Please refresh the page." });
    door.connect();
    await settled();
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("the same token is not shown twice", async () => {
    const { door, fake } = world();
    fake.signIn(() => null);
    door.connect();
    await settled();
    expect(fake.sockets).toHaveLength(1);
    expect(door.snapshot().connection).toMatchObject({ at: "closed", reason: "This token is not valid." });
  });

  it("a token function that fails is a loss, not the end", async () => {
    let calls = 0;
    const { door } = world({
      getToken: () => {
        calls += 1;
        if (calls === 1) throw new Error("offline");
        return "token";
      },
    });
    door.connect();
    await settled();
    expect(door.snapshot().connection).toMatchObject({ at: "waiting", reason: "No token: offline" });
    await pass(500);
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("S3: a fresh token is shown on the live socket before the old one ends", async () => {
    const now = Date.now();
    let tokens = 0;
    const { door, fake } = world({ getToken: () => `token${(tokens += 1)}` });
    fake.signIn((token) => ({ expiresAtMs: now + (token === "token1" ? 100_000 : 1_000_000) }));
    door.connect();
    await pass(80_000);
    expect(fake.tokens).toEqual(["token1", "token2"]);
    await pass(500_000);
    expect(fake.tokens).toHaveLength(2);
    await pass(300_000);
    expect(fake.tokens).toHaveLength(3);
    expect(fake.sockets).toHaveLength(1);
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("another person's sign-in keeps nothing of the one before", async () => {
    const { door, fake } = await openWorld();
    const reasons: string[] = [];
    door.onStale(({ reason }) => reasons.push(reason));
    door.chat.send({ agent: "main", text: "secret" });
    fake.signIn(() => ({ member: "bob" })).fault("lose-tail");
    door.reconnectNow();
    await settled();
    expect(door.chat.snapshot().turns).toEqual([]);
    expect(door.snapshot().principal).toMatchObject({ member: "bob" });
    expect(reasons).toEqual(["principal"]);
  });
});
