/**
 * What a conversation shows, from wherever it came.
 */

import type { RunPart, RunState } from "@vestibule/client";

/** Something attached to a message, in the gateway's own shape. */
export type Attachment = Readonly<Record<string, unknown>>;

/** How far a message of ours has come. */
export type Delivery =
  /** Waits for a connection. */
  | { readonly at: "queued" }
  /** On its way. */
  | { readonly at: "sent" }
  /** The gateway has it. */
  | { readonly at: "delivered" }
  /** Not answered; `mayHaveRun`: the agent may have heard it. */
  | { readonly at: "failed"; readonly code: string; readonly message: string; readonly mayHaveRun: boolean };

/** A row of the gateway's history, untouched. */
export type RawRow = Readonly<Record<string, unknown>>;

/** What somebody said. */
export interface UserItem {
  readonly kind: "user";
  readonly key: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** Unix milliseconds. */
  readonly atMs: number | null;
  readonly delivery: Delivery;
  /** The turn it began, if that was here: for `retry` and `discard`. */
  readonly turnId: string | null;
  readonly row: RawRow | null;
}

/** What an agent answered in one run. */
export interface AssistantItem {
  readonly kind: "assistant";
  readonly key: string;
  readonly runId: string | null;
  /** Text, thinking and tools in the order of telling. */
  readonly parts: readonly RunPart[];
  readonly state: RunState;
  readonly atMs: number | null;
  /** Told to us live as the answer to our turn, told live of a run started elsewhere, or read from the history. */
  readonly from: "own" | "other" | "history";
  readonly turnId: string | null;
  /** Some of it was missed; the history is asked for the rest when the run is over. */
  readonly incomplete: boolean;
  /** The last row it was read from. */
  readonly row: RawRow | null;
}

/** Anything else the history holds: system messages, compactions. */
export interface NoteItem {
  readonly kind: "note";
  readonly key: string;
  readonly role: string;
  readonly text: string;
  readonly atMs: number | null;
  readonly row: RawRow;
}

/** One entry of a conversation, oldest first. */
export type ChatItem = UserItem | AssistantItem | NoteItem;

/** What is under way in a conversation. */
export type Activity =
  | { readonly at: "idle" }
  | { readonly at: "queued" }
  | { readonly at: "sent" }
  /** `phase` says at what (`waiting-approval`, `retrying`, ...), null while it writes. */
  | { readonly at: "running"; readonly phase: string | null; readonly stopping: boolean };
