/**
 * The frames of the door protocol as TypeScript values, read from what came over the wire.
 *
 * Fields that are missing or of the wrong type get a harmless value; knows nothing of sockets.
 */

/** A frame as it came: an object with a `type`. */
export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Who the door says you are. */
export interface Principal {
  readonly member: string;
  readonly owner: string;
  readonly role: string;
  /** OpenClaw scopes; `operator.admin` implies all. */
  readonly scopes: readonly string[];
  /** Unix milliseconds at which the credential ends, if it does. */
  readonly expiresAtMs: number | null;
}

/** Limits and intervals of the door. */
export interface Policy {
  /** Bytes a message may have. */
  readonly maxPayload: number;
  readonly pingIntervalMs: number;
  readonly rpcTimeoutMs: number;
  /** Bytes beyond which a message must be sent in parts; null where any size passes. */
  readonly partBytes: number | null;
}

/** States of an owner's gateway, as the door sees it. */
export const GATEWAY_STATES = [
  "unprovisioned",
  "stopped",
  "starting",
  "connecting",
  "ready",
  "degraded",
  "down",
] as const;

/** One of `GATEWAY_STATES`. */
export type GatewayState = (typeof GATEWAY_STATES)[number];

/** State of the owner's gateway. */
export interface GatewayStatus {
  readonly state: GatewayState;
  /** For people; empty while it is ready. */
  readonly reason: string;
  /** When the door tries again, from the moment the frame came. */
  readonly retryInMs: number | null;
  /** Version of OpenClaw; null until known. */
  readonly version: string | null;
  /** Wire version of the gateway, 3 or 4; null until known. */
  readonly protocol: number | null;
}

/** The door's first frame. */
export interface Hello {
  readonly protocol: number;
  readonly connectionId: string;
  readonly principal: Principal;
  readonly epoch: string;
  readonly offset: number;
  /** Everything missed since the last socket follows. */
  readonly recovered: boolean;
  readonly gateway: GatewayStatus;
  readonly policy: Policy;
}

/** What the gateway offers: the answer of `door.gateway`. */
export interface GatewayOffer {
  readonly version: string | null;
  readonly protocol: number | null;
  readonly methods: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
  /** The gateway's own policy, untouched. */
  readonly policy: Readonly<Record<string, unknown>>;
  /** By which the gateway knows the door; null where the door needs no device. */
  readonly deviceId: string | null;
}

/** An event of the gateway, untouched, or of the door itself (names that begin with `door.`). */
export interface GatewayEvent {
  readonly event: string;
  readonly payload: unknown;
  readonly offset: number | null;
}

/** Which run a chat frame belongs to. */
export interface RunAddress {
  readonly runId: string;
  readonly agent: string;
  readonly sessionKey: string;
  /** Id of the message that began the turn, if it had one. */
  readonly id: string | null;
}

/** An increment of the answer; with `replace`, all of it so far. */
export interface ChunkFrame extends RunAddress {
  readonly type: "chunk";
  readonly content: string;
  readonly replace: boolean;
}

/** An increment of the model's thinking. */
export interface ThinkingFrame extends RunAddress {
  readonly type: "thinking";
  readonly content: string;
}

/** A tool was called. */
export interface ToolStartFrame extends RunAddress {
  readonly type: "tool_start";
  readonly tool: string;
  readonly toolCallId: string;
  readonly args: unknown;
}

/** A tool has answered, or failed: the run goes on. */
export interface ToolResultFrame extends RunAddress {
  readonly type: "tool_end" | "tool_error";
  readonly tool: string;
  readonly toolCallId: string;
  readonly result: unknown;
}

/** The run goes on, silently. Never part of the text. */
export interface HeartbeatFrame extends RunAddress {
  readonly type: "heartbeat";
  /** At what: `accepted`, `waiting-approval`, `retrying`, ... */
  readonly phase: string | null;
  readonly approvalId: string | null;
  readonly message: string | null;
}

/** A run has ended. */
export interface DoneFrame extends RunAddress {
  readonly type: "done";
  readonly stopReason: string | null;
  readonly aborted: boolean;
  readonly turnEnded: boolean;
}

/** A run has failed, or its rest was lost. */
export interface RunErrorFrame extends RunAddress {
  readonly type: "error";
  readonly message: string;
  readonly code: string;
  readonly details: unknown;
  readonly retryable: boolean;
  readonly mayHaveRun: boolean;
  readonly turnEnded: boolean;
}

/** Everything that is said about the runs of a turn. */
export type ChatFrame =
  ChunkFrame | ThinkingFrame | ToolStartFrame | ToolResultFrame | HeartbeatFrame | DoneFrame | RunErrorFrame;

const DEFAULT_POLICY: Policy = {
  maxPayload: 25 * 1024 * 1024,
  pingIntervalMs: 30_000,
  rpcTimeoutMs: 30_000,
  partBytes: null,
};

/** Whether a value is an object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A message of the wire as a frame, or null for what is none. Never throws (P5). */
export function readFrame(message: unknown): Frame | null {
  if (typeof message !== "string") return null;
  try {
    const value: unknown = JSON.parse(message);
    return isFrame(value) ? value : null;
  } catch {
    return null;
  }
}

