/**
 * What is known of a conversation's history, and how answers of the gateway change it. Pure.
 */

import { isRecord, type DoorError, type GatewayEvent } from "@vestibule/client";
import { list, number, text } from "../read.js";
import { itemsOf, type Told } from "./history.js";
import { notesRuns, readRow, readRows, withEarlier, withNewest, withTold, type Row } from "./rows.js";

/** What `chat.history` says beside the messages, as it came. */
export interface HistoryExtras {
  readonly sessionInfo: unknown;
  readonly defaults: unknown;
  readonly pendingInputs: unknown;
}

/** Immutable; the same object until something changes. */
export interface Transcript {
  /** Null until it is known. */
  readonly sessionKey: string | null;
  readonly rows: readonly Row[];
  readonly told: readonly Told[];
  /** Runs the rows are known to contain although they do not name them. */
  readonly covered: ReadonlySet<string>;
  readonly sessionId: string | null;
  /** Messages in all; null where the gateway does not count. */
  readonly total: number | null;
  readonly hasEarlier: boolean;
  readonly isLoaded: boolean;
  readonly isLoading: boolean;
  readonly isLoadingEarlier: boolean;
  readonly error: DoorError | null;
  readonly extras: HistoryExtras | null;
}

/** Nothing is known. */
export const EMPTY: Transcript = {
  sessionKey: null,
  rows: [],
  told: [],
  covered: new Set(),
  sessionId: null,
  total: null,
  hasEarlier: false,
  isLoaded: false,
  isLoading: false,
  isLoadingEarlier: false,
  error: null,
  extras: null,
};

/** The newest page came. `ended`: runs that were over when it was asked for. */
export function newestCame(before: Transcript, answer: unknown, ended: readonly string[]): Transcript {
  const page = readRows(list(answer, "messages"));
  const sessionId = text(answer, "sessionId");
  const isSame = before.sessionId === null || sessionId === null || sessionId === before.sessionId;
  const rows = isSame ? withNewest(before.rows, page) : page;
  const keptEarlier = rows.length > page.length;
  // Another transcript has nothing of what was; one that names no runs has all that was over.
  const covers = !isSame || !notesRuns(page);
  return {
    ...before,
    ...readable(rows),
    covered: covers ? new Set([...before.covered, ...ended]) : before.covered,
    sessionId: sessionId ?? before.sessionId,
    total: number(answer, "totalMessages"),
    hasEarlier: keptEarlier ? before.hasEarlier : hasMore(answer),
    isLoaded: true,
    isLoading: false,
    error: null,
    extras: readExtras(answer),
  };
}

/** An earlier page came. */
export function earlierCame(before: Transcript, answer: unknown): Transcript {
  const rows = withEarlier(before.rows, readRows(list(answer, "messages")));
  // A page that brings nothing ends it: otherwise one would ask for ever.
  const isLonger = rows.length > before.rows.length;
  return { ...before, ...readable(rows), hasEarlier: isLonger && hasMore(answer), isLoadingEarlier: false };
}

/** A row was told as it was written. */
export function rowCame(before: Transcript, message: unknown): Transcript {
  const row = readRow(message);
  const rows = row === null ? before.rows : withTold(before.rows, row);
  if (rows === before.rows) return before;
  return { ...before, ...readable(rows), total: before.total === null ? null : before.total + 1 };
}

/** Asking failed; what is there stays (W12). */
export function failed(before: Transcript, error: DoorError): Transcript {
  return { ...before, isLoading: false, isLoadingEarlier: false, error };
}

/** The run that was under way when the history was read, as the events one missed of it; null for none. */
export function inFlight(
  answer: unknown,
  sessionKey: string,
): { runId: string; text: string; events: GatewayEvent[] } | null {
  const run = isRecord(answer) ? answer["inFlightRun"] : null;
  const runId = text(run, "runId");
  if (runId === null) return null;
  const said = text(run, "text") ?? "";
  const address = { runId, sessionKey };
  const told = list(run, "events").filter(isRecord);
  const events = told.map((payload) => ({ event: "agent", payload: { ...payload, ...address }, offset: null }));
  const message = { content: [{ type: "text", text: said }] };
  const sofar = { event: "chat", payload: { ...address, state: "delta", message, deltaText: said }, offset: null };
  return { runId, text: said, events: [...events, sofar] };
}

function readable(rows: readonly Row[]): Pick<Transcript, "rows" | "told"> {
  return { rows, told: itemsOf(rows) };
}

function hasMore(answer: unknown): boolean {
  return isRecord(answer) && answer["hasMore"] === true;
}

function readExtras(answer: unknown): HistoryExtras {
  const { sessionInfo = null, defaults = null, pendingInputs = null } = isRecord(answer) ? answer : {};
  return { sessionInfo, defaults, pendingInputs };
}
