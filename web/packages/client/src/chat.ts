/**
 * The turns of one client: sends each message exactly once (C7), follows its runs, and keeps them above any view (W9).
 *
 * What a frame does to a turn is `reduceTurn`'s business; what a socket is, the door's.
 */

import type { AbortTarget, ChatSnapshot, DoorChat, Environment, Timings, Unsubscribe } from "./api.js";
import type { ClientErrorCode } from "./errors.js";
import type { ChatFrame } from "./frames.js";
import { Handlers } from "./handlers.js";
import type { SavedTurn } from "./memory.js";
import { isOver, missedSome, newTurn, reduceTurn, type ChatMessage, type Turn } from "./turn.js";

/** Turns kept; the oldest that are over give way. */
const MAX_TURNS = 500;
/** Messages that may wait for a connection; one more fails at once. */
const MAX_QUEUED = 256;
/** How often silence is counted. */
const SWEEP_MS = 5_000;

/** What became of a frame. */
export type Said = "sent" | "offline" | "too-large";

/** What the chat asks of its door. */
export interface ChatDoor {
  /** Send a frame, if there is a socket and the door takes its size. */
  say(frame: object): Said;
  /** Offset of the newest frame. */
  offset(): number;
  /** Something worth keeping over a reload has changed. */
  touched(): void;
}

/** What is known of a turn beside what people see. */
interface Watch {
  /** Where the stream was before the first frame of this turn. */
  readonly fromOffset: number;
  /** Sweeps in a row, while connected, in which nothing was heard. A sleeping laptop does not count. */
  silentSweeps: number;
}

/** Implements `DoorChat`. */
export class Chat implements DoorChat {
  readonly #turns = new Map<string, Turn>();
  readonly #watches = new Map<string, Watch>();
  readonly #turnOfRun = new Map<string, string>();
  #snapshot: ChatSnapshot = { turns: [] };
  #fresh = true;
  #connected = false;
  #cancelTell: (() => void) | null = null;
  #cancelSweep: (() => void) | null = null;
  readonly #listeners: Handlers<[]>;
  readonly #frames: Handlers<[ChatFrame, Turn]>;
  readonly #door: ChatDoor;
  readonly #environment: Environment;
  readonly #timings: Timings;

  constructor(door: ChatDoor, environment: Environment, timings: Timings) {
    this.#door = door;
    this.#environment = environment;
    this.#timings = timings;
    this.#listeners = new Handlers(environment.report);
    this.#frames = new Handlers(environment.report);
  }

  // for the application

  readonly send = (message: ChatMessage): string => {
    const id = message.id ?? this.#environment.randomUUID();
    const known = this.#turns.get(id);
    if (known !== undefined && known.state.at !== "failed") return id;
    if (this.#queued().length >= MAX_QUEUED) {
      this.#set(failed(newTurn(id, message, this.#environment.now()), "QUEUE_FULL", "Too many messages wait already."));
      return id;
    }
    if (known !== undefined) this.#drop(known); // tried again, it is the newest
    this.#set(newTurn(id, message, this.#environment.now()));
    this.#flush();
    return id;
  };

  readonly abort = (target: AbortTarget): void => {
    if ("agent" in target) {
      const { agent, sessionKey } = target;
      this.#door.say({ type: "chat_abort", agent_name: agent, sessionKey });
      return;
    }
    const turnId = "turnId" in target ? target.turnId : this.#turnOfRun.get(target.runId);
    const turn = turnId === undefined ? undefined : this.#turns.get(turnId);
    if (turn === undefined) {
      if ("runId" in target) this.#door.say({ type: "chat_abort", runId: target.runId });
    } else if (turn.state.at === "queued") {
      this.#set({ ...turn, state: { at: "aborted" } });
    } else if (!isOver(turn)) {
      this.#set({ ...turn, stopping: true });
      this.#sayAbort(turn);
    }
  };

