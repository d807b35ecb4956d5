import { newTurn, reduceTurn, type ChatFrame, type Turn } from "@vestibule/client";
import { describe, expect, it } from "vitest";
import { itemsOf } from "../src/chat/history.js";
import type { ChatItem } from "../src/chat/items.js";
import { liveRun, liveTurn } from "../src/chat/live.js";
import { readRows } from "../src/chat/rows.js";
import { weave } from "../src/chat/weave.js";
import { answered, called, returned, said } from "./rows.js";

const NONE: ReadonlySet<string> = new Set();

function line(item: ChatItem): string {
  if (item.kind !== "assistant") return `${item.kind} ${item.text}`;
  return `${item.from} ${item.parts.map((part) => (part.kind === "tool" ? `[${part.name}]` : part.text)).join("")}`;
}

const lines = (items: readonly ChatItem[]): string[] => items.map(line);

/** A turn that was answered. */
function turn(id: string, text: string, answer: string, over = true, saidAtMs = 0): Turn {
  const address = { runId: id, agent: "main", sessionKey: "agent:main:main", id };
  const frames: ChatFrame[] = [{ ...address, type: "chunk", content: answer, replace: false }];
  if (over) frames.push({ ...address, type: "done", stopReason: "stop", aborted: false, turnEnded: true });
  return frames.reduce(reduceTurn, newTurn(id, { agent: "main", text }, saidAtMs));
}

describe("history and live turns as one conversation", () => {
  it("a turn that both know is shown once, in its place, as it was told live", () => {
    const history = itemsOf(readRows([said("One", "t1"), answered("1", "t1"), said("Two", "x2"), answered("2", "x2")]));

    expect(lines(weave(history, [liveTurn(turn("t1", "One", "1"))], NONE))).toEqual([
      "user One",
      "own 1",
      "user Two",
      "history 2",
    ]);
  });

  it("a running turn of which the history has some rows already is shown once", () => {
    const history = itemsOf(
      readRows([said("Go", "t1"), called("c", "exec", {}, "t1"), returned("c", "exec", "ok", "t1")]),
    );

    expect(lines(weave(history, [liveTurn(turn("t1", "Go", "Work", false))], NONE))).toEqual(["user Go", "own Work"]);
  });

  it("what the history does not know yet comes last", () => {
    const history = itemsOf(readRows([said("Old", "x1"), answered("old", "x1")]));

    expect(lines(weave(history, [liveTurn(turn("t1", "New", "new"))], NONE)).slice(2)).toEqual(["user New", "own new"]);
  });

  it("what failed before a turn the history knows stays before it, whatever the clocks say", () => {
    const unsent: Turn = {
      ...newTurn("t1", { agent: "main", text: "Lost" }, 10),
      state: { at: "failed", code: "OFFLINE", message: "Not connected.", mayHaveRun: false },
    };
    const history = itemsOf(readRows([said("Old", "x1"), said("Sent", "t2"), answered("2", "t2")]));
    const live = [liveTurn(turn("t2", "Sent", "2", true, 20)), liveTurn(unsent)];

    expect(lines(weave(history, live, NONE))).toEqual(["user Old", "user Lost", "user Sent", "own 2"]);
  });

  it("C6: a turn of which some was missed yields to the history when it is over", () => {
    const whole = turn("t1", "Count", "1 2");
    const torn = { ...whole, runs: whole.runs.map((run) => ({ ...run, incomplete: true })) };
    const history = itemsOf(readRows([said("Count", "t1"), answered("1 2 3", "t1")]));
    const items = weave(history, [liveTurn(torn)], NONE);

    expect(lines(items)).toEqual(["user Count", "history 1 2 3"]);
    expect(items[0]).toMatchObject({ key: "user:t1", turnId: "t1" });
    expect(weave(history, [liveTurn(torn)], NONE)[0]).toBe(items[0]);
  });

  it("C2: the runs of one turn follow each other, also where the history has another order of rows", () => {
    const one = turn("t1", "Do it", "Asking.", false);
    const address = { runId: "r2", agent: "main", sessionKey: "agent:main:main", id: "t1" };
    const both = reduceTurn(one, { ...address, type: "chunk", content: "Done.", replace: false });
    const history = itemsOf(
      readRows([said("Do it", "t1"), answered("Asking.", "t1"), said("Meanwhile", "x"), answered("Done.", "r2")]),
    );

    expect(lines(weave(history, [liveTurn(both)], NONE))).toEqual([
      "user Do it",
      "own Asking.",
      "own Done.",
      "user Meanwhile",
    ]);
  });

  it("C2: what was said into a running answer stands where it was taken up, once the answer is over", () => {
    const live = [turn("t1", "First", "1 and 2"), turn("t2", "Second", "", true, 5)].map(liveTurn);
    const history = itemsOf(
      readRows([said("First", "t1"), answered("1", "t1"), said("Second", "t2"), answered("2", "t1")]),
    );

    expect(lines(weave(history, live, NONE))).toEqual(["user First", "history 1", "user Second", "own ", "history 2"]);
  });

  it("a gateway that names no runs (wire 3) covers what was over when it was asked", () => {
    const history = itemsOf(readRows([said("One"), answered("1")]));
    const live = [liveTurn(turn("t1", "One", "1")), liveTurn(turn("t2", "Two", "2", false, 5))];

    expect(lines(weave(history, live, new Set(["t1", "t2"])))).toEqual(["user One", "history 1", "user Two", "own 2"]);
  });

  it("a run of others is shown live until the history has it", () => {
    const [run] = turn("r1", "", "from cron", false).runs;
    if (run === undefined) throw new Error("no run");
    const running = { run: { ...run, sessionKey: "agent:main:main" }, firstSeenAtMs: 1 };
    const done = { at: "done", stopReason: null, aborted: false } as const;
    const ended = { ...running, run: { ...running.run, state: done } };
    const history = itemsOf(readRows([said("Daily", "r1"), answered("from cron", "r1")]));

    expect(lines(weave([], [liveRun(running)], NONE))).toEqual(["other from cron"]);
    expect(lines(weave(history, [liveRun(ended)], NONE))).toEqual(["user Daily", "history from cron"]);
  });

  it("items of a turn that did not change keep their identity", () => {
    const one = turn("t1", "One", "1", false);
    const more = reduceTurn(one, {
      ...{ runId: "t1", agent: "main", sessionKey: "agent:main:main", id: "t1" },
      ...{ type: "chunk", content: "2", replace: false },
    });

    expect(weave([], [liveTurn(one)], NONE)).toEqual(weave([], [liveTurn(one)], NONE));
    expect(weave([], [liveTurn(more)], NONE)[0]).toBe(weave([], [liveTurn(one)], NONE)[0]);
  });
});
