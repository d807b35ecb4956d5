/**
 * The conversations of one door, by session.
 */

import type { Door } from "@vestibule/client";
import type { ObservedStore } from "../shared/observed.js";
import { Conversation, type ConversationOf } from "./conversation.js";
import { normalAgent, normalKey } from "./session-key.js";

/** Conversations kept; the one that was made first gives way. */
const MAX = 100;

/** Makes each once. */
export class Conversations {
  readonly #door: Door;
  readonly #observed: ObservedStore;
  readonly #known = new Map<string, Conversation>();

  constructor(door: Door, observed: ObservedStore) {
    this.#door = door;
    this.#observed = observed;
  }

  /** The conversation; the same object for the same session. */
  readonly of = (which: ConversationOf): Conversation => {
    const { agent, sessionKey, pageSize } = which;
    const name = sessionKey === null ? `agent:${normalAgent(agent)}` : normalKey(agent, sessionKey);
    const key = `${name} ${pageSize}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const conversation = new Conversation(this.#door, this.#observed, which);
    this.#known.set(key, conversation);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX && oldest !== undefined) this.#known.delete(oldest);
    return conversation;
  };
}
