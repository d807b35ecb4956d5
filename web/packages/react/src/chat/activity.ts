/**
 * What is under way in a conversation. Pure.
 */

import type { Turn } from "@vestibule/client";
import type { Observed } from "../shared/observed.js";
import type { Activity } from "./items.js";

/** The furthest of what is under way: running before sent before queued. */
export function activityOf(turns: readonly Turn[], observed: readonly Observed[]): Activity {
  const running = turns.findLast(({ state }) => state.at === "running");
  const runs = [...observed.map(({ run }) => run), ...turns.flatMap((turn) => turn.runs)];
  const run = runs.findLast(({ state }) => state.at === "running");
  if (running !== undefined || run !== undefined) {
    const phase = run?.state.at === "running" ? run.state.phase : null;
    return { at: "running", phase, stopping: turns.some(({ stopping }) => stopping) };
  }
  if (turns.some(({ state }) => state.at === "sent")) return { at: "sent" };
  return { at: turns.some(({ state }) => state.at === "queued") ? "queued" : "idle" };
}
