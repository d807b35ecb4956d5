/**
 * The token of whoever is signed in: in this tab, and on this device if it is to be remembered.
 *
 * It comes in the fragment of the sign-in link, which no server and no log ever sees, and leaves the address at once.
 */
import { decodePart } from "../route";
import type { Keep } from "../storage";

const KEY = "vestibule.token";

export type TokenStore = { tab: Keep; device: Keep };

export function readToken(kept: TokenStore): string | null {
  return kept.tab.read(KEY) ?? kept.device.read(KEY);
}

export function keepToken(kept: TokenStore, token: string, options: { remember: boolean }): void {
  kept.tab.write(KEY, token);
  kept.device.write(KEY, options.remember ? token : null);
}

/** Also on the device, if it is this token that is remembered there: another one may be good. */
export function dropToken(kept: TokenStore, token: string): void {
  if (kept.tab.read(KEY) === token) kept.tab.write(KEY, null);
  if (kept.device.read(KEY) === token) kept.device.write(KEY, null);
}

/** The token in a pasted text: a sign-in link, its fragment, or the token alone. */
export function tokenIn(text: string): string | null {
  const trimmed = text.trim();
  const fragment = /[#?&]?token=([^&\s]+)/.exec(trimmed)?.[1];
  const token = fragment === undefined ? trimmed : decodePart(fragment);
  return /^[\w.~+/=-]{16,}$/.test(token) ? token : null;
}
