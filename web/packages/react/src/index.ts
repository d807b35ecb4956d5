"use client";

/**
 * React hooks for a Vestibule door.
 *
 * @example
 * <GatewayProvider url="wss://door.example/ws" getToken={getToken}>
 *   <App />
 * </GatewayProvider>
 */

export { GatewayProvider, type GatewayProviderProps } from "./provider.js";
export type { GetToken } from "./token-source.js";
export { gatewayAddress, type PublicEnvironment } from "./address.js";

export { useGateway } from "./contract/use-gateway.js";
export { useGatewayRpc, type GatewayRpcAnswer, type GatewayRpcOptions } from "./contract/use-gateway-rpc.js";
export {
  useGatewayRefetch,
  useGatewayRpcMutation,
  type GatewayCall,
  type GatewayCallOptions,
} from "./contract/use-gateway-rpc-mutation.js";
export { useAgentChat } from "./contract/use-agent-chat.js";
export type { AgentMessage, ChatIncomingMessage, UseAgentChatReturn, UseGatewayReturn } from "./contract/types.js";

export { useDoor, useDoorSnapshot } from "./state/use-snapshot.js";
export {
  useConnection,
  useGatewayStatus,
  useMethods,
  useOffer,
  usePrincipal,
  useScopes,
  type UseConnectionReturn,
} from "./state/use-gateway-state.js";
export { useTurns } from "./state/use-turns.js";
export { useGatewayEvent, useGatewayNotice } from "./state/use-gateway-event.js";

export { useGatewayAction, type GatewayAction } from "./writes/use-gateway-action.js";
export { useOptimisticRpc } from "./writes/use-optimistic-rpc.js";

export { useApprovals, type UseApprovalsReturn } from "./approvals/use-approvals.js";
export type { Approval, ApprovalKind, ApprovalState } from "./approvals/approval.js";

export { useQuestions, type UseQuestionsReturn } from "./questions/use-questions.js";
export type { Question, QuestionAnswers, QuestionField, QuestionOption } from "./questions/question.js";

export { useChat, type UseChatOptions, type UseChatReturn } from "./chat/use-chat.js";
export type {
  Activity,
  AssistantItem,
  Attachment,
  ChatItem,
  Delivery,
  NoteItem,
  RawRow,
  UserItem,
} from "./chat/items.js";
export type { HistoryExtras } from "./chat/transcript.js";
export type { Pattern } from "./shared/pattern.js";

export { DoorError, isOver, randomUUID, textOf, thinkingOf } from "@vestibule/client";
export type {
  ChatFrame,
  ChatMessage,
  ChatSnapshot,
  ConnectionState,
  CredentialKind,
  Door,
  DoorSnapshot,
  DoorStorage,
  GatewayEvent,
  GatewayOffer,
  GatewayState,
  GatewayStatus,
  Notice,
  Principal,
  Run,
  RunPart,
  RunState,
  Turn,
  TurnState,
} from "@vestibule/client";
