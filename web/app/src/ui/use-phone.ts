import { useSyncExternalStore } from "react";

const query = typeof matchMedia === "function" ? matchMedia("(width < 48rem)") : null;

function subscribe(listener: () => void): () => void {
  query?.addEventListener("change", listener);
  return () => query?.removeEventListener("change", listener);
}

/** Whether the window is as narrow as a phone: Tailwind's `max-md`, where classes alone do not do. */
export const usePhone = (): boolean => useSyncExternalStore(subscribe, () => query?.matches ?? false);
