/**
 * The moments at which a page wakes up: back online, visible again, out of the back-forward cache (W3); and the one at
 * which it goes away.
 */

import type { Environment } from "./api.js";

/** Listen for both until the result is called. */
export function watchPage(environment: Environment, page: { wake: () => void; leave: () => void }): () => void {
  const { window, document } = environment;
  const seen = (): void => {
    if (document?.visibilityState === "visible") page.wake();
    else page.leave();
  };
  window?.addEventListener("online", page.wake);
  window?.addEventListener("pageshow", page.wake);
  window?.addEventListener("pagehide", page.leave);
  document?.addEventListener("visibilitychange", seen);
  return () => {
    window?.removeEventListener("online", page.wake);
    window?.removeEventListener("pageshow", page.wake);
    window?.removeEventListener("pagehide", page.leave);
    document?.removeEventListener("visibilitychange", seen);
  };
}
