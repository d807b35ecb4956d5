"use client";

import { isOver, type Turn } from "@vestibule/client";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useShared } from "../context.js";
import { useConnection } from "../state/use-gateway-state.js";
import { useTurns } from "../state/use-turns.js";
import { failureOf, isAwaited, messagesOf } from "./messages.js";
import type { UseAgentChatReturn } from "./types.js";

/** Shown when something is said and no agent is chosen. */
export const NO_AGENT = "No agent selected";

/**
 * Talk to an agent. The answer goes on while the view is away (W9); messages clear when the agent changes. For
 * history, tools, approvals and files see `useChat`.
 */
export function useAgentChat(agentName: string | null | undefined): UseAgentChatReturn {
  const { door, hiddenTurns } = useShared();
  const { isOpen, error } = useConnection();
  const { turns } = useTurns();
  const hidden = useSyncExternalStore(hiddenTurns.subscribe, hiddenTurns.get, hiddenTurns.get);
  const [hasNoAgent, setHasNoAgent] = useState(false);
  const shown = useMemo(
    () => turns.filter((turn) => turn.message.agent === agentName && !hidden.has(turn.id)),
    [turns, hidden, agentName],
  );

  const hide = useCallback(
    (which: (turn: Turn) => boolean) => {
      const ids = door.chat
        .snapshot()
        .turns.filter(which)
        .map(({ id }) => id);
      if (ids.length > 0) hiddenTurns.set(new Set([...hiddenTurns.get(), ...ids]));
    },
    [door, hiddenTurns],
  );
  const previous = useRef(agentName);
  useEffect(() => {
    const left = previous.current;
    previous.current = agentName;
    if (left !== agentName) hide((turn) => turn.message.agent === left && isOver(turn));
  }, [agentName, hide]);

  const sendMessage = useCallback(
    (text: string) => {
      setHasNoAgent(!agentName);
      if (agentName) door.chat.send({ agent: agentName, text });
    },
    [door, agentName],
  );
  const clearMessages = useCallback(() => hide((turn) => turn.message.agent === agentName), [hide, agentName]);

  const messages = useMemo(() => messagesOf(shown), [shown]);
  const failure = hasNoAgent && !agentName ? NO_AGENT : (failureOf(shown) ?? error?.message ?? null);
  return { messages, isStreaming: isAwaited(shown), error: failure, sendMessage, clearMessages, isConnected: isOpen };
}
