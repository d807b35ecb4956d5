"use client";

import { useCallback, useMemo } from "react";
import { useConnection } from "../state/use-gateway-state.js";
import { useDoor } from "../state/use-snapshot.js";
import type { UseGatewayReturn } from "./types.js";

/** The shared connection: calls, chat and events. Throws outside a provider. */
export function useGateway(): UseGatewayReturn {
  const door = useDoor();
  const { isOpen, error } = useConnection();
  const message = error?.message ?? null;
  const sendReq = useCallback((method: string, params?: unknown) => door.call(method, params), [door]);
  const sendChat = useCallback<UseGatewayReturn["sendChat"]>(
    (agent, text) => void door.chat.send({ agent, text }),
    [door],
  );
  const onEvent = useCallback<UseGatewayReturn["onEvent"]>(
    (handler) => door.onEvent(({ event, payload }) => handler(event, payload)),
    [door],
  );
  const onChatMessage = useCallback<UseGatewayReturn["onChatMessage"]>(
    (handler) => door.chat.onFrame((frame) => handler(frame)),
    [door],
  );
  return useMemo(
    () => ({ isConnected: isOpen, error: message, sendReq, sendChat, onEvent, onChatMessage }),
    [isOpen, message, sendReq, sendChat, onEvent, onChatMessage],
  );
}
