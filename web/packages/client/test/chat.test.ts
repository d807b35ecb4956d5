import { describe, expect, it } from "vitest";
import { isOver, textOf, thinkingOf, type Door, type Turn } from "../src/index.js";
import { settled } from "../src/testing/index.js";
import { openWorld, pass, useFakeTime, world } from "./world.js";

useFakeTime();

const hi = { agent: "main", text: "Hi" };

function turnOf(door: Door, id: string): Turn {
  const turn = door.chat.snapshot().turns.find((each) => each.id === id);
  if (turn === undefined) throw new Error("no such turn");
  return turn;
}

function answerOf(turn: Turn): string {
  return turn.runs.map(textOf).join("|");
}

describe("sending", () => {
  it("W11: ids are random UUIDs, each another one", async () => {
    const { door } = await openWorld();
    const ids = Array.from({ length: 100 }, () => door.chat.send(hi));
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("a message goes out as agent_chat, with what it carries", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send({ ...hi, sessionKey: "agent:main:x", attachments: [{ type: "image" }] });
    expect(turnOf(door, id).state.at).toBe("sent");
    await settled();
    expect(fake.chat().frame).toEqual({
      type: "agent_chat",
      id,
      agent_name: "main",
      message: "Hi",
      sessionKey: "agent:main:x",
      attachments: [{ type: "image" }],
    });
  });

  it("C7: a message said while offline is queued, and sent exactly once on return", async () => {
    const { door, fake } = world();
    const id = door.chat.send(hi);
    expect(turnOf(door, id).state.at).toBe("queued");
    door.connect();
    await settled();
    fake.chat().accepted().chunk("Hello").done();
    await settled();
    fake.drop();
    await pass(1_000);
    expect(fake.chats).toHaveLength(1);
    expect(fake.chat().received).toBe(1);
    expect(turnOf(door, id).state.at).toBe("done");
  });

  it.each(["drop-before-take", "drop-after-take"] as const)(
    "C7: a message whose socket went away (%s) is sent again under the same id, and runs once",
    async (fault) => {
      const { door, fake } = await openWorld();
      fake.fault(fault);
      const id = door.chat.send(hi);
      await pass(500);
      expect(fake.chats.map((turn) => turn.id)).toEqual([id]);
      fake.chat().chunk("Hello").done();
      await settled();
      expect(turnOf(door, id).state.at).toBe("done");
      expect(answerOf(turnOf(door, id))).toBe("Hello");
    },
  );

  it("C7: a message that cannot be sent fails visibly, and may be tried again under its id", async () => {
    const { door, fake } = world();
    fake.fault("refuse");
    door.connect();
    const id = door.chat.send(hi);
    await pass(310_000);
    expect(turnOf(door, id).state).toMatchObject({ at: "failed", code: "OFFLINE", mayHaveRun: false });
    fake.heal();
    await pass(60_000);
    expect(fake.chats).toHaveLength(0);
    expect(door.chat.send({ ...hi, id })).toBe(id);
    await settled();
    expect(fake.chat().id).toBe(id);
    expect(door.chat.snapshot().turns).toHaveLength(1);
  });

  it("C7: the 257th waiting message fails at once", () => {
    const { door } = world();
    const ids = Array.from({ length: 257 }, () => door.chat.send(hi));
    expect(turnOf(door, ids[255] ?? "").state.at).toBe("queued");
    expect(turnOf(door, ids[256] ?? "").state).toMatchObject({ at: "failed", code: "QUEUE_FULL" });
  });

  it("a message larger than the door takes fails and costs no connection", async () => {
    const { door, fake } = world();
    fake.policy.maxPayload = 1_000;
    door.connect();
    await settled();
    const id = door.chat.send({ ...hi, text: "x".repeat(2_000) });
    await settled();
    expect(turnOf(door, id).state).toMatchObject({ at: "failed", code: "TOO_LARGE", mayHaveRun: false });
    expect(fake.open).toBe(1);
  });

  it("a door that goes down gives the message back: it is sent to the next one", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    fake.tell({ type: "error", id, code: "RESTARTING", message: "Restarting." });
    await settled();
    expect(turnOf(door, id).state.at).toBe("queued");
    fake.restart();
    await pass(1_000);
    expect(fake.chat().received).toBe(2);
  });
});

