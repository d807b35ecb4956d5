/**
 * An in-memory WebSocket: one end is what the client opens, the other is the fake door's.
 *
 * Everything arrives in a later microtask, in order, as on a real network; no timers.
 */

import type { SocketLike } from "../api.js";

/** The door's side of a socket. */
export interface SocketServer {
  opened(socket: FakeSocket): void;
  received(socket: FakeSocket, message: string): void;
  left(socket: FakeSocket): void;
}

type Listener = (event: { data: unknown; code: number; reason: string }) => void;

/** Both ends of one socket. */
export class FakeSocket implements SocketLike {
  readonly url: URL;
  readonly protocols: readonly string[];
  readonly #server: SocketServer;
  readonly #listeners: { readonly type: string; readonly listener: Listener }[] = [];
  #state: "connecting" | "open" | "closed" = "connecting";

  constructor(url: string, protocols: readonly string[], server: SocketServer) {
    this.url = new URL(url);
    this.protocols = protocols;
    this.#server = server;
    queueMicrotask(() => this.#server.opened(this));
  }

  get isOpen(): boolean {
    return this.#state !== "closed";
  }

  // the client's end

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push({ type, listener });
  }

  send(message: string): void {
    if (this.#state === "connecting") throw new Error("sent before the socket was open");
    queueMicrotask(() => {
      if (this.isOpen) this.#server.received(this, message);
    });
  }

  close(code = 1005, reason = ""): void {
    if (!this.isOpen) return;
    this.#state = "closed";
    this.#server.left(this);
    queueMicrotask(() => this.#tell("close", { data: null, code, reason }));
  }

  // the door's end

  /** The upgrade has been answered. */
  accept(): void {
    if (this.#state !== "connecting") return;
    this.#state = "open";
    this.#tell("open", { data: null, code: 0, reason: "" });
  }

  /** Send to the client. */
  deliver(message: string): void {
    queueMicrotask(() => {
      if (this.#state === "open") this.#tell("message", { data: message, code: 0, reason: "" });
    });
  }

  /** End it, once what was sent before has arrived. */
  end(code: number, reason: string): void {
    queueMicrotask(() => {
      if (!this.isOpen) return;
      this.#state = "closed";
      this.#server.left(this);
      this.#tell("close", { data: null, code, reason });
    });
  }

  #tell(type: string, event: { data: unknown; code: number; reason: string }): void {
    for (const each of this.#listeners) if (each.type === type) each.listener(event);
  }
}
