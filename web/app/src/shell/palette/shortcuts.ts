import { useEffect, useRef } from "react";
import { createStore, type Store, useStore } from "../store";
import { advance, nameOf } from "./keys";

export type Shortcut = {
  /** "mod k", "?", "g then c". */
  keys: string;
  /** What it does, for the list: "Go to the chat". */
  title: string;
  run: () => void;
};

const SEQUENCE_MS = 1_200;
const store: Store<readonly Shortcut[]> = createStore<readonly Shortcut[]>([]);

/** Those that work at the moment; the page's own last. */
export const useShortcuts = (): readonly Shortcut[] => useStore(store);

export function addShortcut(shortcut: Shortcut): () => void {
  store.set([...store.get(), shortcut]);
  return () => store.set(store.get().filter((one) => one !== shortcut));
}

/** A shortcut while a component is mounted. It appears in the help (`?`) by itself. */
export function useShortcut(keys: string, title: string, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => addShortcut({ keys, title, run: () => latest.current() }), [keys, title]);
}

/** Listens for all of them; once, at the top. */
export function listenForShortcuts(): () => void {
  let pending: { keys: string; atMs: number } | null = null;
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const name = nameOf({
      key: event.key,
      mod: event.metaKey || event.ctrlKey,
      alt: event.altKey,
      inText: inText(event.target),
    });
    if (name === null) return;
    const begun = pending && event.timeStamp - pending.atMs < SEQUENCE_MS ? pending.keys : null;
    const next = advance(begun, name, new Set(store.get().map((shortcut) => shortcut.keys)));
    pending = next.at === "pending" ? { keys: next.keys, atMs: event.timeStamp } : null;
    if (next.at !== "found") return;
    event.preventDefault();
    store
      .get()
      .findLast((shortcut) => shortcut.keys === next.shortcut)
      ?.run();
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}

const inText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input, textarea, select, [role=menu] *, [role=listbox] *"));
