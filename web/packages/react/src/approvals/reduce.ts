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

/** The payload of `<kind>.approval.resolved`. */
export function readDecision(payload: unknown): Decision {
  return { decision: text(payload, "decision"), by: text(payload, "resolvedBy") };
}

/** Whether a `<kind>.approval.resolved` tells that nobody decided in time: the gateway calls that a denial by nobody. */
export function ranOut({ expiresAtMs }: Approval, payload: unknown): boolean {
  const atMs = number(payload, "ts");
  return readDecision(payload).by === null && expiresAtMs !== null && atMs !== null && atMs >= expiresAtMs;
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
  const listed = rows.map((row) => readApproval(kind, row)).filter((approval) => approval !== null);
  const keys = new Set(listed.map(({ key }) => key));
  const next = new Map(approvals);
  for (const approval of listed) if (!next.has(approval.key)) next.set(approval.key, approval);
  for (const approval of approvals.values()) {
    const isGone = approval.kind === kind && approval.state.at === "pending" && !keys.has(approval.key);
    if (!isGone || heard.has(approval.key)) continue;
    const state = { at: "resolved", decision: null, by: null, byUs: false } as const;
    next.set(approval.key, { ...approval, state, error: null });
  }
  return trimmed(next);
}

/** Time has passed. */
export function expire(approvals: Approvals, nowMs: number): Approvals {
  const next = new Map(approvals);
  for (const approval of approvals.values()) {
    if (isSettled(approval) || approval.expiresAtMs === null || approval.expiresAtMs > nowMs) continue;
    next.set(approval.key, { ...approval, state: { at: "expired" } });
  }
  return trimmed(next);
}

/** When the next one expires. */
export function nextExpiryMs(approvals: Approvals): number | null {
  const ends = [...approvals.values()].flatMap((each) => (isSettled(each) ? [] : (each.expiresAtMs ?? [])));
  return ends.length === 0 ? null : Math.min(...ends);
}

function trimmed(approvals: Map<string, Approval>): Approvals {
  const settled = [...approvals.values()].filter(isSettled);
  for (const { key } of settled.slice(0, Math.max(0, settled.length - MAX_SETTLED))) approvals.delete(key);
  return approvals;
}
