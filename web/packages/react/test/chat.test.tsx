import { DoorError } from "@vestibule/client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useChat, type ChatItem, type UseChatOptions } from "../src/index.js";
import { answered, page, said } from "./rows.js";
import { World } from "./world.js";

const MAIN = "agent:main:main";

beforeEach(() => void vi.useFakeTimers());

function line(item: ChatItem): string {
  if (item.kind !== "assistant") return `${item.kind}: ${item.text}`;
  return `agent: ${item.parts.map((part) => (part.kind === "tool" ? `[${part.name} ${part.at}]` : part.text)).join("")}`;
}

class ChatWorld extends World {
  /** What the gateway has written down. */
  rows: unknown[] = [];
  /** What it says beside it. */
  extra: Record<string, unknown> = {};

  constructor() {
    super();
    this.fake.on("chat.history", (params) => page(this.rows, params, this.extra));
  }

  async chat(options: Partial<UseChatOptions> = {}) {
    const rendered = await this.hook((props: UseChatOptions) => useChat(props), { agent: "main", ...options });
    return { ...rendered, lines: () => rendered.result.current.items.map(line) };
  }
}

describe("useChat: own turns", () => {
  it("shows history, then what is said and answered", async () => {
    const world = new ChatWorld();
    world.rows = [said("Before", "r0"), answered("was history.", "r0")];
    const { result, lines } = await world.chat();
    expect(result.current.sessionKey).toBe(MAIN);

    await world.settle(() => result.current.send("Hi"));
    expect(result.current.activity).toEqual({ at: "sent" });
    await world.settle(() => world.fake.chat().accepted().thinking("Hm. ").toolStart("exec", "c1"));
    expect(result.current.activity.at).toBe("running");
    await world.settle(() => world.fake.chat().toolEnd("c1").chunk("Hel").chunk("lo").done());

    expect(lines()).toEqual(["user: Before", "agent: was history.", "user: Hi", "agent: Hm. [exec done]Hello"]);
    expect(result.current.activity).toEqual({ at: "idle" });
    expect(world.asked("chat.history")).toBe(1);
  });

  it("nothing twice when the history is read again after the turn", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    await world.settle(() => result.current.send("Hi"));
    const { id } = world.fake.chat();
    await world.settle(() => world.fake.chat().accepted().chunk("Hello").done());
    const before = result.current.items;

    world.rows = [said("Hi", id), answered("Hello", id)];
    await world.settle(() => result.current.reload());

    expect(lines()).toEqual(["user: Hi", "agent: Hello"]);
    expect(result.current.items[1]).toBe(before[1]);
    expect(new Set(result.current.items.map(({ key }) => key)).size).toBe(2);
  });

  it("nothing twice while rows are told as they are written", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    await world.settle(() => result.current.send("Hi"));
    const { id } = world.fake.chat();
    await world.settle(() =>
      world.fake
        .event("session.message", { sessionKey: MAIN, message: said("Hi", id) })
        .chat()
        .chunk("Hello")
        .done(),
    );
    await world.settle(() => world.fake.event("session.message", { sessionKey: MAIN, message: answered("Hello", id) }));

    expect(lines()).toEqual(["user: Hi", "agent: Hello"]);
  });

  it("nothing twice where rows name no runs (wire 3)", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    await world.settle(() => result.current.send("Hi"));
    await world.settle(() => world.fake.chat().accepted().chunk("Hello").done());

    world.rows = [said("Hi"), answered("Hello")];
    await world.settle(() => result.current.reload());

    expect(lines()).toEqual(["user: Hi", "agent: Hello"]);
  });

  it("C7: said while offline it is queued, then sent once", async () => {
    const world = new ChatWorld();
    const { result } = await world.chat();
    world.fake.fault("refuse");
    await world.settle(() => world.fake.drop());
    await world.settle(() => result.current.send("Hi"));
    expect(result.current.items[0]).toMatchObject({ kind: "user", delivery: { at: "queued" } });
    expect(result.current.activity).toEqual({ at: "queued" });

    world.fake.heal();
    await world.after(100);
    await world.settle(() => world.fake.chat().accepted().chunk("Hello").done());

    expect(result.current.items[0]).toMatchObject({ delivery: { at: "delivered" } });
    expect(world.fake.chats).toHaveLength(1);
    expect(world.fake.chat().received).toBe(1);
  });

  it("C7: what could not be sent says so, and can be tried again or discarded", async () => {
    const world = new ChatWorld();
    world.timings = { chatPaceMs: 0 };
    const { result, lines } = await world.chat();
    world.fake.fault("refuse");
    await world.settle(() => world.fake.drop());
    await world.settle(() => result.current.send("Lost"));
    await world.after(6 * 60_000);
    const [item] = result.current.items;
    expect(item).toMatchObject({ delivery: { at: "failed", mayHaveRun: false } });
    const turnId = item?.kind === "user" ? (item.turnId ?? "") : "";

    world.fake.heal();
    await world.after(60_000);
    await world.settle(() => result.current.retry(turnId));
    expect(world.fake.chat().id).toBe(turnId);
    await world.settle(() => world.fake.chat().error("No.", "RUN_FAILED"));
    await world.settle(() => result.current.discard(turnId));

    expect(lines()).toEqual([]);
  });

  it("what waits for a connection can be discarded, and is never sent", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    world.fake.fault("refuse");
    await world.settle(() => world.fake.drop());
    const id = result.current.send("Never mind");
    await world.settle(() => result.current.discard(id ?? ""));
    expect(lines()).toEqual([]);

    world.fake.heal();
    await world.after(60_000);
    expect(world.fake.chats).toHaveLength(0);
  });

  it("a turn that may have been heard is tried again as another one", async () => {
    const world = new ChatWorld();
    const { result } = await world.chat();
    const first = result.current.send("Hi");
    await world.settle();
    await world.settle(() => world.fake.chat().accepted().error("Its rest is lost.", "RUN_LOST"));
    expect(result.current.items).toHaveLength(2);

    await world.settle(() => result.current.retry(first ?? ""));

    expect(world.fake.chats).toHaveLength(2);
    expect(world.fake.chat().id).not.toBe(first);
  });

  it("C2: a turn of two runs goes on after the first", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    await world.settle(() => result.current.send("Do it"));
    await world.settle(() => world.fake.chat().accepted().chunk("May I?").done({ turnEnded: false }));
    expect(result.current.activity.at).toBe("running");
    await world.settle(() => world.fake.chat().run("r2").chunk("Done.").done());

    expect(lines()).toEqual(["user: Do it", "agent: May I?", "agent: Done."]);
    expect(result.current.activity.at).toBe("idle");
  });

  it("C5: a silent run is running, and its heartbeat is no text", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    await world.settle(() => result.current.send("Hi"));
    await world.settle(() => world.fake.chat().accepted().chunk("A").heartbeat("retrying"));

    expect(lines()).toEqual(["user: Hi", "agent: A"]);
    expect(result.current.activity).toEqual({ at: "running", phase: "retrying", stopping: false });
  });

  it("C6: of an answer that was torn the history has the rest", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    await world.settle(() => result.current.send("Count"));
    const { id } = world.fake.chat();
    await world.settle(() => world.fake.chat().accepted().chunk("1 "));
    world.fake.fault("lose-one");
    await world.settle(() => world.fake.chat().chunk("2 "));
    world.fake.heal();
    world.rows = [said("Count", id), answered("1 2 3", id)];
    await world.settle(() => world.fake.chat().chunk("3").done());
    await world.after(1_000);

    expect(lines()).toEqual(["user: Count", "agent: 1 2 3"]);
  });

  it("C10: stop ends what runs here", async () => {
    const world = new ChatWorld();
    const { result } = await world.chat();
    await world.settle(() => result.current.send("Count"));
    await world.settle(() => world.fake.chat().accepted().chunk("1 "));
    await world.settle(() => result.current.stop());

    expect(world.fake.chat().aborts).toEqual([world.fake.chat().id]);
    expect(result.current.activity).toEqual({ at: "idle" });
    expect(result.current.items[1]).toMatchObject({ state: { at: "done", aborted: true } });
  });

  it("W9: an answer goes on while its view is away", async () => {
    const world = new ChatWorld();
    const shown = await world.hook(({ agent }: { agent: string | null }) => useChat({ agent }), {
      agent: "main",
    });
    await world.settle(() => shown.result.current.send("Hi"));
    await world.settle(() => world.fake.chat().accepted().chunk("Hel"));
    shown.rerender({ agent: null });
    expect(shown.result.current.items).toEqual([]);
    await world.settle(() => world.fake.chat().chunk("lo").done());
    shown.rerender({ agent: "main" });
    await world.settle();

    expect(shown.result.current.items.map(line)).toEqual(["user: Hi", "agent: Hello"]);
  });

  it("W11: every message has an id of its own, whatever the clock says", async () => {
    const world = new ChatWorld();
    const { result } = await world.chat();
    const ids = Array.from({ length: 50 }, () => result.current.send("Hi"));

    expect(new Set(ids).size).toBe(50);
  });

  it("sessions of one agent are apart", async () => {
    const world = new ChatWorld();
    const { result, rerender, lines } = await world.chat({ sessionKey: "agent:main:work" });
    await world.settle(() => result.current.send("At work"));
    expect(world.fake.chat().sessionKey).toBe("agent:main:work");
    await world.settle(() => world.fake.chat().accepted().chunk("Yes.").done());
    expect(lines()).toEqual(["user: At work", "agent: Yes."]);

    rerender({ agent: "main" });
    await world.settle();
    expect(lines()).toEqual([]);
  });

  it("without an agent there is nothing, and nothing is asked", async () => {
    const world = new ChatWorld();
    const { result } = await world.hook(() => useChat({ agent: null }));

    expect(result.current).toMatchObject({ items: [], isLoading: false });
    expect(result.current.send("Hi")).toBeNull();
    expect(world.asked("chat.history")).toBe(0);
  });

  it("files go with the message", async () => {
    const world = new ChatWorld();
    const { result } = await world.chat();
    const attachments = [{ type: "image", mimeType: "image/png", content: "AAAA" }];
    await world.settle(() => result.current.send("Look", { attachments }));

    expect(world.fake.chat().frame).toMatchObject({ attachments });
    expect(result.current.items[0]).toMatchObject({ attachments });
  });
});

