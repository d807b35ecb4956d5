/**
 * What is being written, per conversation. Above the view (W9): going to a panel and back loses nothing, a reload loses
 * the attachments alone, which are too large to keep.
 */
import { useCallback, useSyncExternalStore } from "react";
import type { Attached } from "./attachment";

export type Draft = { readonly text: string; readonly attached: readonly Attached[] };

const NONE: Draft = { text: "", attached: [] };
const KEY = "vestibule.draft:";
const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();

export function draftOf(place: string): Draft {
  const known = drafts.get(place);
  if (known !== undefined) return known;
  const text = stored(place);
  const draft = text === "" ? NONE : { ...NONE, text };
  drafts.set(place, draft);
  return draft;
}

export function setDraft(place: string, change: Partial<Draft>): void {
  const draft = { ...draftOf(place), ...change };
  drafts.set(place, draft);
  store(place, draft.text);
  for (const listener of listeners) listener();
}

export function useDraft(place: string): readonly [Draft, (change: Partial<Draft>) => void] {
  const draft = useSyncExternalStore(subscribe, () => draftOf(place));
  return [draft, useCallback((change: Partial<Draft>) => setDraft(place, change), [place])];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(place: string): string {
  try {
    return sessionStorage.getItem(KEY + place) ?? "";
  } catch {
    return "";
  }
}

function store(place: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(KEY + place);
    else sessionStorage.setItem(KEY + place, text);
  } catch {
    // Full or forbidden: the draft lives as long as the page.
  }
}
