"use client";

import type { ChatSnapshot } from "@vestibule/client";
import { useCallback, useSyncExternalStore } from "react";
import { useDoor } from "./use-snapshot.js";

const NO_TURNS: ChatSnapshot = { turns: [] };

/** The turns of this door, all agents. */
export function useTurns(): ChatSnapshot {
  const { chat } = useDoor();
  const subscribe = useCallback((listener: () => void) => chat.subscribe(listener), [chat]);
  return useSyncExternalStore(
    subscribe,
    () => chat.snapshot(),
    () => NO_TURNS,
  );
}
