/**
 * Turns as the plain messages of `useAgentChat`. Pure.
 */

import { isOver, textOf, type Turn } from "@vestibule/client";
import type { AgentMessage } from "./types.js";

const known = new WeakMap<Turn, readonly AgentMessage[]>();

/** What was said and what was answered, one message per run with a text. */
export function messagesOf(turns: readonly Turn[]): readonly AgentMessage[] {
  return turns.flatMap((turn) => {
    const before = known.get(turn);
    if (before !== undefined) return before;
    const answers = turn.runs.map(textOf).filter((text) => text !== "");
    const messages: AgentMessage[] = [
      { role: "user", content: turn.message.text },
      ...answers.map((content) => ({ role: "assistant", content }) as const),
    ];
    known.set(turn, messages);
    return messages;
  });
}

/** Why the newest turn failed; null if it did not. */
export function failureOf(turns: readonly Turn[]): string | null {
  const state = turns.at(-1)?.state;
  return state?.at === "failed" ? state.message : null;
}

/** Whether an answer is awaited. */
export function isAwaited(turns: readonly Turn[]): boolean {
  return turns.some((turn) => !isOver(turn));
}
