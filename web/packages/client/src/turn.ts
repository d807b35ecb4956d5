/**
 * One turn of a chat: a message and every run it leads to, built from chat frames by a pure reducer.
 *
 * Values are immutable and share what did not change. Knows nothing of sockets or time.
 */

import type { ChatFrame, RunErrorFrame } from "./frames.js";

/** A piece of a run, in the order of telling. */
export type RunPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "thinking"; readonly text: string }
  | {
      readonly kind: "tool";
      readonly id: string;
      readonly name: string;
      readonly at: "running" | "done" | "failed";
      readonly args: unknown;
      readonly result: unknown;
    };

/** How a run stands. */
export type RunState =
  /** `phase` says at what (`waiting-approval`, `retrying`, ...), null while it writes. */
  | { readonly at: "running"; readonly phase: string | null; readonly approvalId: string | null }
  | { readonly at: "done"; readonly stopReason: string | null; readonly aborted: boolean }
  | { readonly at: "failed"; readonly code: string; readonly message: string; readonly details: unknown };

/** One run of the agent. */
export interface Run {
  readonly id: string;
  readonly state: RunState;
  readonly parts: readonly RunPart[];
  /** Some of it was missed and is not told again: reload the history when the turn is over. */
  readonly incomplete: boolean;
  /** What comes next is told from the start: text and thinking so far are replaced by it. */
  readonly retold: { readonly text: boolean; readonly thinking: boolean };
}

/** What a user said. */
export interface ChatMessage {
  readonly agent: string;
  readonly text: string;
  readonly sessionKey?: string;
  /** As the gateway's `chat.send` takes them. */
  readonly attachments?: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** Idempotency key; a UUID is made where it is absent. At least 16 characters. */
  readonly id?: string | undefined;
}

/** How a turn stands. */
export type TurnState =
  /** Not sent yet: there is no connection. */
  | { readonly at: "queued" }
  /** Sent; nothing was heard of it yet. */
  | { readonly at: "sent" }
  /** The door has it, or a run goes on, or another will follow. */
  | { readonly at: "running" }
  | { readonly at: "done" }
  | { readonly at: "aborted" }
  /**
   * `mayHaveRun` false: the agent never heard it; send it again with the same id. True: with the same id one hears how
   * that run went, with a new id the agent is asked once more.
   */
  | { readonly at: "failed"; readonly code: string; readonly message: string; readonly mayHaveRun: boolean };

/** One message and all that came of it. */
export interface Turn {
  readonly id: string;
  readonly message: ChatMessage;
  /** Where it runs; null until the door has said so, unless the message named it. */
  readonly sessionKey: string | null;
  readonly state: TurnState;
  /** In order of appearance. An approval in the middle can make one turn several runs (C2). */
  readonly runs: readonly Run[];
  /** The user wants it stopped. */
  readonly stopping: boolean;
  /** Unix milliseconds at which the user said it. */
  readonly saidAtMs: number;
}

/** A turn nobody was told of yet. */
export function newTurn(id: string, message: ChatMessage, saidAtMs: number): Turn {
  const sessionKey = message.sessionKey ?? null;
  return { id, message, sessionKey, state: { at: "queued" }, runs: [], stopping: false, saidAtMs };
}

/** The answer's text: all text parts of a run, joined (C3). */
export function textOf(run: Pick<Run, "parts">): string {
  return joined(run, "text");
}

/** The model's thinking: all thinking parts of a run, joined. */
export function thinkingOf(run: Pick<Run, "parts">): string {
  return joined(run, "thinking");
}

/** Whether nothing more will come of a turn. */
export function isOver(turn: Turn): boolean {
  return turn.state.at === "done" || turn.state.at === "aborted" || turn.state.at === "failed";
}

/** The turn after a chat frame of it. A frame of a run that is over changes nothing. */
export function reduceTurn(turn: Turn, frame: ChatFrame): Turn {
  const sessionKey = frame.sessionKey === "" ? turn.sessionKey : frame.sessionKey;
  if (frame.type === "error" && frame.runId === "") return failed({ ...turn, sessionKey }, frame);
  const before = turn.runs.find((run) => run.id === frame.runId);
  if (before !== undefined && before.state.at !== "running") return turn;
  const run = reduceRun(before ?? newRun(frame.runId), frame);
  const runs = before === undefined ? [...turn.runs, run] : turn.runs.map((each) => (each === before ? run : each));
  const after: Turn = { ...turn, sessionKey, runs, state: { at: "running" } };
  if (frame.type === "done" && frame.turnEnded) {
    return { ...after, state: { at: frame.aborted ? "aborted" : "done" }, stopping: false };
  }
  return frame.type === "error" && frame.turnEnded ? failed(after, frame) : after;
}

