import { createStore } from "../store";

/** Which overlay of the shell is open. */
export const overlay = createStore<"none" | "palette" | "help">("none");

export const openPalette = (): void => overlay.set("palette");
export const openHelp = (): void => overlay.set("help");
export const closeOverlay = (): void => overlay.set("none");
