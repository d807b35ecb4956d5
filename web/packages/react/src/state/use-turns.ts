"use client";

import type { ChatSnapshot } from "@vestibule/client";
import { useSyncExternalStore } from "react";
import { useDoor } from "./use-snapshot.js";

const NO_TURNS: ChatSnapshot = { turns: [] };
const noTurns = (): ChatSnapshot => NO_TURNS;

/** The turns of this door, all agents. */
export function useTurns(): ChatSnapshot {
  const { chat } = useDoor();
  return useSyncExternalStore(chat.subscribe, chat.snapshot, noTurns);
}
