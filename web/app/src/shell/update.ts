import { tab } from "./storage";

const KEY = "vestibule.reloaded";
const ONCE_IN_MS = 60_000;

/** A page of the last version asks for files that the door no longer has: one reload brings the next version. */
export function reloadOnUpdate(): void {
  window.addEventListener("vite:preloadError", (event) => {
    if (Date.now() - Number(tab.read(KEY)) < ONCE_IN_MS) return;
    tab.write(KEY, String(Date.now()));
    event.preventDefault();
    location.reload();
  });
}
