/**
 * The moments at which a page wakes up: back online, visible again, out of the back-forward cache (W3); the one at
 * which the network may be gone; and the one at which the page goes away.
 */

import type { Environment } from "./api.js";

/** What a page does then. */
export interface Page {
  readonly wake: () => void;
  readonly doubt: () => void;
  readonly leave: () => void;
}

/** Listen for all of them until the result is called. */
export function watchPage(environment: Environment, page: Page): () => void {
  const { window, document } = environment;
  const seen = (): void => {
    if (document?.visibilityState === "visible") page.wake();
    else page.leave();
  };
  window?.addEventListener("online", page.wake);
  window?.addEventListener("offline", page.doubt);
  window?.addEventListener("pageshow", page.wake);
  window?.addEventListener("pagehide", page.leave);
  document?.addEventListener("visibilitychange", seen);
  return () => {
    window?.removeEventListener("online", page.wake);
    window?.removeEventListener("offline", page.doubt);
    window?.removeEventListener("pageshow", page.wake);
    window?.removeEventListener("pagehide", page.leave);
    document?.removeEventListener("visibilitychange", seen);
  };
}
