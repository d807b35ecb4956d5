import { describe, expect, it } from "vitest";
import type { Stale } from "../src/index.js";
import { settled } from "../src/testing/index.js";
import { openWorld, pass, useFakeTime, world } from "./world.js";

useFakeTime();

describe("events", () => {
  it("go to those who asked for their name, their family, or everything", async () => {
    const { door, fake } = await openWorld();
    const heard: string[] = [];
    door.onEvent("cron", ({ event }) => heard.push(`name ${event}`));
    door.onEvent(["sessions.*", "health"], ({ event }) => heard.push(`family ${event}`));
    const stop = door.onEvent(({ event }) => heard.push(`all ${event}`));
    fake.event("cron").event("sessions.changed").event("cronies");
    await settled();
    stop();
    fake.event("health");
    await settled();
    expect(heard).toEqual([
      "name cron",
      "all cron",
      "family sessions.changed",
      "all sessions.changed",
      "all cronies",
      "family health",
    ]);
  });

  it("P5: a handler that throws stops nobody else and is reported", async () => {
    const { door, fake, reported } = await openWorld();
    const heard: string[] = [];
    const defect = new Error("mine");
    door.onEvent(() => {
      throw defect;
    });
    door.onEvent(({ event }) => heard.push(event));
    fake.event("one").event("two");
    await settled();
    expect(heard).toEqual(["one", "two"]);
    expect(reported).toEqual([defect, defect]);
  });

  it("P5: what is no frame changes nothing", async () => {
    const { door, fake } = await openWorld();
    for (const message of ["", "[]", "null", "{}", '{"type":5}', "{"]) fake.sockets[0]?.deliver(message);
    await settled();
    expect(door.snapshot().connection.at).toBe("open");
  });

  it("R5: frames of unknown types reach whoever listens to frames", async () => {
    const { door, fake } = await openWorld();
    const heard: unknown[] = [];
    door.onFrame((frame) => heard.push(frame));
    fake.tell({ type: "confetti", colour: "red" });
    await settled();
    expect(heard).toEqual([{ type: "confetti", colour: "red" }]);
  });

  it("E4: messages in parts arrive whole", async () => {
    const { door, fake } = world();
    fake.fault("split");
    door.connect();
    const heard: unknown[] = [];
    door.onEvent("big", ({ payload }) => heard.push(payload));
    await settled();
    fake.event("big", "Hé😀".repeat(200));
    await settled();
    expect(heard).toEqual(["Hé😀".repeat(200)]);
  });
});

describe("after a loss", () => {
  it("what was missed comes again, in order, none twice; nothing is stale", async () => {
    const { door, fake } = await openWorld();
    const heard: unknown[] = [];
    door.onEvent("cron", ({ payload }) => heard.push(payload));
    fake.event("cron", 1);
    await settled();
    fake.fault("refuse").drop();
    await settled();
    fake.event("cron", 2).event("cron", 3).heal();
    await pass(60_000);
    fake.event("cron", 4);
    await settled();
    expect(heard).toEqual([1, 2, 3, 4]);
    expect(door.snapshot()).toMatchObject({ recovered: true, generation: 0 });
    expect(fake.sockets.at(-1)?.url.searchParams.get("offset")).toBe("1");
  });

  it.each([
    ["not-recovered", "restart"],
    ["resync", "resync"],
    ["gap", "lose-one"],
  ] as const)("W8: %s is told once, and the generation grows", async (reason, cause) => {
    const { door, fake } = await openWorld();
    const stale: Stale[] = [];
    door.onStale((each) => stale.push(each));
    if (cause === "restart") fake.restart();
    else if (cause === "resync") fake.resync();
    else fake.fault("lose-one").event("cron", 1).event("cron", 2).event("cron", 3);
    await pass(1_000);
    expect(stale).toEqual([{ reason }]);
    expect(door.snapshot().generation).toBe(1);
  });

  it("an error that belongs to nothing is a notice", async () => {
    const { door, fake } = await openWorld();
    const notices: unknown[] = [];
    door.onNotice((notice) => notices.push(notice));
    fake.tell({ type: "error", message: "Unknown message type: hug", code: "INVALID_REQUEST" });
    await settled();
    expect(notices).toEqual([{ message: "Unknown message type: hug", code: "INVALID_REQUEST", runId: null }]);
  });
});

describe("the snapshot", () => {
  it("is the same object until something changes, and another one then", async () => {
    const { door, fake } = await openWorld();
    const before = door.snapshot();
    fake.event("cron");
    await settled();
    expect(door.snapshot()).toBe(before);
    fake.gateway({ state: "degraded", reason: "slow" });
    await settled();
    expect(door.snapshot()).not.toBe(before);
    expect(before.gateway?.state).toBe("ready");
  });

  it("opened resolves with the hello, also for those who wait", async () => {
    const { door } = world();
    const opened = door.opened();
    door.connect();
    expect(await opened).toMatchObject({ protocol: 1, principal: { member: "ada" } });
    expect(await door.opened()).toBe(await opened);
  });

  it("opened gives up in time, and at once when the door refuses", async () => {
    const { door, fake } = world();
    const late = door.opened({ timeoutMs: 1_000 }).catch((error: unknown) => error);
    await pass(1_000);
    expect(await late).toMatchObject({ code: "OFFLINE" });
    fake.signIn(() => null);
    const refused = door.opened().catch((error: unknown) => error);
    door.connect();
    expect(await refused).toMatchObject({ code: "UNAUTHENTICATED" });
  });
});
