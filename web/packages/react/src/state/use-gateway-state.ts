"use client";

import type {
  ConnectionState,
  DoorError,
  DoorSnapshot,
  GatewayOffer,
  GatewayStatus,
  Principal,
} from "@vestibule/client";
import { useCallback, useMemo } from "react";
import { connectionError } from "../errors.js";
import { useDoor, useSelected } from "./use-snapshot.js";

/** The way to the door. */
export interface UseConnectionReturn {
  /** While `waiting`: which attempt, why (`code`, `reason`), and when the next one is (`retryAtMs`). */
  readonly state: ConnectionState;
  readonly isOpen: boolean;
  /** Why the door will not have us back; null while there is hope. */
  readonly error: DoorError | null;
  /** Do not wait for the next attempt; after a final end, try once more. */
  readonly reconnectNow: () => void;
}

/** How the connection to the door stands. */
export function useConnection(): UseConnectionReturn {
  const door = useDoor();
  const state = useSelected(connection);
  const reconnectNow = useCallback(() => {
    const { at } = door.snapshot().connection;
    if (at === "closed" || at === "idle") door.connect();
    else door.reconnectNow();
  }, [door]);
  return useMemo(
    () => ({ state, isOpen: state.at === "open", error: connectionError(state), reconnectNow }),
    [state, reconnectNow],
  );
}

/** How the gateway stands, as last heard, also while not connected (W12); null before the first word of it. */
export function useGatewayStatus(): GatewayStatus | null {
  return useSelected(gateway);
}

/** What the gateway offers; null until it was told. */
export function useOffer(): GatewayOffer | null {
  return useSelected(offer);
}

/** Methods the gateway answers; null until it was told. */
export function useMethods(): ReadonlySet<string> | null {
  return useOffer()?.methods ?? null;
}

/** What you may do. `operator.admin` implies all. */
export function useScopes(): ReadonlySet<string> {
  const offered = useOffer();
  const who = usePrincipal();
  return useMemo(() => offered?.scopes ?? new Set(who?.scopes), [offered, who]);
}

/** Who the door says you are; null before the first hello. */
export function usePrincipal(): Principal | null {
  return useSelected(principal);
}

const connection = (snapshot: DoorSnapshot): ConnectionState => snapshot.connection;
const gateway = (snapshot: DoorSnapshot): GatewayStatus | null => snapshot.gateway;
const offer = (snapshot: DoorSnapshot): GatewayOffer | null => snapshot.offer;
const principal = (snapshot: DoorSnapshot): Principal | null => snapshot.principal;
