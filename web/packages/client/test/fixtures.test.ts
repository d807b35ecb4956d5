import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  isRecord,
  readChat,
  readEvent,
  readFrame,
  readHello,
  readOffer,
  readStatus,
  type Frame,
} from "../src/frames.js";
import { settled } from "../src/testing/index.js";
import { failure, openWorld, useFakeTime } from "./world.js";

useFakeTime();

/** The one truth of the wire, read by pytest too. */
const folder = new URL("../../../../fixtures/frames/", import.meta.url);

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, folder), "utf8"));
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

const frames = new Map<string, Frame>();
for (const { name, frame } of list(read("door.json"))) {
  const readBack = readFrame(JSON.stringify(frame));
  if (typeof name === "string" && readBack !== null) frames.set(name, readBack);
}

function fixture(name: string): Frame {
  const frame = frames.get(name);
  if (frame === undefined) throw new Error(`no fixture ${name}`);
  return frame;
}

describe("fixtures/frames/door.json", () => {
  it("hello", () => {
    expect(readHello(fixture("hello"))).toEqual({
      protocol: 1,
      connectionId: "c-1",
      principal: {
        member: "ann",
        owner: "acme",
        role: "operator",
        scopes: ["operator.approvals", "operator.read", "operator.write"],
        expiresAtMs: 1795416197500,
      },
      epoch: "e1",
      offset: 41,
      recovered: false,
      gateway: { state: "ready", reason: "", retryInMs: null, version: "2026.9.6", protocol: 4 },
      policy: { maxPayload: 26214400, pingIntervalMs: 30000, rpcTimeoutMs: 30000, partBytes: null },
    });
    expect(readHello(fixture("hello while the gateway starts"))).toMatchObject({
      recovered: true,
      gateway: { state: "starting", retryInMs: 500, version: null, protocol: null },
      principal: { expiresAtMs: null },
    });
  });

  it("status", () => {
    expect(readStatus(fixture("status"))).toMatchObject({ state: "down", retryInMs: 4000 });
    expect(readStatus(fixture("status without retry"))).toMatchObject({ state: "ready", reason: "", retryInMs: null });
  });

  it("door.gateway", () => {
    const offer = readOffer(fixture("door.gateway")["payload"]);
    expect(offer.methods).toEqual(new Set(["health", "sessions.usage"]));
    expect(offer.policy).toEqual({ maxPayload: 26214400, tickIntervalMs: 30000 });
    expect(offer.deviceId).toBe("9f2c".repeat(16));
    expect(readOffer(fixture("door.gateway without a gateway")["payload"])).toMatchObject({
      version: null,
      protocol: null,
      deviceId: null,
    });
  });

  it("events keep their payload untouched", () => {
    const frame = fixture("event");
    expect(readEvent(frame)).toEqual({ event: "chat", payload: frame["payload"], offset: 42 });
  });

  it.each(["chunk", "thinking", "tool_start", "tool_end", "tool_error", "done", "error of a run", "heartbeat"])(
    "%s says everything the wire says",
    (name) => {
      const { offset, seq, ...said } = fixture(name);
      expect(readChat({ offset, seq, ...said })).toMatchObject(said);
    },
  );

  it("every frame passes through an open door without harm", async () => {
    const { door, fake, reported } = await openWorld();
    for (const frame of frames.values()) fake.tell(frame);
    await settled();
    expect(door.snapshot().connection.at).toBe("open");
    expect(reported).toEqual([]);
  });

  it("errors of the door and of the gateway reach the caller as they are", async () => {
    const { door, fake } = await openWorld();
    fake.fault("mute");
    for (const name of ["res error of the gateway", "res error of the door", "res error with details"]) {
      const error = failure(door.call("x"));
      await settled();
      const frame = fixture(name);
      fake.tell({ ...frame, id: fake.requests.at(-1)?.["id"] });
      expect(await error).toMatchObject({ ...(isRecord(frame["error"]) ? frame["error"] : {}) });
    }
  });
});

describe("fixtures/frames/client.json", () => {
  it("what this client sends is what the door reads", async () => {
    const { door, fake } = await openWorld();
    door.call("sessions.list", { limit: 5 }, { traceparent: "00-x" }).catch(() => undefined);
    door.chat.send({
      agent: "main",
      text: "hi",
      id: "c-1",
      sessionKey: "agent:main:main",
      attachments: [{ name: "a.txt" }],
    });
    door.chat.abort({ runId: "r1" });
    door.chat.abort({ agent: "main", sessionKey: "agent:main:x" });
    await door.refreshToken();
    await settled();
    const good = list((read("client.json") as Record<string, unknown>)["good"]);
    const known = new Map<string, Set<string>>();
    for (const { text } of good) {
      const frame = readFrame(text);
      if (frame === null) continue;
      const fields = known.get(frame.type) ?? new Set<string>();
      for (const field of Object.keys(frame)) fields.add(field);
      known.set(frame.type, fields);
    }
    expect(fake.taken.map((frame) => frame.type)).toEqual([
      "req",
      "req",
      "agent_chat",
      "chat_abort",
      "chat_abort",
      "auth",
    ]);
    for (const frame of fake.taken) {
      for (const field of Object.keys(frame)) expect(known.get(frame.type), frame.type).toContain(field);
    }
  });
});
