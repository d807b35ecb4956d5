/**
 * Listeners of one kind, and a value that tells its listeners when it changes.
 *
 * What a listener throws is reported and stops nobody else (P5).
 */

import type { Unsubscribe } from "./api.js";

/** Report of what a listener threw. */
export type Report = (error: unknown) => void;

/** Listeners of one kind, told in the order they came. */
export class Handlers<Args extends readonly unknown[]> {
  readonly #handlers = new Set<(...args: Args) => void>();
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Listen until unsubscribed. The same function may listen twice. */
  add(handler: (...args: Args) => void): Unsubscribe {
    const own = (...args: Args): void => handler(...args);
    this.#handlers.add(own);
    return () => {
      this.#handlers.delete(own);
    };
  }

  tell(...args: Args): void {
    for (const handler of [...this.#handlers]) {
      try {
        handler(...args);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}

/** An immutable value that is replaced, never changed. */
export class Store<Value> {
  #value: Value;
  readonly #listeners: Handlers<[]>;

  constructor(value: Value, report: Report) {
    this.#value = value;
    this.#listeners = new Handlers(report);
  }

  readonly get = (): Value => this.#value;

  readonly subscribe = (listener: () => void): Unsubscribe => this.#listeners.add(listener);

  set(value: Value): void {
    if (value === this.#value) return;
    this.#value = value;
    this.#listeners.tell();
  }
}
