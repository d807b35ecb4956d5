/**
 * What is being written, per conversation. Above the view (W9): going to a panel and back loses nothing, a reload loses
 * the attachments alone, which are too large to keep.
 */
import { useCallback, useSyncExternalStore } from "react";
import { tab } from "@/shell/storage";
import type { Attached } from "./attachment";

export type Draft = { readonly text: string; readonly attached: readonly Attached[] };

const NONE: Draft = { text: "", attached: [] };
const KEY = "vestibule.draft:";
const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();

export function draftOf(place: string): Draft {
  const known = drafts.get(place);
  if (known !== undefined) return known;
  const text = tab.read(KEY + place) ?? "";
  const draft = text === "" ? NONE : { ...NONE, text };
  drafts.set(place, draft);
  return draft;
}

export function setDraft(place: string, change: Partial<Draft>): void {
  const draft = { ...draftOf(place), ...change };
  drafts.set(place, draft);
  tab.write(KEY + place, draft.text === "" ? null : draft.text);
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
