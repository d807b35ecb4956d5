/**
 * What errors mean to whoever shows data.
 */

import { DoorError, TEXTS, type ConnectionState } from "@vestibule/client";
import { text } from "./read.js";

/** Codes that say there is no gateway yet. */
const NO_GATEWAY_YET: ReadonlySet<string> = new Set(["NO_GATEWAY", "GATEWAY_STARTING"]);

/** No gateway yet is not an error: there is nothing to show, that is all. By code, never by text. */
export function isNoGatewayYet(error: DoorError): boolean {
  return NO_GATEWAY_YET.has(error.code) || text(error.details, "reason") === "startup-sidecars";
}

/** A gateway that answers again may have a better answer. */
export function mayRecover(error: DoorError): boolean {
  return error.retryable || isNoGatewayYet(error) || error.code === "OFFLINE" || error.code === "CONNECTION_LOST";
}

/** Whatever was thrown, as a `DoorError`. */
export function asDoorError(thrown: unknown): DoorError {
  if (thrown instanceof DoorError) return thrown;
  return new DoorError("INTERNAL", thrown instanceof Error ? thrown.message : String(thrown));
}

/** Why the door will not have us back; null while there is hope. */
export function connectionError(state: ConnectionState): DoorError | null {
  if (state.at !== "closed") return null;
  if (state.kind !== "signIn") return new DoorError("CLOSED", state.reason || TEXTS.closed);
  const isNobody = state.reason === TEXTS.notAuthenticated;
  return new DoorError("UNAUTHENTICATED", isNobody ? TEXTS.notAuthenticated : TEXTS.refused);
}
