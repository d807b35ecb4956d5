"use client";

import type { Door, DoorSnapshot } from "@vestibule/client";
import { useCallback, useSyncExternalStore } from "react";
import { useShared } from "../context.js";

/** What a door knows before it connects: on a server, and while a page is hydrated. */
const NOTHING: DoorSnapshot = {
  connection: { at: "idle" },
  gateway: null,
  offer: null,
  principal: null,
  recovered: false,
  generation: 0,
};

/** The door itself, for what no hook does. */
export function useDoor(): Door {
  return useShared().door;
}

/** All that is known at the moment; renders on every change of it. */
export function useDoorSnapshot(): DoorSnapshot {
  return useSelected(whole);
}

/** One part of what is known; renders only when that part changes. `select` must be a constant. */
export function useSelected<T>(select: (snapshot: DoorSnapshot) => T): T {
  const door = useDoor();
  const selected = useCallback(() => select(door.snapshot()), [door, select]);
  return useSyncExternalStore(door.subscribe, selected, () => select(NOTHING));
}

const whole = (snapshot: DoorSnapshot): DoorSnapshot => snapshot;
