"use client";

import { useCallback } from "react";
import type { GatewayRpcAnswer } from "../contract/use-gateway-rpc.js";
import { useGatewayRpcMutation, type GatewayCallOptions } from "../contract/use-gateway-rpc-mutation.js";

/**
 * A write that is shown at once in what a `useGatewayRpc` gave, taken back if it fails (then it rejects with the
 * `DoorError`), and asked for anew in the end. `change` says how it will look.
 */
export function useOptimisticRpc<T, P>(
  of: Pick<GatewayRpcAnswer<T>, "mutate">,
  method: string,
  change: (before: T, params: P) => T,
  options: Pick<GatewayCallOptions, "timeoutMs" | "refetch"> = {},
): (params: P) => Promise<void> {
  const call = useGatewayRpcMutation();
  const { mutate } = of;
  const { timeoutMs, refetch } = options;
  return useCallback(
    async (params: P): Promise<void> => {
      const changed = (before: T | undefined): T | undefined =>
        before === undefined ? before : change(before, params);
      await mutate(
        async (before) => {
          await call(method, params, { refetch, ...(timeoutMs !== undefined && { timeoutMs }) });
          return changed(before);
        },
        { optimisticData: (before) => changed(before) as T, rollbackOnError: true, revalidate: true },
      );
    },
    [call, mutate, method, timeoutMs, refetch, change],
  );
}
