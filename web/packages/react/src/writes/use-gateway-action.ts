"use client";

import type { DoorError } from "@vestibule/client";
import { useCallback, useState } from "react";
import { useGatewayRpcMutation, type GatewayCallOptions } from "../contract/use-gateway-rpc-mutation.js";
import { asDoorError } from "../errors.js";

/** One kind of write, and how the last one went. */
export interface GatewayAction<T, P> {
  /** Never rejects: undefined means that `error` says why (W10). */
  readonly run: (params: P) => Promise<T | undefined>;
  readonly isRunning: boolean;
  /** The gateway's own message, to be shown where the user acted. */
  readonly error: DoorError | null;
  readonly data: T | undefined;
  /** Forget error and data. */
  readonly reset: () => void;
}

interface Standing<T> {
  readonly running: number;
  readonly error: DoorError | null;
  readonly data: T | undefined;
}

/** A write with its error and its progress, for the button or form it belongs to. */
export function useGatewayAction<T = unknown, P = unknown>(
  method: string,
  { refetch, timeoutMs }: Pick<GatewayCallOptions, "refetch" | "timeoutMs"> = {},
): GatewayAction<T, P> {
  const call = useGatewayRpcMutation();
  const [{ running, error, data }, set] = useState<Standing<T>>({ running: 0, error: null, data: undefined });
  const run = useCallback(
    async (params: P): Promise<T | undefined> => {
      set((before) => ({ ...before, running: before.running + 1, error: null }));
      try {
        const answer = await call<T>(method, params, { refetch, ...(timeoutMs !== undefined && { timeoutMs }) });
        set(({ running: before }) => ({ running: before - 1, error: null, data: answer }));
        return answer;
      } catch (thrown) {
        set((before) => ({ ...before, running: before.running - 1, error: asDoorError(thrown) }));
        return undefined;
      }
    },
    [call, method, refetch, timeoutMs],
  );
  const reset = useCallback(
    () => set(({ running: before }) => ({ running: before, error: null, data: undefined })),
    [],
  );
  return { run, isRunning: running > 0, error, data, reset };
}
