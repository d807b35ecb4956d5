/**
 * The approvals of one door: backfilled by the lists the gateway offers, kept up to date by events.
 */

import { isRecord, type Door, type DoorError, type GatewayEvent, type Unsubscribe } from "@vestibule/client";
import { asDoorError } from "../errors.js";
import { Store } from "../shared/store.js";
import { APPROVAL_KINDS, approvalKey, isSettled, readApproval, type Approval, type ApprovalKind } from "./approval.js";
import {
  backfill,
  change,
  decidedBy,
  decidedElsewhere,
  expire,
  nextExpiryMs,
  resolvedCame,
  type Approvals,
} from "./reduce.js";

/** What is known. */
export interface ApprovalsSnapshot {
  readonly approvals: Approvals;
  readonly isLoading: boolean;
  /** Why the lists could not be had. */
  readonly error: DoorError | null;
}

const SCOPES = ["operator.approvals", "operator.admin"];

/** One for all hooks of a provider. */
export class ApprovalStore {
  readonly #door: Door;
  readonly #store = new Store<ApprovalsSnapshot>({ approvals: new Map(), isLoading: false, error: null });
  /** Keys of what was heard of while a list was under way: the list may not know it yet. */
  #heard = new Set<string>();
  #expiry: ReturnType<typeof setTimeout> | null = null;
  #users = 0;
  #isAsking = false;
  #askAgain = false;

  constructor(door: Door) {
    this.#door = door;
  }

  readonly snapshot = (): ApprovalsSnapshot => this.#store.get();

  readonly subscribe = (listener: () => void): Unsubscribe => this.#store.subscribe(listener);

  /** Listen to the door. */
  start(): Unsubscribe {
    const patterns = APPROVAL_KINDS.map((kind) => `${kind}.approval.*`);
    let { offer, generation, principal } = this.#door.snapshot();
    const ends = [
      this.#door.onEvent(patterns, (event) => this.#event(event)),
      this.#door.subscribe(() => {
        const now = this.#door.snapshot();
        if (now.principal?.member !== principal?.member || now.principal?.owner !== principal?.owner) this.#forget();
        // A new offer follows each connection and each start of the gateway.
        const isNews = now.offer !== offer || now.generation !== generation;
        ({ offer, generation, principal } = now);
        if (isNews) this.#ask();
      }),
      () => {
        if (this.#expiry !== null) clearTimeout(this.#expiry);
      },
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  /** Somebody looks: from the first one on the lists are asked for. */
  readonly open = (): Unsubscribe => {
    this.#users += 1;
    if (this.#users === 1) this.#ask();
    return () => {
      this.#users -= 1;
    };
  };

  /** Ask for the lists again. */
  readonly reload = (): void => this.#ask();

  /**
   * Decide. That somebody else was first is no failure: the approval then says who. Other failures are thrown, and
   * shown at the approval (W10).
   */
  readonly resolve = async (approval: Approval, decision: string): Promise<void> => {
    const { key, id, kind } = approval;
    const { approvals } = this.#store.get();
    if (!approvals.has(key)) this.#set(new Map(approvals).set(key, approval));
    this.#set(change(this.#approvals, key, { state: { at: "resolving", decision }, error: null }));
    try {
      await this.#door.call(`${kind}.approval.resolve`, { id, decision });
      this.#set(decidedBy(this.#approvals, key, { decision, by: null }, true));
    } catch (thrown) {
      const error = asDoorError(thrown);
      const elsewhere = decidedElsewhere(error);
      if (elsewhere !== null) {
        this.#set(decidedBy(this.#approvals, key, elsewhere, false));
        return;
      }
      const now = this.#approvals.get(key);
      if (now !== undefined && !isSettled(now))
        this.#set(change(this.#approvals, key, { state: { at: "pending" }, error }));
      throw error;
    }
  };

  get #approvals(): Approvals {
    return this.#store.get().approvals;
  }

  #event({ event, payload }: GatewayEvent): void {
    const kind = APPROVAL_KINDS.find((each) => event.startsWith(`${each}.`));
    if (kind === undefined) return;
    if (event.endsWith(".requested")) {
      const approval = readApproval(kind, payload);
      if (approval === null) return;
      this.#heard.add(approval.key);
      if (!this.#approvals.has(approval.key)) this.#set(new Map(this.#approvals).set(approval.key, approval));
    } else if (event.endsWith(".resolved") && isRecord(payload) && typeof payload["id"] === "string") {
      this.#set(resolvedCame(this.#approvals, approvalKey(kind, payload["id"]), payload));
    }
  }

  #ask(): void {
    const { offer, principal } = this.#door.snapshot();
    const scopes = [...(offer?.scopes ?? []), ...(principal?.scopes ?? [])];
    if (this.#users === 0 || offer === null || !SCOPES.some((scope) => scopes.includes(scope))) return;
    if (this.#isAsking) {
      this.#askAgain = true;
      return;
    }
    const kinds = APPROVAL_KINDS.filter((kind) => offer.methods.has(`${kind}.approval.list`));
    void this.#backfill(kinds);
  }

  async #backfill(kinds: readonly ApprovalKind[]): Promise<void> {
    this.#isAsking = true;
    this.#heard = new Set();
    this.#store.set({ ...this.#store.get(), isLoading: true });
    const errors = await Promise.all(kinds.map((kind) => this.#backfillKind(kind)));
    this.#isAsking = false;
    const error = errors.find((each) => each !== null) ?? null;
    this.#store.set({ ...this.#store.get(), isLoading: false, error });
    if (!this.#askAgain) return;
    this.#askAgain = false;
    this.#ask();
  }

  async #backfillKind(kind: ApprovalKind): Promise<DoorError | null> {
    try {
      const rows = await this.#door.call(`${kind}.approval.list`, {}, { idempotent: true });
      this.#set(backfill(this.#approvals, kind, Array.isArray(rows) ? rows : [], this.#heard));
      return null;
    } catch (thrown) {
      const error = asDoorError(thrown);
      return error.code === "FORBIDDEN" || error.code === "UNKNOWN_METHOD" ? null : error;
    }
  }

  #forget(): void {
    this.#heard = new Set();
    this.#set(new Map());
  }

  #set(approvals: Approvals): void {
    this.#store.set({ ...this.#store.get(), approvals });
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    this.#expiry = null;
    const atMs = nextExpiryMs(approvals);
    if (atMs === null) return;
    this.#expiry = setTimeout(
      () => this.#set(expire(this.#approvals, Date.now())),
      Math.min(Math.max(0, atMs - Date.now()), 2 ** 31 - 1),
    );
  }
}