describe("answers", () => {
  it("C3: the chunks joined are the text, byte for byte, also across a lost socket", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    fake.chat().accepted().chunk("Hé").chunk("😀");
    await settled();
    fake.drop();
    await settled();
    fake.chat().chunk(" while away");
    await pass(500);
    fake.chat().chunk(", back.").done();
    await settled();
    expect(answerOf(turnOf(door, id))).toBe("Hé😀 while away, back.");
    expect(turnOf(door, id).runs[0]?.incomplete).toBe(false);
    expect(fake.chat().received).toBe(1);
  });

  it("C6: when the door forgot, the message is sent again and the answer told from the start", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    fake.chat().chunk("The whole ").thinking("Hm");
    await settled();
    fake.restart();
    await pass(500);
    expect(fake.chat().received).toBe(2);
    fake.chat().chunk("answer.").done();
    await settled();
    const turn = turnOf(door, id);
    expect(answerOf(turn)).toBe("The whole answer.");
    expect(turn.state.at).toBe("done");
    expect(turn.runs[0]?.incomplete).toBe(true);
  });

  it("C6: a run that ended while the client was away has ended for it too", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    fake.fault("refuse").drop();
    await settled();
    fake.chat().chunk("All of it.").done();
    fake.heal();
    await pass(60_000);
    expect(turnOf(door, id).state.at).toBe("done");
    expect(answerOf(turnOf(door, id))).toBe("All of it.");
  });

  it("C6: a turn of which nothing is heard any more fails, though not while it beats", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await pass(290_000);
    fake.chat().heartbeat();
    await pass(290_000);
    expect(turnOf(door, id).state.at).toBe("running");
    await pass(15_000);
    expect(turnOf(door, id).state).toMatchObject({ at: "failed", code: "SILENT", mayHaveRun: true });
  });

  it("C8: an error goes to its turn, its call, or nobody's", async () => {
    const { door, fake } = await openWorld();
    const [one, two] = [door.chat.send(hi), door.chat.send(hi)];
    const notices: unknown[] = [];
    door.onNotice(({ message }) => notices.push(message));
    await settled();
    fake.chat(one).chunk("mine");
    fake.tell({ type: "error", message: "nobody's", code: "INVALID_REQUEST" });
    fake.chat(two).error("The model failed.");
    await settled();
    expect(turnOf(door, one).state.at).toBe("running");
    expect(answerOf(turnOf(door, one))).toBe("mine");
    expect(turnOf(door, two).state).toMatchObject({ at: "failed", code: "RUN_FAILED", message: "The model failed." });
    expect(notices).toEqual(["nobody's"]);
  });

  it("C8: a refused message fails its turn: the agent never heard it", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    fake.tell({ type: "error", id, message: "Forbidden.", code: "FORBIDDEN" });
    await settled();
    expect(turnOf(door, id)).toMatchObject({ state: { at: "failed", code: "FORBIDDEN", mayHaveRun: false }, runs: [] });
  });

  it("C9: thinking and tools reach the turn, in the order of telling", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    const turn = fake.chat().thinking("Let me ").thinking("look.").toolStart("exec", "t1", { command: "ls" });
    turn.toolEnd("t1", "files").chunk("Two files.").done();
    await settled();
    const [run] = turnOf(door, id).runs;
    expect(run && thinkingOf(run)).toBe("Let me look.");
    expect(run?.parts).toEqual([
      { kind: "thinking", text: "Let me look." },
      { kind: "tool", id: "t1", name: "exec", at: "done", args: { command: "ls" }, result: "files" },
      { kind: "text", text: "Two files." },
    ]);
  });

  it("frames of one's own turns reach whoever listens, with their turn", async () => {
    const { door, fake } = await openWorld();
    const heard: string[] = [];
    door.chat.onFrame((frame, turn) => heard.push(`${frame.type} ${turn.state.at}`));
    door.chat.send(hi);
    await settled();
    fake.chat().accepted().chunk("x").done();
    await settled();
    expect(heard).toEqual(["heartbeat running", "chunk running", "done done"]);
  });
});

