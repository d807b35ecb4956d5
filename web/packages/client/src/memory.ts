/**
 * What a page leaves behind for the next one after a reload: its place in the stream, and its open turns.
 *
 * Written rarely, since storage is slow, and when the page goes away. A storage that is full or forbidden is done without.
 */

import type { DoorStorage, Environment } from "./api.js";
import { isRecord, numberOrNull, text, textOrNull } from "./frames.js";
import type { Place } from "./position.js";
import type { ChatMessage } from "./turn.js";

/** A turn that was open. */
export interface SavedTurn {
  readonly id: string;
  readonly message: ChatMessage;
  readonly sent: boolean;
  readonly saidAtMs: number;
}

/** Everything that is kept. */
export interface Saved {
  /** Whose it is: nobody else's message may be sent in somebody's name. */
  readonly who: string;
  /** Before the first frame of the oldest open turn, so that all of it is told again. */
  readonly place: Place;
  readonly turns: readonly SavedTurn[];
}

/** Between two writes. */
const PACE_MS = 1_000;

/** One storage, one key. */
export class Memory {
  readonly #storage: DoorStorage | null;
  readonly #key: string;
  readonly #environment: Environment;
  readonly #read: () => Saved | null;
  #cancel: (() => void) | null = null;

  /** `read` gives what is worth keeping at the moment of writing. */
  constructor(storage: DoorStorage | null, address: string, environment: Environment, read: () => Saved | null) {
    this.#storage = storage;
    this.#key = `vestibule:${address}`;
    this.#environment = environment;
    this.#read = read;
  }

  /** What the page before this one left; null for nothing, or nothing readable. */
  load(): Saved | null {
    try {
      return readSaved(JSON.parse(this.#storage?.getItem(this.#key) ?? "null"));
    } catch {
      return null;
    }
  }

  /** Something has changed. */
  touch(): void {
    if (this.#storage !== null) this.#cancel ??= this.#environment.after(PACE_MS, this.write);
  }

  /** Write at once. */
  readonly write = (): void => {
    this.#cancel?.();
    this.#cancel = null;
    const saved = this.#read();
    if (this.#storage === null || saved === null) return;
    try {
      this.#storage.setItem(this.#key, JSON.stringify(saved));
    } catch {
      // Better nothing than something old.
      this.#storage.removeItem(this.#key);
    }
  };
}

function readSaved(value: unknown): Saved | null {
  const place = isRecord(value) ? value["place"] : null;
  const turns = isRecord(value) ? value["turns"] : null;
  const epoch = textOrNull(place, "epoch");
  const offset = numberOrNull(place, "offset");
  if (epoch === null || offset === null || !Array.isArray(turns)) return null;
  return { who: text(value, "who"), place: { epoch, offset }, turns: turns.flatMap((turn) => readTurn(turn) ?? []) };
}

function readTurn(value: unknown): SavedTurn | null {
  if (!isRecord(value) || !isRecord(value["message"])) return null;
  const { message } = value;
  const id = textOrNull(value, "id");
  const agent = textOrNull(message, "agent");
  const sessionKey = textOrNull(message, "sessionKey");
  const attachments = message["attachments"];
  if (id === null || agent === null) return null;
  return {
    id,
    message: {
      agent,
      text: text(message, "text"),
      ...(sessionKey === null ? {} : { sessionKey }),
      ...(Array.isArray(attachments) ? { attachments: attachments.filter(isRecord) } : {}),
    },
    sent: value["sent"] === true,
    saidAtMs: numberOrNull(value, "saidAtMs") ?? 0,
  };
}