  readonly forget = (which?: { readonly turnId: string } | { readonly agent: string }): void => {
    for (const turn of [...this.#turns.values()]) {
      const meant =
        which === undefined || ("turnId" in which ? turn.id === which.turnId : turn.message.agent === which.agent);
      if (meant && isOver(turn)) this.#drop(turn);
    }
    this.#tell();
  };

  readonly snapshot = (): ChatSnapshot => {
    if (!this.#fresh) {
      this.#fresh = true;
      this.#snapshot = { turns: [...this.#turns.values()] };
    }
    return this.#snapshot;
  };

  readonly subscribe = (listener: () => void): Unsubscribe => this.#listeners.add(listener);

  readonly onFrame = (handler: (frame: ChatFrame, turn: Turn) => void): Unsubscribe => this.#frames.add(handler);

  // for the door

  /** A socket is open. `goesOn`: every frame that was missed follows. */
  opened(goesOn: boolean): void {
    this.#connected = true;
    const sent = this.#open();
    // Not heard of, a message may never have arrived; not recovered, its frames have to be told again. Its id makes
    // sending it again safe.
    const again = goesOn ? sent.filter((turn) => turn.state.at === "sent") : sent;
    if (!goesOn) for (const turn of sent) this.#beginAnew(turn);
    for (const turn of again) this.#sayMessage(turn);
    for (const turn of sent) {
      this.#watch(turn.id).silentSweeps = 0;
      if (turn.stopping) this.#sayAbort(turn);
    }
    this.#flush();
  }

  /** The socket is gone. */
  lost(): void {
    this.#connected = false;
  }

  /** Frames are missing on a live socket: sent again, a message makes the door look after its run. */
  missed(): void {
    const open = this.#open();
    for (const turn of open) this.#set(missedSome(turn, false));
    for (const turn of open) this.#sayMessage(turn);
  }

  /** Take a chat frame. Whether it belongs to a turn of this client. */
  receive(frame: ChatFrame): boolean {
    const turnId = frame.id ?? this.#turnOfRun.get(frame.runId);
    const turn = turnId === undefined ? undefined : this.#turns.get(turnId);
    if (turn === undefined) return false;
    if (isOver(turn)) return true;
    this.#watch(turn.id).silentSweeps = 0;
    if (frame.type === "error" && frame.code === "RESTARTING" && !frame.mayHaveRun && turn.runs.length === 0) {
      this.#set({ ...turn, state: { at: "queued" } }); // the door goes down, and comes back
      return true;
    }
    if (frame.runId !== "") this.#turnOfRun.set(frame.runId, turn.id);
    const after = reduceTurn(turn, frame);
    const paced = frame.type === "chunk" || frame.type === "thinking";
    this.#set(after, paced);
    this.#frames.tell(frame, after);
    return true;
  }

  /** Whether an error with this id is about a turn. */
  knows(id: string | null): boolean {
    return id !== null && this.#turns.has(id);
  }

  /** The gateway did not stop a run: it goes on. */
  abortFailed(runId: string): void {
    const turn = this.#turns.get(this.#turnOfRun.get(runId) ?? runId);
    if (turn?.stopping === true) this.#set({ ...turn, stopping: false });
  }

  /** Somebody else is signed in: none of this is theirs. */
  reset(): void {
    for (const turn of [...this.#turns.values()]) this.#drop(turn);
    this.#tell();
  }

  /** Take over what an earlier page left open. */
  restore(turns: readonly SavedTurn[], fromOffset: number): void {
    for (const { id, message, sent, saidAtMs } of turns) {
      const turn = newTurn(id, message, saidAtMs);
      this.#watches.set(id, { fromOffset, silentSweeps: 0 });
      this.#set(sent ? { ...turn, state: { at: "sent" } } : turn);
    }
  }

  /** What the next page needs; attachments of what was sent already are with the gateway. */
  saved(): SavedTurn[] {
    return [...this.#turns.values()].flatMap((turn) => {
      if (isOver(turn)) return [];
      const sent = turn.state.at !== "queued";
      const { attachments, ...message } = turn.message;
      const kept = sent || attachments === undefined ? message : { ...message, attachments };
      return [{ id: turn.id, message: kept, sent, saidAtMs: turn.saidAtMs }];
    });
  }

  /** The offset from which all frames of the open turns come; null without any. */
  checkpoint(): number | null {
    const offsets = this.#open().map((turn) => this.#watch(turn.id).fromOffset);
    return offsets.length === 0 ? null : Math.min(...offsets);
  }

  // inside

  #queued(): Turn[] {
    return [...this.#turns.values()].filter((turn) => turn.state.at === "queued");
  }

  #open(): Turn[] {
    return [...this.#turns.values()].filter((turn) => turn.state.at === "sent" || turn.state.at === "running");
  }

  #flush(): void {
    if (!this.#connected) return this.#sweepLater();
    for (const turn of this.#queued()) {
      if (this.#tooOld(turn)) this.#fail(turn, "OFFLINE", "Not connected: the message was not sent.");
      else if (this.#sayMessage(turn) === "sent") this.#set({ ...turn, state: { at: "sent" } });
      else this.#fail(turn, "TOO_LARGE", "The message is larger than the door takes.");
    }
    this.#sweepLater();
  }

  /** Another stream: positions in the old one say nothing any more. */
  #beginAnew(turn: Turn): void {
    this.#watches.delete(turn.id);
    this.#set(missedSome(turn, true));
  }

  #sayMessage(turn: Turn): Said {
    const { agent, text, sessionKey, attachments } = turn.message;
    this.#watch(turn.id); // notes where the stream is before the answer begins
    return this.#door.say({
      type: "agent_chat",
      id: turn.id,
      agent_name: agent,
      message: text,
      sessionKey,
      attachments,
    });
  }