/** The run after a frame of it. */
export function reduceRun(run: Run, frame: ChatFrame): Run {
  switch (frame.type) {
    case "chunk":
      return told(run, "text", frame.content, frame.replace);
    case "thinking":
      return told(run, "thinking", frame.content, false);
    case "tool_start":
      return tool(run, frame.toolCallId, { name: frame.tool, at: "running", args: frame.args });
    case "tool_end":
      return {
        ...tool(run, frame.toolCallId, { name: frame.tool, at: "done", result: frame.result }),
        // Wire 3 tells the end only; what came of it, the history knows.
        incomplete: run.incomplete || (frame.result ?? null) === null,
      };
    case "tool_error":
      return tool(run, frame.toolCallId, { name: frame.tool, at: "failed", result: frame.result });
    case "heartbeat":
      return frame.phase === null
        ? run
        : { ...run, state: { at: "running", phase: frame.phase, approvalId: frame.approvalId } };
    case "done":
      return { ...run, state: { at: "done", stopReason: frame.stopReason, aborted: frame.aborted } };
    case "error":
      return { ...run, state: { at: "failed", code: frame.code, message: frame.message, details: frame.details } };
  }
}

/** The turn after frames of it were missed; `retold`: what comes next is told from the start. */
export function missedSome(turn: Turn, retold: boolean): Turn {
  const flags = { text: retold, thinking: retold };
  const runs = turn.runs.map((run) => (run.state.at === "running" ? { ...run, incomplete: true, retold: flags } : run));
  return { ...turn, runs };
}

/** A run nobody has told anything of yet. */
export function newRun(id: string): Run {
  const state: RunState = { at: "running", phase: null, approvalId: null };
  return { id, state, parts: [], incomplete: false, retold: { text: false, thinking: false } };
}

function failed(turn: Turn, frame: RunErrorFrame): Turn {
  const { code, message, mayHaveRun } = frame;
  return {
    ...turn,
    state: { at: "failed", code, message, mayHaveRun: mayHaveRun || turn.runs.length > 0 },
    stopping: false,
  };
}

type Words = "text" | "thinking";

function joined(run: Pick<Run, "parts">, kind: Words): string {
  return run.parts.map((part) => (part.kind === kind ? part.text : "")).join("");
}

/** Append an increment, or begin anew where the door says so. What is only longer keeps its place between the tools. */
function told(run: Run, kind: Words, content: string, replace: boolean): Run {
  const writing = run.state.at === "running" && run.state.phase !== null;
  const state: RunState = writing ? { at: "running", phase: null, approvalId: null } : run.state;
  if (!replace && !run.retold[kind]) return { ...run, state, parts: appended(run.parts, kind, content) };
  const retold = { ...run.retold, [kind]: false };
  const before = joined(run, kind);
  const parts =
    replace && content.startsWith(before)
      ? appended(run.parts, kind, content.slice(before.length))
      : appended(
          run.parts.filter((part) => part.kind !== kind),
          kind,
          content,
        );
  return { ...run, state, parts, retold };
}

function appended(parts: readonly RunPart[], kind: Words, content: string): readonly RunPart[] {
  if (content === "") return parts;
  const last = parts.at(-1);
  if (last?.kind === kind) return [...parts.slice(0, -1), { kind, text: last.text + content }];
  return [...parts, { kind, text: content }];
}

type ToolPart = Extract<RunPart, { kind: "tool" }>;

function tool(
  run: Run,
  id: string,
  news: Pick<ToolPart, "name" | "at"> & Partial<Pick<ToolPart, "args" | "result">>,
): Run {
  const before = run.parts.find((part) => part.kind === "tool" && part.id === id);
  if (before === undefined) {
    return { ...run, parts: [...run.parts, { kind: "tool", id, args: null, result: null, ...news }] };
  }
  const name = news.name === "" && before.kind === "tool" ? before.name : news.name;
  return { ...run, parts: run.parts.map((part) => (part === before ? { ...part, ...news, name } : part)) };
}
