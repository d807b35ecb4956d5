import type { ChatFrame } from "@vestibule/client";

/**
 * A frame about a run of one of your turns, discriminated by `type`: `chunk`, `thinking`, `tool_start`, `tool_end`,
 * `tool_error`, `heartbeat`, `done`, `error`.
 */
export type ChatIncomingMessage = ChatFrame;

/** One message of `useAgentChat`. */
export interface AgentMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** What `useAgentChat` returns. */
export interface UseAgentChatReturn {
  readonly messages: readonly AgentMessage[];
  /** An answer is awaited or comes in. */
  readonly isStreaming: boolean;
  /** What went wrong with the newest message, or with the connection for good. */
  readonly error: string | null;
  readonly sendMessage: (text: string) => void;
  readonly clearMessages: () => void;
  readonly isConnected: boolean;
}

/** What `useGateway` returns. */
export interface UseGatewayReturn {
  readonly isConnected: boolean;
  /** Why the door will not have us back; null while there is hope. */
  readonly error: string | null;
  /** Rejects with a `DoorError`. */
  readonly sendReq: (method: string, params?: unknown) => Promise<unknown>;
  readonly sendChat: (agentName: string, message: string) => void;
  readonly onEvent: (handler: (event: string, data: unknown) => void) => () => void;
  readonly onChatMessage: (handler: (message: ChatIncomingMessage) => void) => () => void;
}
