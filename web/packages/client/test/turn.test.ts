import { describe, expect, it } from "vitest";
import { readChat } from "../src/frames.js";
import { isOver, newTurn, reduceObserved, reduceTurn, textOf, type ObservedRuns, type Turn } from "../src/index.js";
import { missedSome } from "../src/turn.js";

const begun = newTurn("turn-1", { agent: "main", text: "Hi" }, 0);

interface Said {
  readonly type: string;
  readonly [field: string]: unknown;
}

function told(turn: Turn, ...said: Said[]): Turn {
  return said.reduce((before, fields) => {
    const frame = readChat({ runId: "r1", agent: "main", sessionKey: "s", id: "turn-1", ...fields });
    return frame === null ? before : reduceTurn(before, frame);
  }, turn);
}

const chunk = (content: string, more = {}): Said => ({ type: "chunk", content, ...more });

function text(turn: Turn, run = 0): string {
  const found = turn.runs[run];
  return found === undefined ? "" : textOf(found);
}

describe("a turn", () => {
  it("C2: an approval in the middle makes it several runs; it is over with the last one", () => {
    const first = told(begun, chunk("Let me ask."), { type: "heartbeat", phase: "waiting-approval", approvalId: "a1" });
    expect(first.runs[0]?.state).toEqual({ at: "running", phase: "waiting-approval", approvalId: "a1" });
    const between = told(first, { type: "done", turnEnded: false });
    expect(isOver(between)).toBe(false);
    const after = told(between, chunk("Done.", { runId: "r2" }), { type: "done", runId: "r2", turnEnded: true });
    expect(after.state).toEqual({ at: "done" });
    expect(after.runs.map(textOf)).toEqual(["Let me ask.", "Done."]);
  });

  it("C3: chunks are increments; a heartbeat is never part of the text", () => {
    const turn = told(begun, chunk("a"), { type: "heartbeat" }, chunk(""), chunk("b"), {
      type: "heartbeat",
      phase: "x",
    });
    expect(text(turn)).toBe("ab");
  });

  it("C3: replace is all of the text so far; what is only longer keeps its place between the tools", () => {
    const tool = { type: "tool_start", tool: "exec", toolCallId: "t" };
    const turn = told(begun, chunk("One."), tool, chunk("One. Two.", { replace: true }));
    expect(turn.runs[0]?.parts.map((part) => part.kind)).toEqual(["text", "tool", "text"]);
    expect(text(turn)).toBe("One. Two.");
    expect(text(told(turn, chunk("Other.", { replace: true })))).toBe("Other.");
  });

  it("C6: told anew, the text and the thinking replace what was there; tools are not doubled", () => {
    const tool = { type: "tool_start", tool: "exec", toolCallId: "t", args: 1 };
    const before = told(begun, { type: "thinking", content: "Hm" }, tool, chunk("Half an ans"));
    const anew = told(
      missedSome(before, true),
      { type: "thinking", content: "Hm, yes" },
      tool,
      chunk("Half"),
      chunk(" an answer"),
    );
    expect(anew.runs[0]?.parts).toEqual([
      { kind: "tool", id: "t", name: "exec", at: "running", args: 1, result: null },
      { kind: "thinking", text: "Hm, yes" },
      { kind: "text", text: "Half an answer" },
    ]);
    expect(anew.runs[0]?.incomplete).toBe(true);
  });

  it("what comes after a run's end changes nothing", () => {
    const over = told(begun, chunk("x"), { type: "done", turnEnded: true });
    expect(told(over, chunk("late"), { type: "error", message: "late" })).toBe(over);
  });

  it("an aborted run ends an aborted turn", () => {
    expect(told(begun, { type: "done", aborted: true, turnEnded: true }).state).toEqual({ at: "aborted" });
  });

  it("a run that failed in the middle does not end the turn", () => {
    const turn = told(begun, { type: "error", message: "m", code: "RUN_FAILED", turnEnded: false });
    expect(turn.state).toEqual({ at: "running" });
    expect(turn.runs[0]?.state).toMatchObject({ at: "failed", message: "m" });
  });

  it("what did not change is the same object", () => {
    const two = told(begun, chunk("a"), { type: "done", turnEnded: false }, chunk("b", { runId: "r2" }));
    const more = told(two, chunk("c", { runId: "r2" }));
    expect(more.runs[0]).toBe(two.runs[0]);
    expect(more.runs[1]).not.toBe(two.runs[1]);
  });

  it("a tool whose beginning was missed appears with its end", () => {
    const turn = told(begun, { type: "tool_error", tool: "exec", toolCallId: "t", result: "no" });
    expect(turn.runs[0]?.parts).toEqual([
      { kind: "tool", id: "t", name: "exec", at: "failed", args: null, result: "no" },
    ]);
  });

  it("a tool that ends without its result leaves the run incomplete: wire 3 tells it by the history alone", () => {
    const start = { type: "tool_start", tool: "exec", toolCallId: "t" };
    const end = { type: "tool_end", tool: "exec", toolCallId: "t" };
    expect(told(begun, start, { ...end, result: { content: [] } }).runs[0]?.incomplete).toBe(false);
    expect(told(begun, start, { ...end, result: null }, { type: "done" }).runs[0]?.incomplete).toBe(true);
  });
});

