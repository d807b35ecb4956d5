import { device } from "./storage";
import { createStore, useStore } from "./store";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "vestibule.theme"; // also read by public/theme.js, before the first paint
const isTheme = (text: string | null): text is Theme => THEMES.some((theme) => theme === text);

const kept = device.read(KEY);
const store = createStore<Theme>(isTheme(kept) ? kept : "system");

export function setTheme(theme: Theme): void {
  store.set(theme);
  device.write(KEY, theme === "system" ? null : theme);
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export const useTheme = (): Theme => useStore(store);

/** The next one, for a key or a button. */
export function cycleTheme(): void {
  setTheme(THEMES[(THEMES.indexOf(store.get()) + 1) % THEMES.length] ?? "system");
}
