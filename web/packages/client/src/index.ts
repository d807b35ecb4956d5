/**
 * The browser's client for a Vestibule door: one socket that comes back by itself, calls, events, chat.
 *
 * @example
 * const door = createDoor({ url: "wss://door.example/ws", getToken: () => token });
 * door.connect();
 * const health = await door.call("health");
 */

export { createDoor } from "./door.js";
export { randomUUID } from "./environment.js";

export type {
  AbortTarget,
  CallOptions,
  ChatSnapshot,
  CredentialKind,
  Door,
  DoorChat,
  DoorOptions,
  DoorSnapshot,
  DoorStorage,
  Environment,
  GetToken,
  Notice,
  SocketLike,
  Stale,
  Timings,
  Unsubscribe,
  WakeTarget,
} from "./api.js";
export { DoorError, TEXTS, type ClientErrorCode, type DoorErrorFields } from "./errors.js";
export {
  GATEWAY_STATES,
  isRecord,
  type ChatFrame,
  type ChunkFrame,
  type DoneFrame,
  type Frame,
  type GatewayEvent,
  type GatewayOffer,
  type GatewayState,
  type GatewayStatus,
  type HeartbeatFrame,
  type Hello,
  type Policy,
  type Principal,
  type RunAddress,
  type RunErrorFrame,
  type ThinkingFrame,
  type ToolResultFrame,
  type ToolStartFrame,
} from "./frames.js";
export { reduceObserved, type ObservedRun, type ObservedRuns } from "./observed.js";
export type { ConnectionState, FatalKind } from "./state.js";
export {
  isOver,
  newTurn,
  reduceTurn,
  textOf,
  thinkingOf,
  type ChatMessage,
  type Run,
  type RunPart,
  type RunState,
  type Turn,
  type TurnState,
} from "./turn.js";