describe("stopping", () => {
  it("C10: stop ends the run at the gateway", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    fake.chat().chunk("Once upon");
    await settled();
    door.chat.abort({ turnId: id });
    expect(turnOf(door, id).stopping).toBe(true);
    await settled();
    expect(fake.chat().aborts).toEqual([id]);
    expect(turnOf(door, id)).toMatchObject({ state: { at: "aborted" }, stopping: false });
  });

  it("C10: stop before anything was heard, and while offline, still stops", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    fake.drop();
    await settled();
    door.chat.abort({ turnId: id });
    await pass(500);
    expect(fake.chat().aborts).toEqual([id]);
    expect(turnOf(door, id).state.at).toBe("aborted");
  });

  it("a message that was not sent yet is taken back", async () => {
    const { door, fake } = world();
    const id = door.chat.send(hi);
    door.chat.abort({ turnId: id });
    door.connect();
    await settled();
    expect(fake.chats).toHaveLength(0);
    expect(turnOf(door, id).state.at).toBe("aborted");
  });

  it("a stop that failed says so, and the run goes on", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    fake.chat().chunk("x").done();
    door.chat.abort({ turnId: id });
    const notices: unknown[] = [];
    door.onNotice((notice) => notices.push(notice));
    door.chat.abort({ runId: "another" });
    await settled();
    expect(notices).toContainEqual({ message: "Nothing to abort.", code: "INVALID_REQUEST", runId: "another" });
  });

  it("everything in an agent's session is stopped by the agent's name", async () => {
    const { door, fake } = await openWorld();
    door.chat.abort({ agent: "main", sessionKey: "agent:main:x" });
    await settled();
    expect(fake.taken.at(-1)).toEqual({ type: "chat_abort", agent_name: "main", sessionKey: "agent:main:x" });
  });
});

describe("the snapshot", () => {
  it("W9: turns outlive every view, until they are forgotten", async () => {
    const { door, fake } = await openWorld();
    const stop = door.chat.subscribe(() => undefined);
    const [one, two] = [door.chat.send(hi), door.chat.send({ ...hi, agent: "other" })];
    stop();
    await settled();
    fake.chat(one).chunk("heard by nobody").done();
    await settled();
    expect(answerOf(turnOf(door, one))).toBe("heard by nobody");
    door.chat.forget({ agent: "main" });
    door.chat.forget({ turnId: two });
    expect(door.chat.snapshot().turns.map((turn) => turn.id)).toEqual([two]);
    expect(isOver(turnOf(door, two))).toBe(false);
  });

  it("increments are told at a pace, ends at once; nothing is lost in between", async () => {
    const { door, fake } = await openWorld();
    const id = door.chat.send(hi);
    await settled();
    let told = 0;
    door.chat.subscribe(() => (told += 1));
    for (let n = 0; n < 1_000; n += 1) fake.chat().chunk("x");
    await settled();
    expect(told).toBe(0);
    await pass(16);
    expect(told).toBe(1);
    fake.chat().chunk("y").done();
    await settled();
    expect(told).toBe(2);
    expect(answerOf(turnOf(door, id))).toBe(`${"x".repeat(1_000)}y`);
  });

  it("the oldest turns that are over give way", async () => {
    const { door, fake } = await openWorld({ timings: { chatPaceMs: 0 } });
    fake.onChat((turn) => turn.chunk("x").done());
    for (let n = 0; n < 510; n += 1) {
      door.chat.send(hi);
      await settled();
    }
    expect(door.chat.snapshot().turns).toHaveLength(500);
  });
});
