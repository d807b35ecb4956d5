/**
 * WebSocket close codes of the door protocol, and what a client does about them.
 */

import type { FatalKind } from "./state.js";

/** Close codes that mean something here. */
export const CLOSE = {
  normal: 1000,
  /** What a browser reports when no close frame came. */
  lost: 1006,
  restarting: 1012,
  overloaded: 1013,
  unauthenticated: 4001,
  forbidden: 4003,
  tooSlow: 4008,
  tooLarge: 4009,
  rateLimited: 4029,
} as const;

/** Why not to come back after this code; null: come back. */
export function fatalKind(code: number): FatalKind | null {
  if (code === CLOSE.unauthenticated) return "signIn";
  if (code === CLOSE.forbidden) return "forbidden";
  return code >= 4500 && code <= 4999 ? "final" : null;
}

/** Whether the door asks for more patience than after an ordinary loss. */
export function wantsPatience(code: number): boolean {
  return code === CLOSE.overloaded || code === CLOSE.rateLimited;
}

/** What to tell people when the door gave no reason of its own. */
export function reasonFor(code: number): string {
  switch (code) {
    case CLOSE.restarting:
      return "The door is restarting.";
    case CLOSE.overloaded:
      return "The door is overloaded.";
    case CLOSE.unauthenticated:
      return "Not signed in.";
    case CLOSE.forbidden:
      return "Forbidden.";
    case CLOSE.tooSlow:
      return "This client reads too slowly.";
    case CLOSE.tooLarge:
      return "A message was too large.";
    case CLOSE.rateLimited:
      return "Too many messages.";
    default:
      return `The connection was lost (code ${code}).`;
  }
}
