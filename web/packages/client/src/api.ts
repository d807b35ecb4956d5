/**
 * The public face of a door: what an application holds and what it may ask of it.
 */

import type { ChatFrame, Frame, GatewayEvent, GatewayOffer, GatewayStatus, Hello, Principal } from "./frames.js";
import type { ConnectionState } from "./state.js";
import type { ChatMessage, Turn } from "./turn.js";

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** How the token travels. Default: `subprotocol`. */
export type CredentialKind =
  /** In the WebSocket subprotocols: no proxy logs it. */
  | "subprotocol"
  /** A single-use ticket is fetched first (`POST api/v1/ws/ticket`); the token is in no WebSocket address. */
  | "ticket"
  /** In the query, for servers that know nothing else. Proxies in front may log it. */
  | "query";

/** Gives the token; null means nobody is signed in. `fresh` asks to leave caches aside: the door refused the last one. */
export type GetToken = (wish: {
  readonly fresh: boolean;
}) => string | null | undefined | Promise<string | null | undefined>;

/** Durations, each with its default. */
export interface Timings {
  /** From opening a socket to the door's `hello`, and how long a call waits for a connection: 10 s. */
  readonly connectTimeoutMs: number;
  /** How long the door may take to answer a call: 30 s. */
  readonly rpcTimeoutMs: number;
  /** How much longer than the door a call waits itself (W5): 2 s. */
  readonly answerMarginMs: number;
  /** Silence after which a ping goes out; after two of them the socket is dead (W4). Null: as the door says. */
  readonly pingIntervalMs: number | null;
  /** On `online`, `offline`, `visibilitychange` and `pageshow` an open socket has this long to show a sign of life: 5 s. */
  readonly probeTimeoutMs: number;
  /** First and last ceiling of the full-jitter delays between attempts: 0.5 s, 30 s. */
  readonly retryBaseMs: number;
  readonly retryCapMs: number;
  /** A connection that lived this long resets the delays; a flapping door does not (W3): 10 s. */
  readonly stableAfterMs: number;
  /** Age at which the next socket is opened before the old one ends (E5); null: never. Default null. */
  readonly maxSocketAgeMs: number | null;
  /** How long a replaced socket stays for the answers still due on it: 35 s. */
  readonly retireAfterMs: number;
  /** How long a chat message may wait for a connection before it fails visibly (C7): 5 min. */
  readonly unsentTimeoutMs: number;
  /** How long a turn may be silent, heartbeats included, before it fails (C6): 5 min. */
  readonly turnSilenceMs: number;
  /** Increments of text are told to chat subscribers at most this often: 16 ms. */
  readonly chatPaceMs: number;
}