  #sayAbort(turn: Turn): void {
    const running = turn.runs.filter((run) => run.state.at === "running").map((run) => run.id);
    const sessionKey = turn.sessionKey ?? undefined;
    // The door calls the first run of a turn by the id of its message.
    for (const runId of running.length > 0 ? running : [turn.id]) {
      this.#door.say({ type: "chat_abort", runId, agent_name: turn.message.agent, sessionKey });
    }
  }

  #watch(turnId: string): Watch {
    const known = this.#watches.get(turnId);
    if (known !== undefined) return known;
    const watch = { fromOffset: this.#door.offset(), silentSweeps: 0 };
    this.#watches.set(turnId, watch);
    return watch;
  }

  /** Nobody watches a spinner for ever (C6, C7). */
  #sweepLater(): void {
    const busy = this.#queued().length > 0 || (this.#connected && this.#open().length > 0);
    if (busy) this.#cancelSweep ??= this.#environment.after(SWEEP_MS, () => this.#sweep());
  }

  #sweep(): void {
    this.#cancelSweep = null;
    for (const turn of this.#queued()) {
      if (this.#tooOld(turn)) this.#fail(turn, "OFFLINE", "Not connected: the message was not sent.");
    }
    if (this.#connected) {
      for (const turn of this.#open()) {
        const watch = this.#watch(turn.id);
        watch.silentSweeps += 1;
        if (watch.silentSweeps * SWEEP_MS < this.#timings.turnSilenceMs) continue;
        this.#fail(turn, "SILENT", "Nothing was heard of this answer for too long. Reload the conversation.");
      }
    }
    this.#sweepLater();
  }

  #tooOld(turn: Turn): boolean {
    return this.#environment.now() - turn.saidAtMs > this.#timings.unsentTimeoutMs;
  }

  #fail(turn: Turn, code: ClientErrorCode, message: string): void {
    this.#set(failed(turn, code, message));
  }

  #set(turn: Turn, paced = false): void {
    this.#turns.set(turn.id, turn);
    if (this.#turns.size > MAX_TURNS) {
      const oldest = [...this.#turns.values()].find(isOver);
      if (oldest !== undefined) this.#drop(oldest);
    }
    this.#door.touched();
    this.#tell(paced);
  }

  #drop(turn: Turn): void {
    this.#turns.delete(turn.id);
    this.#watches.delete(turn.id);
    for (const run of turn.runs) this.#turnOfRun.delete(run.id);
  }

  #tell(paced = false): void {
    this.#fresh = false;
    if (paced) {
      this.#cancelTell ??= this.#environment.after(this.#timings.chatPaceMs, () => this.#tell());
      return;
    }
    this.#cancelTell?.();
    this.#cancelTell = null;
    this.#listeners.tell();
  }
}

function failed(turn: Turn, code: ClientErrorCode, message: string): Turn {
  const mayHaveRun = turn.state.at !== "queued";
  return { ...turn, state: { at: "failed", code, message, mayHaveRun }, stopping: false };
}
