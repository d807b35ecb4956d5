/**
 * A value that React components watch by `useSyncExternalStore`.
 */

import type { Unsubscribe } from "@vestibule/client";

/** Holds one immutable value. Methods may be passed around unbound. */
export class Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly set = (value: T): void => {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  };

  readonly subscribe = (listener: () => void): Unsubscribe => {
    // Each subscription counts, although the same listener may come twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  };
}
