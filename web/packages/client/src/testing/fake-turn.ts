/**
 * One `agent_chat` as the fake door sees it, and what its agent says: each method pushes one frame.
 */

import type { Frame } from "../frames.js";

/** Sends a frame to whoever began the turn. `numbered`: as part of the stream. */
export type Speak = (frame: Frame, numbered: boolean) => void;

/** A turn to be scripted: `fake.chat().accepted().chunk("Hel").chunk("lo").done()`. */
export class FakeTurn {
  readonly id: string;
  readonly agent: string;
  readonly message: string;
  readonly sessionKey: string;
  /** The frame as it came the first time. */
  readonly frame: Frame;
  /** How often the frame came. */
  received = 1;
  /** Run ids the client asked to stop. */
  readonly aborts: string[] = [];
  ended = false;
  /** Text so far, by run. */
  readonly texts = new Map<string, string>();
  #runId: string;
  readonly #tools = new Map<string, string>();
  readonly #speak: Speak;

  constructor(frame: Frame, speak: Speak) {
    this.frame = frame;
    this.id = String(frame["id"]);
    this.agent = String(frame["agent_name"]);
    this.message = String(frame["message"]);
    this.sessionKey = typeof frame["sessionKey"] === "string" ? frame["sessionKey"] : `agent:${this.agent}:main`;
    this.#runId = this.id;
    this.#speak = speak;
  }

  get runId(): string {
    return this.#runId;
  }

  /** What follows is another run of the same turn. */
  run(runId: string): this {
    this.#runId = runId;
    return this;
  }

  accepted(): this {
    return this.heartbeat("accepted");
  }

  heartbeat(phase?: string, fields: Readonly<Record<string, unknown>> = {}): this {
    return this.#say({ type: "heartbeat", phase, ...fields }, false);
  }

  thinking(content: string): this {
    return this.#say({ type: "thinking", content });
  }

  chunk(content: string): this {
    this.texts.set(this.#runId, (this.texts.get(this.#runId) ?? "") + content);
    return this.#say({ type: "chunk", content });
  }

  /** The gateway rewrote its text. */
  replace(content: string): this {
    this.texts.set(this.#runId, content);
    return this.#say({ type: "chunk", content, replace: true });
  }

  toolStart(tool: string, toolCallId: string, args: unknown = {}): this {
    this.#tools.set(toolCallId, tool);
    return this.#say({ type: "tool_start", tool, toolCallId, args });
  }

  toolEnd(toolCallId: string, result: unknown = {}): this {
    return this.#say({ type: "tool_end", tool: this.#tools.get(toolCallId) ?? "", toolCallId, result });
  }

  toolError(toolCallId: string, result: unknown = {}): this {
    return this.#say({ type: "tool_error", tool: this.#tools.get(toolCallId) ?? "", toolCallId, result });
  }

  done(fields: { turnEnded?: boolean; aborted?: boolean; stopReason?: string } = {}): this {
    const { turnEnded = true, aborted, stopReason = "stop" } = fields;
    this.ended ||= turnEnded;
    return this.#say({ type: "done", stopReason, aborted, turnEnded });
  }

  error(message = "The model failed.", code = "RUN_FAILED", turnEnded = true): this {
    this.ended ||= turnEnded;
    return this.#say({ type: "error", message, code, turnEnded });
  }

  #say(fields: Frame, numbered = true): this {
    const { id, agent, sessionKey } = this;
    this.#speak({ ...fields, runId: this.#runId, agent, sessionKey, id }, numbered);
    return this;
  }
}