/** Where to keep what a page reload needs; `sessionStorage` fits. */
export type DoorStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The part of `WebSocket` that is used. */
export interface SocketLike {
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** The part of `EventTarget` that is used: `window` and `document`. */
export interface WakeTarget {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** Everything a door takes from its surroundings; each has the browser's as default. */
export interface Environment {
  /** Opens a socket; may throw. */
  readonly openSocket: (url: string, protocols: string[]) => SocketLike;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Runs something later; the result cancels it. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** At least 0, less than 1. */
  readonly random: () => number;
  readonly randomUUID: () => string;
  readonly fetch: typeof fetch;
  /** `window`: `online`, `pageshow`, `pagehide`. Null outside a browser. */
  readonly window: WakeTarget | null;
  /** `document`: `visibilitychange`. */
  readonly document: (WakeTarget & { readonly visibilityState: string }) | null;
  /** Told of what a handler of yours threw; the door goes on. Default: `console.error`. */
  readonly report: (error: unknown) => void;
}

/** How to make a door. */
export interface DoorOptions {
  /** The door's WebSocket address, or its HTTP address (`https://host/` means `wss://host/ws`). */
  readonly url: string;
  /** Absent: no credential is sent. */
  readonly getToken?: GetToken;
  readonly credential?: CredentialKind;
  readonly timings?: Partial<Timings>;
  /** Absent: a reload begins anew. With it, open turns and queued messages come back after a reload. */
  readonly storage?: DoorStorage;
  readonly environment?: Partial<Environment>;
}

/** What is known at the moment. Immutable; the same object until something changes. */
export interface DoorSnapshot {
  readonly connection: ConnectionState;
  /** As last heard, also while not connected (W12); null before the first `hello`. */
  readonly gateway: GatewayStatus | null;
  /** Methods and scopes; asked for each time the gateway is ready, and kept until the next answer. */
  readonly offer: GatewayOffer | null;
  /** Who you are; kept while not connected. */
  readonly principal: Principal | null;
  /** Whether the last `hello` recovered everything missed. */
  readonly recovered: boolean;
  /** Grows by one each time something was missed for good: what you show must be loaded again (W8). */
  readonly generation: number;
}

/** Why what you show may be out of date. */
export interface Stale {
  readonly reason:
    /** The door no longer had what was missed. */
    | "not-recovered"
    /** The door dropped frames because this client read too slowly. */
    | "resync"
    /** A frame is missing on the way. */
    | "gap"
    /** Somebody else is signed in now. */
    | "principal";
}

/** An `error` frame that belongs to no call and ends no turn (C8). */
export interface Notice {
  readonly message: string;
  readonly code: string;
  readonly runId: string | null;
}

/** How to make one call. */
export interface CallOptions {
  /** The door's deadline; the call itself waits a little longer (W5). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Reading twice does no harm: asked again on the next socket, within the same deadline, if this one goes away. */
  readonly idempotent?: boolean;
  /** The first of the two answers of `agent`. */
  readonly onAccepted?: (payload: unknown) => void;
  /** W3C trace context. */
  readonly traceparent?: string;
}

/** What to stop: a turn, one run, or everything in an agent's session. */
export type AbortTarget =
  { readonly turnId: string } | { readonly runId: string } | { readonly agent: string; readonly sessionKey?: string };

/** The turns this client knows. Immutable; the same object until something changes. */
export interface ChatSnapshot {
  /** Oldest first. */
  readonly turns: readonly Turn[];
}

/** Talking to agents. */
export interface DoorChat {
  /**
   * Say something. Goes out at once, or as soon as there is a connection, exactly once (C7). Returns the turn's id.
   * With the id of a turn that failed it is tried again: nothing starts a second run for an id.
   */
  send(message: ChatMessage): string;
  /**
   * Stop. A message that was not sent yet is taken back; what was sent is aborted at the gateway (C10), after coming
   * back if there is no connection. Runs of others need a connection.
   */
  abort(target: AbortTarget): void;
  /** Take a turn that is over out of the snapshot, or all that are over (of an agent). */
  forget(which?: { readonly turnId: string } | { readonly agent: string }): void;
  readonly snapshot: () => ChatSnapshot;
  /** Told after each change; increments of text at most every `chatPaceMs`. */
  readonly subscribe: (listener: () => void) => Unsubscribe;
  /** Every chat frame of this client's turns, as it comes. */
  onFrame(handler: (frame: ChatFrame, turn: Turn) => void): Unsubscribe;
}

/** One client of a door: one socket that comes back by itself. Methods may be passed around unbound. */
export interface Door {
  /** Connect, and stay connected. Any number of calls open one socket (W1). After `closed`: try again. */
  readonly connect: () => void;
  /** Say good-bye (1000) and stop. Calls in flight fail with "WebSocket closed". Nothing opens afterwards (W2). */
  readonly close: () => void;
  /** Do not wait for the next attempt. While open: drop the socket and come back. */
  readonly reconnectNow: () => void;
  /** Make before break: open the next socket, resume, switch, close the old one. Resolves to whether it switched. */
  readonly renew: () => Promise<boolean>;
  /** Present a fresh token on the live socket. Resolves to whether one was presented. */
  readonly refreshToken: () => Promise<boolean>;
  /** Resolves at the next `hello`, or at once while open. Rejects with a `DoorError`. */
  readonly opened: (options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }) => Promise<Hello>;

  readonly snapshot: () => DoorSnapshot;
  /** Told after each change of the snapshot. */
  readonly subscribe: (listener: () => void) => Unsubscribe;

  /**
   * Call a method of the gateway (or of the door: `door.*`). Waits for the connection if there is none, but not for
   * ever. Rejects with a `DoorError`. `T` is your promise: payloads are the gateway's own and are not checked.
   */
  readonly call: <T = unknown>(method: string, params?: unknown, options?: CallOptions) => Promise<T>;

  /** Every event, or those whose name is the pattern or begins with it (`cron.*`, `chat*`; several: a list). */
  readonly onEvent: {
    (handler: (event: GatewayEvent) => void): Unsubscribe;
    (pattern: string | readonly string[], handler: (event: GatewayEvent) => void): Unsubscribe;
  };
  /** Every frame, unknown types too (R5), once, in order. */
  readonly onFrame: (handler: (frame: Frame) => void) => Unsubscribe;
  /** Something was missed for good: load again what you show. */
  readonly onStale: (handler: (stale: Stale) => void) => Unsubscribe;
  /** Errors that belong to nothing else. */
  readonly onNotice: (handler: (notice: Notice) => void) => Unsubscribe;

  readonly chat: DoorChat;
}
