/**
 * What is being written and not saved yet. It survives a look at another page, not a reload: the browser asks before the
 * tab is closed. One person's is not for the next (W6).
 */
import { usePrincipal } from "@vestibule/react";
import { createStore, type Store, useStore } from "./store";

type ByPlace<T> = Readonly<Record<string, T>>;
export type Drafts<T> = Store<{ member: string; byPlace: ByPlace<T> }>;

const unsaved = new Set<unknown>();
const ask = (event: BeforeUnloadEvent) => event.preventDefault();

/** The drafts of one kind, by a place that their owner names. */
export function createDrafts<T>(): Drafts<T> {
  const drafts: Drafts<T> = createStore({ member: "", byPlace: {} });
  drafts.subscribe(() => {
    if (Object.keys(drafts.get().byPlace).length > 0) unsaved.add(drafts);
    else unsaved.delete(drafts);
    if (unsaved.size > 0) window.addEventListener("beforeunload", ask);
    else window.removeEventListener("beforeunload", ask);
  });
  return drafts;
}

/** The person's own drafts, and how one is kept; null drops it. */
export function useDrafts<T>(drafts: Drafts<T>): readonly [ByPlace<T>, (place: string, draft: T | null) => void] {
  const member = usePrincipal()?.member ?? "";
  useStore(drafts);
  const own = (): ByPlace<T> => (drafts.get().member === member ? drafts.get().byPlace : {});
  const keep = (place: string, draft: T | null) => {
    const others = Object.entries(own()).filter(([other]) => other !== place);
    drafts.set({ member, byPlace: Object.fromEntries(draft === null ? others : [...others, [place, draft]]) });
  };
  return [own(), keep];
}