function isFrame(value: unknown): value is Frame {
  return isRecord(value) && typeof value["type"] === "string";
}

/** A text field; empty when it is not there or not text. */
export function text(frame: unknown, field: string): string {
  return textOrNull(frame, field) ?? "";
}

/** A text field; null when it is not there, empty or not text. */
export function textOrNull(frame: unknown, field: string): string | null {
  const value = isRecord(frame) ? frame[field] : null;
  return typeof value === "string" && value !== "" ? value : null;
}

/** A number field; null when it is not there or not a finite number. */
export function numberOrNull(frame: unknown, field: string): number | null {
  const value = isRecord(frame) ? frame[field] : null;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function record(frame: unknown, field: string): Readonly<Record<string, unknown>> {
  const value = isRecord(frame) ? frame[field] : null;
  return isRecord(value) ? value : {};
}

function names(frame: unknown, field: string): string[] {
  const value = isRecord(frame) ? frame[field] : null;
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** `hello`. */
export function readHello(frame: Frame): Hello {
  const principal = record(frame, "principal");
  const policy = record(frame, "policy");
  return {
    protocol: numberOrNull(frame, "protocol") ?? 1,
    connectionId: text(frame, "connectionId"),
    principal: {
      member: text(principal, "member"),
      owner: text(principal, "owner"),
      role: text(principal, "role"),
      scopes: names(principal, "scopes"),
      expiresAtMs: numberOrNull(principal, "expiresAtMs"),
    },
    epoch: text(frame, "epoch"),
    offset: numberOrNull(frame, "offset") ?? 0,
    recovered: frame["recovered"] === true,
    gateway: readStatus(record(frame, "gateway")),
    policy: {
      maxPayload: numberOrNull(policy, "maxPayload") ?? DEFAULT_POLICY.maxPayload,
      pingIntervalMs: numberOrNull(policy, "pingIntervalMs") ?? DEFAULT_POLICY.pingIntervalMs,
      rpcTimeoutMs: numberOrNull(policy, "rpcTimeoutMs") ?? DEFAULT_POLICY.rpcTimeoutMs,
      partBytes: numberOrNull(policy, "partBytes"),
    },
  };
}

/** `status`, or the `gateway` of a `hello`. */
export function readStatus(frame: unknown): GatewayStatus {
  const state = text(frame, "state");
  return {
    state: GATEWAY_STATES.find((known) => known === state) ?? "connecting",
    reason: text(frame, "reason"),
    retryInMs: numberOrNull(frame, "retryInMs"),
    version: textOrNull(frame, "version"),
    protocol: numberOrNull(frame, "protocol"),
  };
}

/** The payload of `door.gateway`. */
export function readOffer(payload: unknown): GatewayOffer {
  return {
    version: textOrNull(payload, "version"),
    protocol: numberOrNull(payload, "protocol"),
    methods: new Set(names(payload, "methods")),
    scopes: new Set(names(payload, "scopes")),
    policy: record(payload, "policy"),
    deviceId: textOrNull(payload, "deviceId"),
  };
}

/** `event`; null for one without a name. */
export function readEvent(frame: Frame): GatewayEvent | null {
  const event = textOrNull(frame, "event");
  return event === null ? null : { event, payload: frame["payload"], offset: numberOrNull(frame, "offset") };
}

/** `chunk`, `thinking`, `tool_*`, `heartbeat`, `done` or `error`; null for anything else. */
export function readChat(frame: Frame): ChatFrame | null {
  const address: RunAddress = {
    runId: text(frame, "runId"),
    agent: text(frame, "agent"),
    sessionKey: text(frame, "sessionKey"),
    id: textOrNull(frame, "id"),
  };
  const tool = { tool: text(frame, "tool"), toolCallId: text(frame, "toolCallId") };
  const turnEnded = frame["turnEnded"] !== false;
  switch (frame.type) {
    case "chunk":
      return { ...address, type: "chunk", content: text(frame, "content"), replace: frame["replace"] === true };
    case "thinking":
      return { ...address, type: "thinking", content: text(frame, "content") };
    case "tool_start":
      return { ...address, ...tool, type: "tool_start", args: frame["args"] };
    case "tool_end":
    case "tool_error":
      return { ...address, ...tool, type: frame.type, result: frame["result"] };
    case "heartbeat":
      return {
        ...address,
        type: "heartbeat",
        phase: textOrNull(frame, "phase"),
        approvalId: textOrNull(frame, "approvalId"),
        message: textOrNull(frame, "message"),
      };
    case "done":
      return {
        ...address,
        type: "done",
        stopReason: textOrNull(frame, "stopReason"),
        aborted: frame["aborted"] === true,
        turnEnded,
      };
    case "error":
      return {
        ...address,
        type: "error",
        message: textOrNull(frame, "message") ?? "The run failed.",
        code: text(frame, "code"),
        details: frame["details"],
        retryable: frame["retryable"] === true,
        mayHaveRun: frame["mayHaveRun"] === true,
        turnEnded,
      };
    default:
      return null;
  }
}
