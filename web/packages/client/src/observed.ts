/**
 * Runs that were started elsewhere (another tab, a channel, cron), built from the gateway's own `chat` and `agent`
 * events by a pure reducer. This client's own turns come as chat frames and are not told here again.
 */

import { isRecord, text, textOrNull, type ChatFrame, type GatewayEvent, type RunAddress } from "./frames.js";
import { newRun, reduceRun, type Run } from "./turn.js";

/** A run and where it happens. */
export interface ObservedRun extends Run {
  readonly sessionKey: string;
}

/** By run id, in order of appearance. */
export type ObservedRuns = ReadonlyMap<string, ObservedRun>;

/** Runs kept; the oldest that have ended give way. */
const MAX_RUNS = 100;

/** The runs after an event; the same object if it says nothing about a run. */
export function reduceObserved(runs: ObservedRuns, event: GatewayEvent): ObservedRuns {
  const frames = framesOf(event);
  const [first] = frames;
  if (first === undefined) return runs;
  const before = runs.get(first.runId);
  if (before !== undefined && before.state.at !== "running") return runs;
  const sessionKey = first.sessionKey || (before?.sessionKey ?? "");
  const run = frames.reduce(reduceRun, before ?? newRun(first.runId));
  const next = new Map(runs).set(first.runId, { ...run, sessionKey });
  for (const [id, { state }] of next) if (next.size > MAX_RUNS && state.at !== "running") next.delete(id);
  return next;
}

/** What an event says about a run, in the words of the door's chat frames. */
function framesOf({ event, payload }: GatewayEvent): ChatFrame[] {
  const runId = textOrNull(payload, "runId");
  if (runId === null) return [];
  const address: RunAddress = {
    runId,
    agent: text(payload, "agentId"),
    sessionKey: text(payload, "sessionKey"),
    id: null,
  };
  if (event === "chat") return chatFrames(address, payload);
  return event === "agent" && isRecord(payload) ? agentFrames(address, text(payload, "stream"), payload["data"]) : [];
}

function chatFrames(address: RunAddress, payload: unknown): ChatFrame[] {
  const said = isRecord(payload) ? messageText(payload["message"]) : "";
  // The text of the message is cumulative; `told` keeps what is only longer in its place.
  const whole: ChatFrame[] = said === "" ? [] : [{ ...address, type: "chunk", content: said, replace: true }];
  const stopReason = textOrNull(payload, "stopReason");
  switch (text(payload, "state")) {
    case "delta": {
      const content = text(payload, "deltaText");
      return whole.length > 0 ? whole : [{ ...address, type: "chunk", content, replace: false }];
    }
    case "final":
      return [...whole, { ...address, type: "done", stopReason, aborted: false, turnEnded: true }];
    case "aborted":
      return [...whole, { ...address, type: "done", stopReason, aborted: true, turnEnded: true }];
    case "error": {
      const message = textOrNull(payload, "errorMessage") ?? "The agent failed.";
      const rest = { details: null, retryable: false, mayHaveRun: true, turnEnded: true };
      return [{ ...address, ...rest, type: "error", code: "RUN_FAILED", message }];
    }
    default:
      return [];
  }
}

function agentFrames(address: RunAddress, stream: string, data: unknown): ChatFrame[] {
  const phase = text(data, "phase");
  if (stream === "thinking") {
    const content = text(data, "delta");
    return content === "" ? [] : [{ ...address, type: "thinking", content }];
  }
  if (stream !== "tool" || !isRecord(data)) return [];
  const tool = { tool: text(data, "name"), toolCallId: text(data, "toolCallId") };
  if (phase === "start") return [{ ...address, ...tool, type: "tool_start", args: data["args"] }];
  const type = data["isError"] === true ? "tool_error" : "tool_end";
  return phase === "result" ? [{ ...address, ...tool, type, result: data["result"] }] : [];
}

function messageText(message: unknown): string {
  const content = isRecord(message) ? message["content"] : null;
  if (typeof content === "string") return content;
  const blocks: unknown[] = Array.isArray(content) ? content : [];
  return blocks.map((block) => (text(block, "type") === "text" ? text(block, "text") : "")).join("");
}
