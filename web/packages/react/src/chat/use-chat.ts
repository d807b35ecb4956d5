"use client";

import { isOver, type DoorError } from "@vestibule/client";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { Approval } from "../approvals/approval.js";
import { useApprovals } from "../approvals/use-approvals.js";
import { useShared } from "../context.js";
import { useTurns } from "../state/use-turns.js";
import { activityOf } from "./activity.js";
import type { Activity, Attachment, ChatItem } from "./items.js";
import { liveRun, liveTurn } from "./live.js";
import { isRunOf, isTurnOf } from "./membership.js";
import { normalKey } from "./session-key.js";
import type { HistoryExtras } from "./transcript.js";
import { useConversation } from "./use-conversation.js";
import { weave } from "./weave.js";

/** Which conversation. */
export interface UseChatOptions {
  /** Null: none is chosen. */
  readonly agent: string | null;
  /** Absent: the session that messages without a key go to. */
  readonly sessionKey?: string | null | undefined;
  /** Messages asked for at a time; 100 unless set. Read once per conversation. */
  readonly pageSize?: number | undefined;
}

/** One conversation: history, turns of this page, and runs of others. */
export interface UseChatReturn {
  /** Oldest first, nothing twice. What did not change keeps its identity. */
  readonly items: readonly ChatItem[];
  readonly activity: Activity;
  /** Null until it is known. */
  readonly sessionKey: string | null;
  /** The history is awaited, and nothing of it is there. */
  readonly isLoading: boolean;
  /** Why the history could not be had; what is there stays. */
  readonly error: DoorError | null;
  readonly hasEarlier: boolean;
  readonly isLoadingEarlier: boolean;
  /** Messages in all; null where the gateway does not count. */
  readonly total: number | null;
  /** What the history said beside the messages. */
  readonly history: HistoryExtras | null;
  /** What waits for a decision in this session. */
  readonly approvals: readonly Approval[];
  /** Say something; goes out as soon as there is a connection, once (C7). Returns the turn's id, null without agent. */
  readonly send: (text: string, extra?: { readonly attachments?: readonly Attachment[] }) => string | null;
  /** Stop whatever runs in this session, here or elsewhere (C10). */
  readonly stop: () => void;
  /** Try a failed turn again. */
  readonly retry: (turnId: string) => void;
  /** Take a failed turn out of the conversation. */
  readonly discard: (turnId: string) => void;
  readonly loadEarlier: () => void;
  readonly reload: () => void;
}

/** A conversation with an agent. Its state lives above the view (W9): any number of views may show the same one. */
export function useChat({ agent, sessionKey = null, pageSize = 100 }: UseChatOptions): UseChatReturn {
  const { door, observed } = useShared();
  const { conversation, transcript } = useConversation(agent, sessionKey, pageSize);
  const { turns: allTurns } = useTurns();
  const allRuns = useSyncExternalStore(observed.subscribe, observed.snapshot, observed.snapshot);
  const { pending } = useApprovals();
  const key = transcript.sessionKey;

  const turns = useMemo(
    () => (agent === null ? [] : allTurns.filter((turn) => isTurnOf(turn, { agent, sessionKey }, key))),
    [allTurns, agent, sessionKey, key],
  );
  const runs = useMemo(() => {
    const own = new Set(allTurns.flatMap(({ id, runs: theirs }) => [id, ...theirs.map((run) => run.id)]));
    if (agent === null) return [];
    return [...allRuns.values()].filter((each) => !own.has(each.run.id) && isRunOf(each, { agent, sessionKey }, key));
  }, [allTurns, allRuns, agent, sessionKey, key]);
  const items = useMemo(
    () => weave(transcript.told, [...turns.map(liveTurn), ...runs.map(liveRun)], transcript.covered),
    [transcript, turns, runs],
  );
  const activity = useMemo(() => activityOf(turns, runs), [turns, runs]);
  const approvals = useMemo(
    () =>
      pending.filter((each) => agent !== null && each.sessionKey !== null && normalKey(agent, each.sessionKey) === key),
    [pending, agent, key],
  );

  const send = useCallback<UseChatReturn["send"]>(
    (text, { attachments } = {}) => {
      if (agent === null) return null;
      return door.chat.send({ agent, text, attachments, ...(sessionKey !== null && { sessionKey }) });
    },
    [door, agent, sessionKey],
  );
  const stop = useCallback(() => {
    for (const turn of turns) if (!isOver(turn)) door.chat.abort({ turnId: turn.id });
    for (const { run } of runs) if (run.state.at === "running") door.chat.abort({ runId: run.id });
  }, [door, turns, runs]);
  const retry = useCallback(
    (turnId: string) => {
      const turn = door.chat.snapshot().turns.find(({ id }) => id === turnId);
      if (turn?.state.at !== "failed") return;
      // The agent may have heard it: asking once more is another turn, and the history knows of the first.
      const { mayHaveRun } = turn.state;
      if (mayHaveRun) door.chat.forget({ turnId });
      door.chat.send({ ...turn.message, id: mayHaveRun ? undefined : turnId });
      if (mayHaveRun) conversation?.reload();
    },
    [door, conversation],
  );
  // A message that waits for a connection is taken back by stopping its turn.
  const discard = useCallback(
    (turnId: string) => {
      door.chat.abort({ turnId });
      door.chat.forget({ turnId });
    },
    [door],
  );
  const loadEarlier = useCallback(() => void conversation?.loadEarlier(), [conversation]);
  const reload = useCallback(() => conversation?.reload(), [conversation]);

  return {
    items,
    activity,
    sessionKey: key,
    isLoading: conversation !== null && !transcript.isLoaded && transcript.error === null,
    error: transcript.error,
    hasEarlier: transcript.hasEarlier,
    isLoadingEarlier: transcript.isLoadingEarlier,
    total: transcript.total,
    history: transcript.extras,
    approvals,
    send,
    stop,
    retry,
    discard,
    loadEarlier,
    reload,
  };
}
