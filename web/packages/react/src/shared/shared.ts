/**
 * What all hooks of one provider share: the door, and what is built on it above any view (W9).
 */

import type { Door, Unsubscribe } from "@vestibule/client";
import { ApprovalStore } from "../approvals/store.js";
import { Conversations } from "../chat/conversations.js";
import { ObservedStore } from "./observed.js";
import { Refetcher } from "./refetcher.js";
import { Store } from "./store.js";

/** See the file. */
export class Shared {
  readonly door: Door;
  /** Part of every cache key: two doors on one page share nothing. */
  readonly name: string;
  readonly refetcher = new Refetcher();
  readonly observed: ObservedStore;
  readonly approvals: ApprovalStore;
  readonly conversations: Conversations;
  /** Turns that `useAgentChat` does not show any more. */
  readonly hiddenTurns = new Store<ReadonlySet<string>>(new Set());

  constructor(door: Door, name: string) {
    this.door = door;
    this.name = name;
    this.observed = new ObservedStore(door);
    this.approvals = new ApprovalStore(door);
    this.conversations = new Conversations(door, this.observed);
  }

  /** Listen to the door until the result is called. */
  readonly start = (): Unsubscribe => {
    const { door, refetcher } = this;
    const ends = [
      door.onEvent((event) => refetcher.event(event)),
      this.#followSnapshot(),
      this.observed.start(),
      this.approvals.start(),
      () => refetcher.stop(),
    ];
    return () => {
      for (const end of ends) end();
    };
  };

  #followSnapshot(): Unsubscribe {
    let { generation } = this.door.snapshot();
    let wasLive = this.#isLive();
    return this.door.subscribe(() => {
      const now = this.door.snapshot();
      const isLive = this.#isLive();
      if (now.generation !== generation) this.refetcher.refetchAll();
      else if (isLive && !wasLive) this.refetcher.recovered();
      generation = now.generation;
      wasLive = isLive;
    });
  }

  /** Whether a call can be answered. */
  #isLive(): boolean {
    const { connection, gateway } = this.door.snapshot();
    return connection.at === "open" && (gateway?.state === "ready" || gateway?.state === "degraded");
  }
}
