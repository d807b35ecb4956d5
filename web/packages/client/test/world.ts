/** A door client, the door in memory it talks to, and the page around it; time moves only when a test moves it. */

import { afterEach, beforeEach, vi } from "vitest";
import { createDoor, type Door, type DoorOptions } from "../src/index.js";
import { createFakeDoor, settled, type FakeDoor } from "../src/testing/index.js";

export interface World {
  readonly fake: FakeDoor;
  readonly door: Door;
  readonly page: Page;
  /** What handlers threw. */
  readonly reported: unknown[];
}

/** The page: wakes up, goes away. */
export class Page extends EventTarget {
  visibilityState = "visible";

  show(visible: boolean): void {
    this.visibilityState = visible ? "visible" : "hidden";
    this.dispatchEvent(new Event("visibilitychange"));
  }

  hears(type: string): void {
    this.dispatchEvent(new Event(type));
  }
}

const doors: Door[] = [];

export function useFakeTime(): void {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    for (const door of doors.splice(0)) door.close();
    vi.useRealTimers();
  });
}

export function world(options: Partial<DoorOptions> = {}, fake = createFakeDoor()): World {
  const page = new Page();
  const reported: unknown[] = [];
  const door = createDoor({
    ...fake.options,
    ...options,
    environment: {
      ...fake.options.environment,
      window: page,
      document: page,
      random: () => 1,
      report: (error) => reported.push(error),
      ...options.environment,
    },
  });
  doors.push(door);
  return { fake, door, page, reported };
}

/** The same, and open. */
export async function openWorld(options: Partial<DoorOptions> = {}, fake = createFakeDoor()): Promise<World> {
  const made = world(options, fake);
  made.door.connect();
  await settled();
  return made;
}

export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settled();
}

/** A promise whose failure is looked at later. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error: unknown) => error,
  );
}

/** A storage that outlives a door. */
export function storage(): Storage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}
