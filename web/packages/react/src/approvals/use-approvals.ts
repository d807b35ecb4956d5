"use client";

import type { DoorError } from "@vestibule/client";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useShared } from "../context.js";
import { isSettled, type Approval } from "./approval.js";

/** What waits for a decision, and what was decided lately. */
export interface UseApprovalsReturn {
  /** Oldest first. */
  readonly pending: readonly Approval[];
  /** Decided or expired, newest first: says who was first. */
  readonly settled: readonly Approval[];
  /** Decide, with one of the approval's `decisions`. Somebody else having been first is no failure; others reject. */
  readonly resolve: (approval: Approval, decision: string) => Promise<void>;
  readonly reload: () => void;
  readonly isLoading: boolean;
  /** Why the lists could not be had. */
  readonly error: DoorError | null;
}

/** The approvals this account may decide: asked for where the gateway offers the list, kept up to date by events. */
export function useApprovals(): UseApprovalsReturn {
  const { approvals: store } = useShared();
  const { approvals, isLoading, error } = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
  useEffect(() => store.open(), [store]);
  return useMemo(() => {
    const all = [...approvals.values()];
    return {
      pending: all.filter((approval) => !isSettled(approval)),
      settled: all.filter(isSettled).reverse(),
      resolve: store.resolve,
      reload: store.reload,
      isLoading,
      error,
    };
  }, [store, approvals, isLoading, error]);
}