describe("useChat: the history", () => {
  const many = Array.from({ length: 25 }, (_, index) => said(`${index + 1}`, `r${index + 1}`));

  it("is read in pages, from the newest", async () => {
    const world = new ChatWorld();
    world.rows = many;
    const { result, lines } = await world.chat({ pageSize: 10 });
    expect(lines()[0]).toBe("user: 16");
    expect(result.current).toMatchObject({ hasEarlier: true, total: 25 });

    await world.settle(() => result.current.loadEarlier());
    await world.settle(() => result.current.loadEarlier());

    expect(lines()).toHaveLength(25);
    expect(lines()[0]).toBe("user: 1");
    expect(result.current.hasEarlier).toBe(false);
  });

  it("pages that moved on since do not repeat a message", async () => {
    const world = new ChatWorld();
    world.rows = many;
    const { result, lines } = await world.chat({ pageSize: 10 });
    world.rows = [...many, said("26", "r26"), said("27", "r27")];
    await world.settle(() => result.current.loadEarlier());

    expect(new Set(lines()).size).toBe(lines().length);
    expect(lines()[0]).toBe("user: 8");
  });

  it("W12: what is there stays when it cannot be read again, and the error is shown", async () => {
    const world = new ChatWorld();
    world.rows = [said("Before", "r0")];
    const { result, lines } = await world.chat();
    world.fake.on("chat.history", () => {
      throw new DoorError("GATEWAY_DOWN", "Cannot be reached.");
    });
    await world.settle(() => result.current.reload());

    expect(lines()).toEqual(["user: Before"]);
    expect(result.current.error?.message).toBe("Cannot be reached.");
  });

  it("waits for the gateway, then loads by itself", async () => {
    const world = new ChatWorld();
    world.rows = [said("Before", "r0")];
    world.fake.gateway({ state: "starting" });
    const { result, lines } = await world.chat();
    expect(result.current.isLoading).toBe(true);
    expect(world.asked("chat.history")).toBe(0);

    await world.settle(() => world.fake.gateway({ state: "ready" }));
    expect(lines()).toEqual(["user: Before"]);
  });

  it("W8: is read once more when something was missed for good", async () => {
    const world = new ChatWorld();
    const { lines } = await world.chat();
    world.rows = [said("From elsewhere", "r1"), answered("Yes.", "r1")];
    await world.settle(() => world.fake.restart());
    await world.after(2_000);

    expect(lines()).toEqual(["user: From elsewhere", "agent: Yes."]);
    expect(world.asked("chat.history")).toBe(2);
  });

  it("W6: nothing of the previous user is left", async () => {
    const world = new ChatWorld();
    let member = "ada";
    world.fake.signIn(() => ({ member, owner: member }));
    world.rows = [said("Ada's secret", "r1")];
    const { lines } = await world.chat();
    expect(lines()).toHaveLength(1);

    member = "bob";
    world.rows = [];
    await world.settle(() => world.fake.drop());
    await world.after(2_000);
    expect(lines()).toEqual([]);
  });

  it("a session that was reset is another transcript", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    await world.settle(() => result.current.send("Hi"));
    const { id } = world.fake.chat();
    await world.settle(() => world.fake.chat().accepted().chunk("Hello").done());
    world.rows = [said("Hi", id), answered("Hello", id)];
    await world.settle(() => result.current.reload());

    world.rows = [];
    world.extra = { sessionId: "s2" };
    await world.settle(() => world.fake.event("sessions.changed", { sessionKey: MAIN, reason: "reset" }));
    await world.after(1_000);

    expect(lines()).toEqual([]);
  });
});

