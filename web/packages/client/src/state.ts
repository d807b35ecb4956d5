/**
 * States of the connection to the door, and the moves between them. An absent pair is an error.
 */

import type { Hello } from "./frames.js";

/** Why the door will not have us back by itself. */
export type FatalKind =
  /** Sign in, then `connect()` again (4001, or no token). */
  | "signIn"
  /** This account may not (4003). */
  | "forbidden"
  /** The door says it is over (4500-4999), or cannot be called at all. */
  | "final";

/** The connection to the door. */
export type ConnectionState =
  /** Not asked to connect, or closed by us. */
  | { readonly at: "idle" }
  /** A socket is being opened; `attempt` counts from 1 since the last stable connection. */
  | { readonly at: "connecting"; readonly attempt: number }
  | { readonly at: "open"; readonly hello: Hello }
  /** Lost; the next attempt is at `retryAtMs` (Unix milliseconds). */
  | {
      readonly at: "waiting";
      readonly attempt: number;
      readonly code: number;
      readonly reason: string;
      readonly retryInMs: number;
      readonly retryAtMs: number;
    }
  /** Ended by the door: it does not come back before `connect()` is called again. */
  | { readonly at: "closed"; readonly kind: FatalKind; readonly code: number; readonly reason: string };

/** What moves the connection. */
export type Move = "connect" | "greeted" | "lost" | "retry" | "refused" | "close";

type At = ConnectionState["at"];

/** Every allowed move. `greeted` while open is the next socket taking over (make before break). */
export const MOVES: Readonly<Record<At, Readonly<Partial<Record<Move, At>>>>> = {
  idle: { connect: "connecting" },
  connecting: { greeted: "open", lost: "waiting", refused: "closed", close: "idle" },
  open: { greeted: "open", lost: "waiting", retry: "connecting", refused: "closed", close: "idle" },
  waiting: { retry: "connecting", close: "idle" },
  closed: { connect: "connecting", close: "idle" },
};

/** Whether a move is allowed in a state. */
export function allows(state: ConnectionState, move: Move): boolean {
  return MOVES[state.at][move] !== undefined;
}

/** The state after a move. Throws where the table has none, or leads elsewhere: that is a defect of ours. */
export function moved(state: ConnectionState, move: Move, next: ConnectionState): ConnectionState {
  if (MOVES[state.at][move] !== next.at) throw new Error(`no move "${move}" from ${state.at} to ${next.at}`);
  return next;
}
