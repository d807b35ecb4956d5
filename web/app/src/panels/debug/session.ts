/** The calls made here, kept as long as the page: running ones go on while one looks at something else. */
import type { useDoor } from "@vestibule/react";
import { useSyncExternalStore } from "react";
import { begun, type Call, ended } from "./calls";

type Door = ReturnType<typeof useDoor>;

let calls: readonly Call[] = [];
let owner: string | null = null;
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Call[]): void {
  calls = next;
  for (const tell of listeners) tell();
}

export const useCalls = (): readonly Call[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => calls,
  );

/** Answers of one person are not for the next (W6). */
export function belongTo(member: string | null): void {
  if (member === null || member === owner) return;
  owner = member;
  if (calls.length > 0) set([]);
}

export const forgetCalls = (): void => set(calls.filter((call) => call.outcome.at === "running"));

export type Asked = Pick<Call, "method" | "params" | "text" | "timeoutMs">;

/** Makes a call and keeps its outcome. Returns its id at once. */
export function makeCall(door: Door, { method, params, text, timeoutMs }: Asked): number {
  lastId += 1;
  const id = lastId;
  const begunAt = performance.now();
  set(begun(calls, { id, method, params, text, timeoutMs, atMs: Date.now() }));
  door.call(method, params, { timeoutMs }).then(
    (payload) => {
      const tookMs = performance.now() - begunAt;
      set(ended(calls, id, { at: "answered", payload, tookMs, bytes: JSON.stringify(payload ?? null).length }));
    },
    (error: unknown) => set(ended(calls, id, { at: "failed", error, tookMs: performance.now() - begunAt })),
  );
  return id;
}
