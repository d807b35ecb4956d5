import { device, tab } from "../storage";
import { createStore, useStore } from "../store";
import { dropToken, keepToken, readToken, tokenIn } from "./token";

export type Session = { at: "in"; token: string } | { at: "out"; reason: string | null };

const kept = { tab, device };
const store = createStore<Session>({ at: "out", reason: null });

/** Before the first render: take the link's token, or the one that is kept; listen for links opened later. */
export function startSession(): void {
  window.addEventListener("hashchange", takeLink);
  if (takeLink()) return;
  const token = readToken(kept);
  store.set(token === null ? { at: "out", reason: null } : { at: "in", token });
}

function takeLink(): boolean {
  if (!location.hash.startsWith("#token=")) return false;
  const token = tokenIn(location.hash);
  history.replaceState(null, "", `${location.pathname}${location.search}#/chat`);
  if (token === null) return false;
  signIn(token, { remember: true });
  return true;
}

export function signIn(token: string, options: { remember: boolean }): void {
  keepToken(kept, token, options);
  store.set({ at: "in", token });
}

/** Leave; with a reason when it was the door that ended it. */
export function signOut(reason: string | null = null): void {
  const session = store.get();
  if (session.at === "in") dropToken(kept, session.token);
  store.set({ at: "out", reason });
}

export const useSession = (): Session => useStore(store);
