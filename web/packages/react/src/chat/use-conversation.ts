"use client";

import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useShared } from "../context.js";
import type { Conversation } from "./conversation.js";
import { EMPTY, type Transcript } from "./transcript.js";

/** A conversation and what is known of its history; null without an agent. */
export function useConversation(
  agent: string | null,
  sessionKey: string | null,
  pageSize: number,
): { readonly conversation: Conversation | null; readonly transcript: Transcript } {
  const { conversations } = useShared();
  const conversation = useMemo(
    () => (agent === null ? null : conversations.of({ agent, sessionKey, pageSize })),
    [conversations, agent, sessionKey, pageSize],
  );
  useEffect(() => conversation?.open(), [conversation]);
  const transcript = useSyncExternalStore(
    conversation?.subscribe ?? subscribeToNothing,
    conversation?.snapshot ?? nothing,
    nothing,
  );
  return { conversation, transcript };
}

const subscribeToNothing = (): (() => void) => () => undefined;
const nothing = (): Transcript => EMPTY;
