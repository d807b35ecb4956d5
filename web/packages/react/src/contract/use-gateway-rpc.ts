"use client";

import type { DoorError, DoorSnapshot } from "@vestibule/client";
import { useCallback, useEffect, useMemo, useState } from "react";
import useSWR, {
  unstable_serialize,
  useSWRConfig,
  type Cache,
  type KeyedMutator,
  type MutatorCallback,
  type MutatorOptions,
  type SWRConfiguration,
} from "swr";
import { useShared } from "../context.js";
import { asDoorError, connectionError, isNoGatewayYet, mayRecover } from "../errors.js";
import { useLatest } from "../state/use-latest.js";
import { useSelected } from "../state/use-snapshot.js";
import { rpcKey, whoIs } from "./rpc-key.js";

/** SWR's options, and: */
export type GatewayRpcOptions<T> = SWRConfiguration<T, DoorError> & {
  /** How long the door may take; 30 s by default. */
  readonly timeoutMs?: number | undefined;
  /** Events after which to ask again, instead of those of the method's family. None: `[]`. */
  readonly events?: readonly string[] | undefined;
};

/** What a read gave. */
export interface GatewayRpcAnswer<T> {
  /** The last answer; it stays while another is awaited, and when that one fails (W12). */
  readonly data: T | undefined;
  /** No gateway yet is not an error. */
  readonly error: DoorError | undefined;
  /** Nothing is there yet, and something is awaited. */
  readonly isLoading: boolean;
  /** An answer is awaited. */
  readonly isValidating: boolean;
  /** Ask the gateway now, past what is kept, which stays as it is. */
  readonly read: () => Promise<T>;
  readonly mutate: KeyedMutator<T>;
}

/** As the contract has it: no focus revalidation, 10 s dedupe. That the network is back, the door notices itself. */
const DEFAULTS = {
  revalidateOnFocus: false,
  revalidateOnReconnect: false,
  dedupingInterval: 10_000,
  shouldRetryOnError: (error: unknown) => asDoorError(error).retryable && !isNoGatewayYet(asDoorError(error)),
} as const;

/**
 * Read something of the gateway and keep it up to date: it is asked again when an event of its family comes (W7), and
 * once after something was missed (W8). `method: null` pauses. `T` is your promise: payloads are not checked.
 */
export function useGatewayRpc<T = unknown>(
  method: string | null,
  params?: unknown,
  options: GatewayRpcOptions<T> = {},
): GatewayRpcAnswer<T> {
  const { door, name, refetcher } = useShared();
  const { timeoutMs, events, ...config } = options;
  const who = useSelected(account);
  const refusal = useRefusal();
  const key = method === null || who === null ? null : rpcKey(name, who, method, params);
  const keepPreviousData = usePreviousData(`${name} ${who ?? ""} ${method ?? ""}`);
  const ask = (): Promise<T> =>
    door.call<T>(method ?? "", params, { idempotent: true, ...(timeoutMs !== undefined && { timeoutMs }) });
  const { data, error, isLoading, isValidating, mutate } = useSWR<T, DoorError>(key, ask, {
    ...DEFAULTS,
    keepPreviousData: keepPreviousData.value,
    ...config,
  });
  if (data !== undefined) keepPreviousData.settle();

  const { cache } = useSWRConfig();
  const serialized = key === null ? "" : unstable_serialize(key);
  const eventList = events?.join(" ");
  useEffect(() => {
    if (serialized === "" || method === null) return;
    return refetcher.watch(serialized, {
      method,
      events: eventList?.split(" ").filter((event) => event !== ""),
      refetch: () => void mutate().catch(() => undefined),
      put: (news) => void mutate(news as T, { revalidate: false }),
      recover: () => {
        const failure: unknown = cache.get(serialized)?.error;
        if (failure !== undefined && mayRecover(asDoorError(failure))) void mutate().catch(() => undefined);
      },
    });
  }, [refetcher, cache, serialized, method, eventList, mutate]);

  const shown = error === undefined || isNoGatewayYet(error) ? undefined : error;
  const waits = method !== null && who === null;
  return {
    data,
    error: waits ? (refusal ?? undefined) : shown,
    isLoading: waits ? refusal === null : isLoading,
    isValidating,
    read: useLatest(ask),
    mutate: usePatch(mutate, cache, serialized),
  };
}

/**
 * SWR drops an answer that was under way when something was written into the cache. Without another question a patch
 * (`revalidate: false`) would then be all there ever is, or nothing.
 */
function usePatch<T>(mutate: KeyedMutator<T>, cache: Cache, serialized: string): KeyedMutator<T> {
  return useCallback(
    <M = T>(
      // As many as there were: to SWR, `mutate()` and `mutate(undefined)` are not the same.
      ...args: [news?: T | Promise<T | undefined> | MutatorCallback<T>, options?: boolean | MutatorOptions<T, M>]
    ) => {
      const [news, options] = args;
      const isUnderWay = cache.get(serialized)?.isValidating === true;
      const isPatch = typeof options === "object" && options.revalidate === false;
      return isPatch && isUnderWay ? mutate<M>(news, { ...options, revalidate: true }) : mutate<M>(...args);
    },
    [mutate, cache, serialized],
  );
}

const account = ({ principal }: DoorSnapshot): string | null => (principal === null ? null : whoIs(principal));

const connection = (snapshot: DoorSnapshot): DoorSnapshot["connection"] => snapshot.connection;

function useRefusal(): DoorError | null {
  const state = useSelected(connection);
  return useMemo(() => connectionError(state), [state]);
}

/**
 * Old data stays over a change of parameters, never over a change of what it is about: account or method (W6). It is
 * kept from the first own answer on.
 */
function usePreviousData(about: string): { readonly value: boolean; readonly settle: () => void } {
  const [settled, setSettled] = useState(about);
  const value = settled === about;
  return {
    value,
    settle: () => {
      if (!value) setSettled(about);
    },
  };
}
