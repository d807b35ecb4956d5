/**
 * What an agent wants to do and a person has to allow: read from the gateway's rows and events. Pure.
 */

import { isRecord, type DoorError } from "@vestibule/client";
import { number, strings, text } from "../read.js";

/** Whose kind of question it is; also the beginning of its methods and events. */
export const APPROVAL_KINDS = ["exec", "plugin", "openclaw"] as const;

/** One of `APPROVAL_KINDS`. */
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** How an approval stands. */
export type ApprovalState =
  | { readonly at: "pending" }
  /** Our decision is on its way. */
  | { readonly at: "resolving"; readonly decision: string }
  /** Decided; `decision` and `by` are null where nobody said. */
  | { readonly at: "resolved"; readonly decision: string | null; readonly by: string | null; readonly byUs: boolean }
  | { readonly at: "expired" };

/** One approval. */
export interface Approval {
  /** Unique among all kinds. */
  readonly key: string;
  readonly id: string;
  readonly kind: ApprovalKind;
  /** What would run; for other kinds their title. Empty where nothing says it. */
  readonly command: string;
  readonly cwd: string | null;
  readonly host: string | null;
  readonly agentId: string | null;
  readonly sessionKey: string | null;
  readonly runId: string | null;
  readonly toolCallId: string | null;
  /** What may be decided, in the gateway's words and order: these are the buttons. */
  readonly decisions: readonly string[];
  readonly createdAtMs: number | null;
  readonly expiresAtMs: number | null;
  /** The gateway's own `request`, untouched. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly state: ApprovalState;
  /** Why our decision did not get through; the approval is pending again. */
  readonly error: DoorError | null;
}

const DECISIONS = ["allow-once", "deny"];

/** A row of `<kind>.approval.list` or the payload of `<kind>.approval.requested`; null for what is none. */
export function readApproval(kind: ApprovalKind, row: unknown): Approval | null {
  const id = text(row, "id");
  if (!isRecord(row) || id === null) return null;
  const request = isRecord(row["request"]) ? row["request"] : {};
  const allowed = strings(request, "allowedDecisions");
  return {
    key: approvalKey(kind, id),
    id,
    kind,
    command: text(request, "command") ?? text(request, "title") ?? text(request, "description") ?? "",
    cwd: text(request, "cwd"),
    host: text(request, "host"),
    agentId: text(request, "agentId"),
    sessionKey: text(request, "sessionKey"),
    runId: text(request, "runId"),
    toolCallId: text(request, "toolCallId"),
    decisions: allowed.length > 0 ? allowed : DECISIONS,
    createdAtMs: number(row, "createdAtMs"),
    expiresAtMs: number(row, "expiresAtMs"),
    request,
    state: { at: "pending" },
    error: null,
  };
}

/** Ids are unique within a kind. */
export function approvalKey(kind: ApprovalKind, id: string): string {
  return `${kind}:${id}`;
}

/** Nothing will change about it any more. */
export function isSettled({ state }: Approval): boolean {
  return state.at === "resolved" || state.at === "expired";
}
