/**
 * Calls of one door, waiting for a connection or for their answer: which answer belongs to whom.
 *
 * Bounded. A call is never sent twice unless its caller said that this does no harm. Knows nothing of sockets beyond
 * the `Link` it speaks on while there is one.
 */

import type { CallOptions, Environment, Timings } from "./api.js";
import type { DoorError } from "./errors.js";
import { clientError, readError, TEXTS } from "./errors.js";
import { text, type Frame } from "./frames.js";
import type { Link } from "./link.js";

/** Calls that may wait or be in flight; the door takes as many of one client. */
const MAX_CALLS = 512;
/** How long the second answer of `agent` may take after the first. */
const RUN_TIMEOUT_MS = 60 * 60_000;

interface Call {
  readonly id: string;
  readonly method: string;
  readonly params: unknown;
  readonly options: CallOptions;
  readonly deadlineAtMs: number;
  /** Where it was sent; null while it waits for a connection. */
  link: Link | null;
  accepted: boolean;
  cancelTimer: () => void;
  readonly settle: (outcome: { readonly payload: unknown } | { readonly error: DoorError }) => void;
}

/** All calls that have no final answer yet. */
export class Calls {
  readonly #environment: Environment;
  readonly #timings: Timings;
  readonly #open = new Map<string, Call>();
  #last = 0;
  #link: Link | null = null;
  #maxPayload = Infinity;

  constructor(environment: Environment, timings: Timings) {
    this.#environment = environment;
    this.#timings = timings;
  }

  /** Make a call. Rejects with a `DoorError`. */
  call(method: string, params: unknown, options: CallOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted === true) return reject(aborted(method, false));
      if (this.#open.size >= MAX_CALLS) {
        return reject(clientError("QUEUE_FULL", `${MAX_CALLS} calls are open already.`, { retryable: true }));
      }
      this.#last += 1;
      const call: Call = {
        id: String(this.#last),
        method,
        params,
        options,
        deadlineAtMs: this.#environment.now() + (options.timeoutMs ?? this.#timings.rpcTimeoutMs),
        link: null,
        accepted: false,
        cancelTimer: () => undefined,
        settle: (outcome) => {
          this.#open.delete(call.id);
          call.cancelTimer();
          signal?.removeEventListener("abort", abort);
          if ("error" in outcome) reject(outcome.error);
          else resolve(outcome.payload);
        },
      };
      const abort = (): void => call.settle({ error: aborted(method, call.link !== null) });
      signal?.addEventListener("abort", abort);
      this.#open.set(call.id, call);
      if (this.#link === null) this.#wait(call);
      else this.#send(call, this.#link);
    });
  }

  /** A socket is open: what waits goes out, in order. */
  opened(link: Link, maxPayload: number): void {
    this.#link = link;
    this.#maxPayload = maxPayload;
    for (const call of [...this.#open.values()]) if (call.link === null) this.#send(call, link);
  }

  /** Take a `res`, or an `error` with an id. Whether somebody waited for it. */
  answer(frame: Frame): boolean {
    const id = frame["id"];
    const call = typeof id === "string" ? this.#open.get(id) : undefined;
    if (call === undefined) return false;
    const payload = frame["payload"];
    if (frame["ok"] !== true) call.settle({ error: readError(frame["error"]) });
    else if (call.method === "agent" && !call.accepted && text(payload, "status") === "accepted")
      this.#accept(call, payload);
    else call.settle({ payload });
    return true;
  }

  /** A socket is gone: its calls may have run and will not be answered. Those that do no harm wait for the next one. */
  lost(link: Link): void {
    if (this.#link === link) this.#link = null;
    for (const call of [...this.#open.values()]) {
      if (call.link !== link) continue;
      if (call.options.idempotent === true && !call.accepted) this.#again(call);
      else call.settle({ error: clientError("CONNECTION_LOST", TEXTS.closed, { retryable: true, mayHaveRun: true }) });
    }
  }

  /** There will be no other socket: nobody waits in vain. */
  end(error: DoorError): void {
    for (const call of [...this.#open.values()]) call.settle({ error });
  }

  /** Whether an answer is still due on a socket. */
  waitsFor(link: Link): boolean {
    return [...this.#open.values()].some((call) => call.link === link);
  }

  #again(call: Call): void {
    call.link = null;
    if (this.#link === null) this.#wait(call);
    else this.#send(call, this.#link);
  }

  #wait(call: Call): void {
    const patienceMs = Math.min(this.#timings.connectTimeoutMs, call.deadlineAtMs - this.#environment.now());
    this.#timer(call, patienceMs, clientError("OFFLINE", TEXTS.connectTimeout, { retryable: true }));
  }

  #send(call: Call, link: Link): void {
    const { id, method, params } = call;
    const { traceparent } = call.options;
    const timeoutMs = Math.max(1, Math.ceil(call.deadlineAtMs - this.#environment.now()));
    // `params` and `traceparent` that are undefined leave no trace in the JSON.
    const message = JSON.stringify({ type: "req", id, method, params, timeoutMs, traceparent });
    if (isLarger(message, this.#maxPayload)) {
      return call.settle({
        error: clientError("TOO_LARGE", `${method}: the parameters are larger than the door takes.`),
      });
    }
    call.link = link;
    const late = clientError("TIMEOUT", TEXTS.rpcTimeout(method), { retryable: true, mayHaveRun: true });
    this.#timer(call, timeoutMs + this.#timings.answerMarginMs, late);
    link.send(message);
  }

  #accept(call: Call, payload: unknown): void {
    call.accepted = true;
    this.#timer(call, RUN_TIMEOUT_MS, clientError("TIMEOUT", TEXTS.rpcTimeout(call.method), { mayHaveRun: true }));
    try {
      call.options.onAccepted?.(payload);
    } catch (error) {
      this.#environment.report(error);
    }
  }

  #timer(call: Call, delayMs: number, error: DoorError): void {
    call.cancelTimer();
    call.cancelTimer = this.#environment.after(delayMs, () => call.settle({ error }));
  }
}

function aborted(method: string, mayHaveRun: boolean): DoorError {
  return clientError("ABORTED", `${method} was given up.`, { mayHaveRun });
}

/** Whether a text has more bytes than that, in UTF-8; counts them only where it matters. */
export function isLarger(message: string, bytes: number): boolean {
  if (message.length * 3 <= bytes) return false;
  return message.length > bytes || new TextEncoder().encode(message).length > bytes;
}
