/**
 * How approvals change. Pure: the same map where nothing does.
 */

import type { DoorError } from "@vestibule/client";
import { number, text } from "../read.js";
import { isSettled, readApproval, type Approval, type ApprovalKind } from "./approval.js";

/** By key, in order of appearance. */
export type Approvals = ReadonlyMap<string, Approval>;

/** What was decided and who did; null where nobody said. */
export interface Decision {
  readonly decision: string | null;
  readonly by: string | null;
}

/** Settled approvals kept, to say who decided. */
const MAX_SETTLED = 50;

/** Change one. */
export function change(approvals: Approvals, key: string, fields: Pick<Approval, "state" | "error">): Approvals {
  const before = approvals.get(key);
  return before === undefined ? approvals : trimmed(new Map(approvals).set(key, { ...before, ...fields }));
}

/** One was decided. Who decided first stays; what was not known of it is filled in. `byUs`: null where the news do not say. */
export function decidedBy(approvals: Approvals, key: string, news: Decision, byUs: boolean | null): Approvals {
  const before = approvals.get(key);
  if (before === undefined) return approvals;
  const known = before.state.at === "resolved" ? before.state : null;
  const decision = known?.decision ?? news.decision;
  const state = { at: "resolved", decision, by: known?.by ?? news.by, byUs: byUs ?? known?.byUs ?? false } as const;
  return change(approvals, key, { state, error: null });
}

function readDecision(payload: unknown): Decision {
  return { decision: text(payload, "decision"), by: text(payload, "resolvedBy") };
}

/** A `<kind>.approval.resolved` came. What ran out of time the gateway calls a denial by nobody. */
export function resolvedCame(approvals: Approvals, key: string, payload: unknown): Approvals {
  const before = approvals.get(key);
  if (before === undefined) return approvals;
  const { state, expiresAtMs } = before;
  const news = readDecision(payload);
  if (news.by === null && expiresAtMs !== null && (number(payload, "ts") ?? 0) >= expiresAtMs)
    return expired(approvals, key);
  // What we are about to decide is ours until the answer says that somebody else was first.
  const isOurs = state.at === "resolving" && state.decision === news.decision;
  return decidedBy(approvals, key, news, isOurs || null);
}

/** Who was first, if that is why our decision was refused. */
export function decidedElsewhere({ details }: DoorError): Decision | null {
  return text(details, "reason") === "APPROVAL_ALREADY_RESOLVED" ? readDecision(details) : null;
}

/** A list came. What it does not have any more was decided elsewhere, unless it was heard of since the list was asked for. */
export function backfill(
  approvals: Approvals,
  kind: ApprovalKind,
  rows: readonly unknown[],
  heard: ReadonlySet<string>,
): Approvals {
  const listed = new Map<string, Approval>();
  for (const row of rows) {
    const approval = readApproval(kind, row);
    if (approval !== null) listed.set(approval.key, approval);
  }
  // New ones come last, and change nothing of what is known.
  let next: Approvals = new Map([...approvals, ...listed, ...approvals]);
  for (const [key, approval] of approvals) {
    const isOpen = approval.kind === kind && approval.state.at === "pending";
    if (isOpen && !listed.has(key) && !heard.has(key)) next = decidedBy(next, key, { decision: null, by: null }, false);
  }
  return next;
}

/** Time has passed. */
export function expire(approvals: Approvals, nowMs: number): Approvals {
  let next = approvals;
  for (const approval of approvals.values()) {
    if (isSettled(approval) || (approval.expiresAtMs ?? Infinity) > nowMs) continue;
    next = expired(next, approval.key);
  }
  return next;
}

function expired(approvals: Approvals, key: string): Approvals {
  return change(approvals, key, { state: { at: "expired" }, error: null });
}

/** When the next one expires. */
export function nextExpiryMs(approvals: Approvals): number | null {
  const ends = [...approvals.values()].flatMap((each) => (isSettled(each) ? [] : (each.expiresAtMs ?? [])));
  return ends.length === 0 ? null : Math.min(...ends);
}

function trimmed(approvals: Map<string, Approval>): Approvals {
  const settled = [...approvals.values()].filter(isSettled);
  for (const { key } of settled.slice(0, -MAX_SETTLED)) approvals.delete(key);
  return approvals;
}
