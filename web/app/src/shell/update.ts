import { tab } from "./storage";

const KEY = "vestibule.reloaded";
const ONCE_IN_MS = 60_000;
const SELF = new URL(import.meta.url).pathname.split("/").at(-1) ?? "";

/** A page of the last version asks for files that the door no longer has: one reload brings the next version. */
export function reloadOnUpdate(): void {
  window.addEventListener("vite:preloadError", () => void reloadIfNew());
}

async function reloadIfNew(): Promise<void> {
  if (Date.now() - Number(tab.read(KEY)) < ONCE_IN_MS || !(await hasAnotherVersion())) return;
  tab.write(KEY, String(Date.now()));
  location.reload();
}

/** Whether the door is there, and serves another script than the one that runs. What cannot be reached is no news. */
async function hasAnotherVersion(): Promise<boolean> {
  try {
    const page = await fetch(location.pathname, { cache: "no-store" });
    return page.ok && !(await page.text()).includes(SELF);
  } catch {
    return false;
  }
}
