"use client";

import { useCallback } from "react";
import { useSWRConfig } from "swr";
import type { GatewayRpcAnswer } from "../contract/use-gateway-rpc.js";
import { useGatewayRpcMutation } from "../contract/use-gateway-rpc-mutation.js";

/** A gateway that reloads its config after a write answers with the old for about a tenth of a second. */
const PAUSES_MS = [100, 200, 400, 800, 1600];

/**
 * A write that is shown at once in what a `useGatewayRpc` gave, taken back if it fails (then it rejects with the
 * `DoorError`), and in the end what the gateway says. `change` says how it will look; what already looks so, it leaves
 * equal: that is how the gateway's word after the write is told from one before it.
 */
export function useOptimisticRpc<T, P>(
  { mutate, read }: Pick<GatewayRpcAnswer<T>, "mutate" | "read">,
  method: string,
  change: (before: T, params: P) => T,
): (params: P) => Promise<void> {
  const call = useGatewayRpcMutation();
  const { compare } = useSWRConfig();
  return useCallback(
    async (params: P): Promise<void> => {
      const changed = (before: T | undefined): T | undefined =>
        before === undefined ? before : change(before, params);
      const afterwards = async (): Promise<T> => {
        let after = await read();
        for (const pauseMs of PAUSES_MS) {
          if (compare(after, change(after, params))) break;
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
          after = await read();
        }
        return after;
      };
      await mutate(
        async (before) => {
          await call(method, params);
          return afterwards().catch(() => changed(before));
        },
        { optimisticData: (before) => changed(before) as T, rollbackOnError: true, revalidate: false },
      );
    },
    [call, compare, mutate, read, method, change],
  );
}
