/**
 * A conversation's items from what is told live: turns of this door, and runs of others. Pure.
 */

import { isOver, type ChatMessage, type Run, type Turn } from "@vestibule/client";
import type { Observed } from "../shared/observed.js";
import type { AssistantItem, ChatItem, Delivery, UserItem } from "./items.js";

/** Items that belong together, and the runs they are of. */
export interface Live {
  readonly runIds: readonly string[];
  readonly items: readonly ChatItem[];
  readonly atMs: number;
  /** Nothing more will come. */
  readonly isOver: boolean;
  /** The history tells it better than we can. */
  readonly yields: boolean;
  /** The agent never heard it: no history has it, and it stays until it is tried again or discarded. */
  readonly isUnsent: boolean;
}

/** Same turn, same items: what React may skip is found by identity. */
const known = new WeakMap<Turn | Observed, Live>();
const knownRuns = new WeakMap<Run, AssistantItem>();
const knownMessages = new WeakMap<ChatMessage, UserItem>();

/** A turn of this door. */
export function liveTurn(turn: Turn): Live {
  return remembered(turn, () => ({
    runIds: [turn.id, ...turn.runs.map(({ id }) => id)],
    items: [userItem(turn), ...turn.runs.map((run) => runItem(run, "own", turn))],
    atMs: turn.saidAtMs,
    isOver: isOver(turn),
    yields: isOver(turn) && (turn.runs.length === 0 || turn.runs.some(({ incomplete }) => incomplete)),
    isUnsent: turn.state.at === "failed" && !turn.state.mayHaveRun,
  }));
}

/** A run that was started elsewhere. */
export function liveRun(observed: Observed): Live {
  const { run, firstSeenAtMs } = observed;
  return remembered(observed, () => ({
    runIds: [run.id],
    items: [{ ...runItem(run, "other", null), atMs: firstSeenAtMs }],
    atMs: firstSeenAtMs,
    isOver: run.state.at !== "running",
    // Its end was heard: from then on the history has all of it, in its place.
    yields: run.state.at !== "running",
    isUnsent: false,
  }));
}

function remembered(of: Turn | Observed, make: () => Live): Live {
  const before = known.get(of);
  if (before !== undefined) return before;
  const live = make();
  known.set(of, live);
  return live;
}

function userItem(turn: Turn): UserItem {
  const delivery = deliveryOf(turn);
  const before = knownMessages.get(turn.message);
  if (before?.turnId === turn.id && isSame(before.delivery, delivery)) return before;
  const item: UserItem = {
    kind: "user",
    key: `user:${turn.id}`,
    text: turn.message.text,
    attachments: turn.message.attachments ?? [],
    atMs: turn.saidAtMs,
    delivery,
    turnId: turn.id,
    row: null,
  };
  knownMessages.set(turn.message, item);
  return item;
}

function isSame(one: Delivery, other: Delivery): boolean {
  return one.at === other.at && (one.at !== "failed" || other.at !== "failed" || one.message === other.message);
}

/** How far a message has come. A turn that failed after its run had begun was delivered: the run says what happened. */
export function deliveryOf({ state, runs }: Turn): Delivery {
  switch (state.at) {
    case "queued":
    case "sent":
      return { at: state.at };
    case "running":
    case "done":
    case "aborted":
      return { at: "delivered" };
    case "failed": {
      const isTold = runs.some((run) => run.state.at === "failed");
      const { code, message, mayHaveRun } = state;
      return isTold ? { at: "delivered" } : { at: "failed", code, message, mayHaveRun };
    }
  }
}

function runItem(run: Run, from: "own" | "other", turn: Turn | null): AssistantItem {
  const before = knownRuns.get(run);
  if (before !== undefined) return before;
  const item: AssistantItem = {
    kind: "assistant",
    key: `run:${run.id}`,
    runId: run.id,
    parts: run.parts,
    state: run.state,
    atMs: null,
    from,
    turnId: turn?.id ?? null,
    incomplete: run.incomplete,
    row: null,
  };
  knownRuns.set(run, item);
  return item;
}
