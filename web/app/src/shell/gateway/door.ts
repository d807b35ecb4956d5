import type { DoorSnapshot, GatewayOffer, Principal } from "@vestibule/client";
import { useDoor } from "./provider";
import { useMemo, useSyncExternalStore } from "react";
import type { Facts } from "../panel/gate";
import { type Condition, conditionOf } from "./condition";

/** Door, gateway, offer and principal, as last known. */
export function useDoorSnapshot(): DoorSnapshot {
  const door = useDoor();
  return useSyncExternalStore(door.subscribe, door.snapshot);
}

export function useCondition(): Condition {
  const { connection, gateway } = useDoorSnapshot();
  return useMemo(() => conditionOf({ connection, gateway }), [connection, gateway]);
}

export const useOffer = (): GatewayOffer | null => useDoorSnapshot().offer;
export const usePrincipal = (): Principal | null => useDoorSnapshot().principal;

/** What may be done here: methods once the gateway told, scopes from the principal until then. */
export function useFacts(): Facts {
  const { offer, principal } = useDoorSnapshot();
  return useMemo(
    () => ({ methods: offer?.methods, scopes: offer?.scopes ?? new Set(principal?.scopes ?? []) }),
    [offer, principal],
  );
}
