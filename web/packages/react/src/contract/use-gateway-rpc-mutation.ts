"use client";

import type { CallOptions } from "@vestibule/client";
import { useCallback } from "react";
import { useShared } from "../context.js";
import type { Pattern } from "../shared/pattern.js";

/** How to call, and: */
export type GatewayCallOptions = CallOptions & {
  /** Reads that are out of date after success, where no event says so: `channels.*`. */
  readonly refetch?: Pattern | undefined;
};

/** Calls a method; rejects with a `DoorError` that carries the gateway's own message (W10). */
export type GatewayCall = <T = unknown>(method: string, params?: unknown, options?: GatewayCallOptions) => Promise<T>;

/** A function that calls a method of the gateway. */
export function useGatewayRpcMutation(): GatewayCall {
  const { door, refetcher } = useShared();
  return useCallback(
    async <T>(method: string, params?: unknown, { refetch, ...options }: GatewayCallOptions = {}): Promise<T> => {
      const payload = await door.call<T>(method, params, options);
      if (refetch !== undefined) refetcher.refetch(refetch);
      return payload;
    },
    [door, refetcher],
  );
}

/** A function that asks again for the reads on screen whose method is meant: once each, however often it is called. */
export function useGatewayRefetch(): (methods: Pattern) => void {
  const { refetcher } = useShared();
  return useCallback((methods: Pattern) => refetcher.refetch(methods), [refetcher]);
}
