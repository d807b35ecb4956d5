/**
 * One socket to the door, from its opening to its end: hello first, pings, a watchdog.
 *
 * Does not reconnect and does not know what frames mean. Tells its end exactly once, and nothing after it.
 */

import type { Environment, SocketLike, Timings } from "./api.js";
import { CLOSE, reasonFor } from "./codes.js";
import type { Target } from "./credential.js";
import { TEXTS } from "./errors.js";
import { numberOrNull, readFrame, readHello, text, type Frame, type Hello } from "./frames.js";
import { inParts, Parts } from "./parts.js";

/** How a socket ended. */
export interface LinkEnd {
  readonly code: number;
  /** For people. */
  readonly reason: string;
  /** When the door wants this client back: it spreads its clients over a while. */
  readonly retryInMs: number | null;
}

/** Who lives on a link. */
export interface LinkOwner {
  greeted(link: Link, hello: Hello): void;
  received(link: Link, frame: Frame): void;
  ended(link: Link, end: LinkEnd): void;
}

const PING = JSON.stringify({ type: "ping" });

/** An open socket, or one that is being opened. */
export class Link {
  /** Unix milliseconds of the first `hello`; null before. */
  openedAtMs: number | null = null;
  readonly #socket: SocketLike;
  readonly #owner: LinkOwner;
  readonly #environment: Environment;
  readonly #timings: Timings;
  readonly #parts = new Parts();
  #partBytes: number | null = null;
  #sentInParts = 0;
  #heard = 0;
  #heardAtMs = 0;
  #probing = false;
  #refusal: Frame | null = null;
  #over = false;
  #cancelTimer: () => void;
  #cancelProbe: () => void = () => undefined;

  /** Throws if the browser does not take the address or the subprotocols. */
  constructor(target: Target, owner: LinkOwner, environment: Environment, timings: Timings) {
    this.#owner = owner;
    this.#environment = environment;
    this.#timings = timings;
    this.#socket = environment.openSocket(target.url, target.protocols);
    // Before it is open an error is the end; some runtimes tell no close after it.
    let opened = false;
    this.#socket.addEventListener("open", () => (opened = true));
    this.#socket.addEventListener("error", () => {
      if (!opened) this.#closed(CLOSE.lost, "");
    });
    this.#socket.addEventListener("message", (event) => this.#take(event.data));
    this.#socket.addEventListener("close", (event) => this.#closed(event.code, event.reason));
    this.#cancelTimer = environment.after(timings.connectTimeoutMs, () => this.abandon(TEXTS.connectTimeout));
  }

  /** Send a frame's text. A socket that is gone takes it and loses it: its end has been told, or will be. */
  send(message: string): void {
    if (this.#over) return;
    this.#sentInParts += 1;
    for (const part of inParts(String(this.#sentInParts), message, this.#partBytes)) this.#socket.send(part);
  }

  /** Say good-bye; the owner is told nothing any more. */
  close(reason = ""): void {
    this.#stop();
    this.#socket.close(CLOSE.normal, reason);
  }

  /** The socket is as good as dead: end it here and now, whatever the network says later. */
  abandon(reason: string): void {
    if (this.#over) return;
    this.#stop();
    this.#socket.close();
    this.#owner.ended(this, { code: CLOSE.lost, reason, retryInMs: null });
  }

  /** After a sleep: a sign of life within `probeTimeoutMs`, or it is dead. */
  probe(): void {
    if (this.#over || this.#probing || this.openedAtMs === null) return;
    const heard = this.#heard;
    this.#probing = true;
    this.send(PING);
    this.#cancelProbe = this.#environment.after(this.#timings.probeTimeoutMs, () => {
      this.#probing = false;
      if (this.#heard === heard) this.abandon(reasonFor(CLOSE.lost));
    });
  }

  #take(data: unknown): void {
    if (this.#over) return;
    this.#heard += 1;
    this.#heardAtMs = this.#environment.now();
    const frame = readFrame(data);
    if (frame?.type !== "part") this.#receive(frame);
    else this.#receive(readFrame(this.#parts.take(frame)));
  }

  #receive(frame: Frame | null): void {
    if (frame === null) return;
    // Only the last frame can be the reason of the close that follows, and only if it is about nothing else.
    this.#refusal = frame.type === "error" && frame["id"] === undefined && frame["runId"] === undefined ? frame : null;
    if (frame.type === "hello") this.#greet(readHello(frame));
    if (this.openedAtMs !== null) this.#owner.received(this, frame);
  }

  #greet(hello: Hello): void {
    this.openedAtMs ??= this.#environment.now();
    this.#partBytes = hello.policy.partBytes;
    this.#cancelTimer();
    this.#watch(this.#timings.pingIntervalMs ?? hello.policy.pingIntervalMs);
    this.#owner.greeted(this, hello);
  }

  /** W4: ping after one silent interval, give the socket up after two. */
  #watch(intervalMs: number): void {
    const quietMs = this.#environment.now() - this.#heardAtMs;
    if (quietMs < intervalMs) {
      this.#cancelTimer = this.#environment.after(intervalMs - quietMs, () => this.#watch(intervalMs));
      return;
    }
    const heard = this.#heard;
    this.send(PING);
    this.#cancelTimer = this.#environment.after(intervalMs, () => {
      if (this.#heard === heard) this.abandon(reasonFor(CLOSE.lost));
      else this.#watch(intervalMs);
    });
  }

  #closed(code: number, said: string): void {
    if (this.#over) return;
    this.#stop();
    const hint = readHint(said);
    const refused = code === CLOSE.normal || code === CLOSE.lost ? "" : text(this.#refusal, "message");
    const words = hint === null ? said : "";
    const retryInMs = numberOrNull(hint, "retryInMs") ?? numberOrNull(this.#refusal, "retryAfterMs");
    this.#owner.ended(this, { code, reason: refused || words || reasonFor(code), retryInMs });
  }

  #stop(): void {
    this.#over = true;
    this.#cancelTimer();
    this.#cancelProbe();
  }
}

/** The reason of 1012 is `{"retryInMs": n}`. */
function readHint(reason: string): object | null {
  if (!reason.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(reason);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
