/**
 * What a call can fail with. An error the door or the gateway answered with is carried unchanged.
 */

import { isRecord, numberOrNull, text, textOrNull } from "./frames.js";

/** `DoorError.code` of errors made here, not by the door or the gateway. */
export type ClientErrorCode =
  /** Not connected until the deadline: nothing was sent. */
  | "OFFLINE"
  /** The socket went away between the call and its answer. */
  | "CONNECTION_LOST"
  /** No answer, not even the door's own "too late". */
  | "TIMEOUT"
  /** Too many calls or messages wait already: nothing was sent. */
  | "QUEUE_FULL"
  /** Larger than the door takes: nothing was sent. */
  | "TOO_LARGE"
  /** This door was closed, here or for good. */
  | "CLOSED"
  /** The door wants another sign-in. */
  | "UNAUTHENTICATED"
  /** The caller's signal was aborted. */
  | "ABORTED"
  /** Nothing was heard of a chat turn for too long, not even a heartbeat. */
  | "SILENT";

/** Texts that people see, as promised to those who match on them. */
export const TEXTS = {
  notAuthenticated: "Not authenticated",
  refused: "Authentication failed. Please refresh the page.",
  closed: "WebSocket closed",
  connectTimeout: "Connection timeout",
  rpcTimeout: (method: string): string => `RPC timeout: ${method}`,
} as const;

/** What is known of a failure beside its code and message. */
export interface DoorErrorFields {
  readonly details?: unknown;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | null;
  readonly mayHaveRun?: boolean;
}

/** A call was answered with an error, or could not be answered. */
export class DoorError extends Error {
  override readonly name = "DoorError";
  /** The gateway's or the door's code as it was sent, or a `ClientErrorCode`. */
  readonly code: string;
  readonly details: unknown;
  /** The same call may succeed later. */
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  /** The gateway may have carried it out although no answer came: look before you repeat it. */
  readonly mayHaveRun: boolean;

  constructor(code: string, message: string, fields: DoorErrorFields = {}) {
    super(message);
    this.code = code;
    this.details = fields.details;
    this.retryable = fields.retryable ?? false;
    this.retryAfterMs = fields.retryAfterMs ?? null;
    this.mayHaveRun = fields.mayHaveRun ?? false;
  }
}

/** An error this client made itself: the code is one of its own. */
export function clientError(code: ClientErrorCode, message: string, fields?: DoorErrorFields): DoorError {
  return new DoorError(code, message, fields);
}

/** The `error` of a `res` frame, whatever its shape. */
export function readError(error: unknown): DoorError {
  const fields = isRecord(error) ? error : {};
  return new DoorError(textOrNull(fields, "code") ?? "UNKNOWN", text(fields, "message") || "The call failed.", {
    details: fields["details"],
    retryable: fields["retryable"] === true,
    retryAfterMs: numberOrNull(fields, "retryAfterMs"),
    mayHaveRun: fields["mayHaveRun"] === true,
  });
}