describe("runs of others", () => {
  const here = { runId: "r9", sessionKey: "agent:main:main" };

  function observe(...events: (readonly [string, Record<string, unknown>])[]): ObservedRuns {
    return events.reduce<ObservedRuns>(
      (runs, [event, payload]) => reduceObserved(runs, { event, payload: { ...here, ...payload }, offset: null }),
      new Map(),
    );
  }

  const message = (words: string): unknown => ({ role: "assistant", content: [{ type: "text", text: words }] });

  it("are built from the gateway's own events, wire 4 and wire 3", () => {
    const wire4 = observe(
      ["agent", { stream: "thinking", data: { delta: "Hm" } }],
      ["chat", { state: "delta", deltaText: "Hel", message: message("Hel") }],
      ["agent", { stream: "tool", data: { phase: "start", name: "exec", toolCallId: "t", args: {} } }],
      ["agent", { stream: "tool", data: { phase: "result", name: "exec", toolCallId: "t", result: "x" } }],
      ["chat", { state: "final", stopReason: "stop", message: message("Hello") }],
    );
    const run = wire4.get("r9");
    expect(run).toMatchObject({ sessionKey: here.sessionKey, state: { at: "done", stopReason: "stop" } });
    expect(run?.parts.map((part) => part.kind)).toEqual(["thinking", "text", "tool", "text"]);
    expect(run && textOf(run)).toBe("Hello");
    const wire3 = observe(["chat", { state: "delta", message: { content: "Hel" } }], ["chat", { state: "aborted" }]);
    expect(wire3.get("r9")).toMatchObject({ state: { at: "done", aborted: true } });
  });

  it("fail with the gateway's own words", () => {
    const runs = observe(
      ["chat", { state: "delta", deltaText: "x" }],
      ["chat", { state: "error", errorMessage: "No." }],
    );
    expect(runs.get("r9")?.state).toMatchObject({ at: "failed", message: "No." });
  });

  it("other events change nothing", () => {
    const none: ObservedRuns = new Map();
    expect(reduceObserved(none, { event: "health", payload: here, offset: 1 })).toBe(none);
    expect(reduceObserved(none, { event: "chat", payload: null, offset: 1 })).toBe(none);
    expect(reduceObserved(none, { event: "agent", payload: { ...here, stream: "lifecycle" }, offset: 1 })).toBe(none);
  });

  it("are bounded: the oldest that have ended give way", () => {
    let runs: ObservedRuns = new Map();
    for (let n = 0; n < 150; n += 1) {
      runs = reduceObserved(runs, { event: "chat", payload: { ...here, runId: `r${n}`, state: "final" }, offset: n });
    }
    expect(runs.size).toBe(100);
    expect(runs.has("r149")).toBe(true);
  });
});
