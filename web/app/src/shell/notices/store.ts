/** What was said beside the page: passing notices, and the list of those that mattered. */
import { randomUUID } from "@vestibule/react";
import { toast } from "sonner";
import { readError } from "@/ui";
import { createStore, type Store, useStore } from "../store";

export type Notice = {
  id: string;
  tone: "success" | "info" | "danger";
  title: string;
  description: string | null;
  code: string | null;
  atMs: number;
  seen: boolean;
};

const LONGEST = 50;
const store: Store<readonly Notice[]> = createStore<readonly Notice[]>([]);

export const useNotices = (): readonly Notice[] => useStore(store);

export function markNoticesSeen(): void {
  const notices = store.get();
  if (notices.some((notice) => !notice.seen)) store.set(notices.map((notice) => ({ ...notice, seen: true })));
}

export const clearNotices = (): void => store.set([]);

function keep(notice: Omit<Notice, "id" | "atMs" | "seen">): void {
  store.set([{ ...notice, id: randomUUID(), atMs: Date.now(), seen: false }, ...store.get()].slice(0, LONGEST));
}

/** Tell something in passing. Errors stay in the list until they were seen; the rest goes by. */
export const notify = {
  success: (title: string, description?: string): void => {
    toast.success(title, { description });
  },
  info: (title: string, description?: string): void => {
    toast.info(title, { description });
  },
  /** `error` may be anything thrown: its message and code are shown. */
  error: (title: string, error?: unknown): void => {
    const read = error === undefined ? null : readError(error);
    toast.error(title, { description: read?.message, duration: 8_000 });
    keep({ tone: "danger", title, description: read?.message ?? null, code: read?.code ?? null });
  },
};