describe("useChat: runs of others", () => {
  const telling = (state: string, text: string, sessionKey = MAIN) => ({
    runId: "cron-1",
    sessionKey,
    agentId: "main",
    state,
    deltaText: text,
    message: { role: "assistant", content: [{ type: "text", text }] },
  });

  it("are shown as they happen, and are the history's when they are over", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    await world.settle(() => world.fake.event("chat", telling("delta", "Good ")));
    await world.after(20);
    await world.settle(() => world.fake.event("chat", telling("delta", "Good morning")));
    await world.after(20);
    expect(lines()).toEqual(["agent: Good morning"]);
    expect(result.current.activity.at).toBe("running");

    world.rows = [said("Say good morning.", "cron-1"), answered("Good morning", "cron-1")];
    await world.settle(() => world.fake.event("chat", telling("final", "Good morning")));
    await world.after(1_000);

    expect(lines()).toEqual(["user: Say good morning.", "agent: Good morning"]);
    expect(result.current.activity.at).toBe("idle");
  });

  it("R1: of another session do not appear", async () => {
    const world = new ChatWorld();
    const { lines } = await world.chat();
    await world.settle(() => world.fake.event("chat", telling("delta", "Elsewhere", "agent:main:telegram:direct:7")));
    await world.after(100);

    expect(lines()).toEqual([]);
  });

  it("C6: one that was on before we came goes on where it was", async () => {
    const world = new ChatWorld();
    world.rows = [said("Count", "cron-1")];
    const events = [{ stream: "tool", data: { phase: "start", name: "exec", toolCallId: "c1", args: {} } }];
    world.extra = { inFlightRun: { runId: "cron-1", text: "1 2 ", startedAt: 1, events } };
    const { result, lines } = await world.chat();
    await world.after(100);
    expect(lines()).toEqual(["user: Count", "agent: [exec running]1 2 "]);

    await world.settle(() => world.fake.event("chat", telling("delta", "1 2 3")));
    await world.after(100);
    expect(lines()).toEqual(["user: Count", "agent: [exec running]1 2 3"]);
    await world.settle(() => result.current.stop());
    expect(world.fake.taken.at(-1)).toMatchObject({ type: "chat_abort", runId: "cron-1" });
  });

  it("our own run in flight is told by its turn alone", async () => {
    const world = new ChatWorld();
    const { result, lines } = await world.chat();
    await world.settle(() => result.current.send("Hi"));
    const { id } = world.fake.chat();
    await world.settle(() => world.fake.chat().accepted().chunk("Hel"));
    world.extra = { inFlightRun: { runId: id, text: "Hel", startedAt: 1, events: [] } };
    await world.settle(() => result.current.reload());
    await world.settle(() => world.fake.chat().chunk("lo"));
    await world.after(20);

    expect(lines()).toEqual(["user: Hi", "agent: Hello"]);
  });
});
