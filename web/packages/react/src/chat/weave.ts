/**
 * History and what is told live as one conversation, nothing twice. Pure.
 *
 * A live turn takes the place its rows have in the history; what the history does not know follows at the end, or
 * before the next live turn that the history knows. No clock decides: those of browser and gateway may differ.
 */

import type { Told } from "./history.js";
import type { ChatItem, UserItem } from "./items.js";
import type { Live } from "./live.js";

/** All items, oldest first. `covered`: runs the history is known to have, though it does not name them. */
export function weave(
  history: readonly Told[],
  live: readonly Live[],
  covered: ReadonlySet<string>,
): readonly ChatItem[] {
  const shown = live.filter((each) => each.isUnsent || !each.isOver || !each.runIds.some((id) => covered.has(id)));
  shown.sort((one, other) => one.atMs - other.atMs);
  const named = new Set(history.map(({ runId }) => runId));
  const answered = new Set(history.flatMap(({ item, runId }) => (item.kind === "assistant" ? [runId] : [])));
  const placeOf = new Map(shown.flatMap(({ runIds }, place) => runIds.map((id) => [id, place] as const)));
  const begun = new Set<Live>();
  const items: ChatItem[] = [];
  let next = 0;
  const showUnnamed = (end: number): void => {
    for (const each of shown.slice(next, end)) {
      if (!each.runIds.some((id) => named.has(id))) items.push(...each.items);
    }
    next = Math.max(next, end);
  };
  for (const { item, runId } of history) {
    const place = runId === null ? undefined : placeOf.get(runId);
    const own = place === undefined ? undefined : shown[place];
    if (place === undefined || own === undefined) {
      items.push(item);
      continue;
    }
    showUnnamed(place);
    const yields = (own.yields || (own.isOver && isJoined(own, history))) && own.runIds.some((id) => answered.has(id));
    // What somebody else said to begin a run, only the history knows.
    const isUntold = item.kind === "user" && !own.items.some(({ kind }) => kind === "user");
    if (yields || isUntold) items.push(merged(item, own));
    if (!yields && !begun.has(own)) items.push(...own.items);
    begun.add(own);
  }
  showUnnamed(shown.length);
  return items;
}

/** Whether somebody said something that the run took up: only the history knows where in the answer that was. */
function isJoined({ runIds }: Live, history: readonly Told[]): boolean {
  const isAnswer = ({ item, runId }: Told): boolean => item.kind === "assistant" && runIds.includes(runId ?? "");
  const between = history.slice(history.findIndex(isAnswer), history.findLastIndex(isAnswer));
  return between.some(({ item }) => item.kind === "user");
}

/** The last one made of a row. */
const known = new WeakMap<ChatItem, { readonly own: UserItem; readonly item: UserItem }>();

/** A row of the history that keeps what only the live turn knows: how the message fared, and whose it is. */
function merged(item: ChatItem, live: Live): ChatItem {
  const own = live.items.find((each) => each.kind === "user");
  if (item.kind !== "user" || own === undefined) return item;
  const before = known.get(item);
  if (before?.own === own) return before.item;
  const both = { ...item, key: own.key, delivery: own.delivery, turnId: own.turnId };
  known.set(item, { own, item: both });
  return both;
}
