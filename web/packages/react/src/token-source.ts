/**
 * Where a provider's door gets its token: from whatever function the last render gave.
 */

import type { DoorStorage } from "@vestibule/client";

/**
 * Gives the token; null means nobody is signed in. `skipCache` (and `fresh`, the same) asks to leave caches aside: the
 * door refused the last one. Clerk's `getToken` takes `skipCache` just so.
 */
export type GetToken = (wish: {
  readonly fresh: boolean;
  readonly skipCache: boolean;
}) => string | null | undefined | Promise<string | null | undefined>;

/** Holds the newest function; the door keeps asking the same source. */
export class TokenSource {
  #getToken: GetToken | undefined;

  constructor(getToken: GetToken | undefined) {
    this.#getToken = getToken;
  }

  readonly set = (getToken: GetToken | undefined): void => {
    this.#getToken = getToken;
  };

  readonly read = ({ fresh }: { readonly fresh: boolean }): ReturnType<GetToken> =>
    this.#getToken?.({ fresh, skipCache: fresh });
}

/** The tab's storage; null on a server, or where it is forbidden. */
export function sessionStorageOrNull(): DoorStorage | null {
  try {
    return typeof sessionStorage === "undefined" ? null : sessionStorage;
  } catch {
    return null;
  }
}
