/**
 * A door in memory: the door protocol without network, gateway or timers, for tests of whatever uses a `Door`.
 *
 * It keeps the protocol's promises (docs/protocol.md) unless a fault is asked for by name.
 */

import type { DoorOptions } from "../api.js";
import { DoorError } from "../errors.js";
import { isRecord, text, textOrNull, type Frame, type GatewayState, type Principal } from "../frames.js";
import { inParts } from "../parts.js";
import { FakeSocket, type SocketServer } from "./fake-socket.js";
import { FakeStream } from "./fake-stream.js";
import { FakeTurn } from "./fake-turn.js";
import type { Fault } from "./faults.js";

/** Answers a method: the result is the payload, a thrown `DoorError` the error, a promise comes later. */
export type Answer = (params: unknown, request: Frame) => unknown;

/** State of the fake gateway; what is left out stays. */
export interface FakeGateway {
  readonly state?: GatewayState;
  readonly reason?: string;
  readonly retryInMs?: number;
  readonly version?: string;
  readonly protocol?: number;
  readonly methods?: readonly string[];
  readonly scopes?: readonly string[];
  readonly deviceId?: string;
}

/** Whose token it is; null: nobody's. */
export type SignIn = (token: string | null) => Partial<Principal> | null;

interface Client {
  readonly socket: FakeSocket;
  seat: string;
  seq: number;
}

const ADA: Principal = { member: "ada", owner: "ada", role: "admin", scopes: ["operator.admin"], expiresAtMs: null };

/** See `createFakeDoor`. */
export class FakeDoor implements SocketServer {
  /** What `createDoor` needs to reach this door; spread your own options after it. */
  readonly options: DoorOptions;
  /** Every socket ever opened, oldest first. */
  readonly sockets: FakeSocket[] = [];
  /** Every frame that was taken from clients, oldest first. */
  readonly taken: Frame[] = [];
  /** One per idempotency key, oldest first. */
  readonly chats: FakeTurn[] = [];
  /** Every token shown, at the upgrade or later; null: none. */
  readonly tokens: (string | null)[] = [];
  /** Policy of the next hello. */
  policy = { maxPayload: 26_214_400, pingIntervalMs: 30_000, rpcTimeoutMs: 30_000 };
  readonly #stream = new FakeStream();
  readonly #clients = new Map<FakeSocket, Client>();
  readonly #answers = new Map<string, Answer>();
  readonly #seatOfTurn = new Map<string, string>();
  /** Without `methods` it offers those that are answered. */
  #gateway: FakeGateway = {
    state: "ready",
    reason: "",
    version: "2026.9.6",
    protocol: 4,
    scopes: ADA.scopes,
  };
  #signIn: SignIn = () => ADA;
  #onChat: (turn: FakeTurn) => void = () => undefined;
  #fault: Fault | null = null;
  #parts = 0;

  constructor() {
    this.options = {
      url: "ws://door.test/ws",
      getToken: () => "token",
      environment: {
        openSocket: (url, protocols) => {
          const socket = new FakeSocket(url, protocols, this);
          this.sockets.push(socket);
          return socket;
        },
        fetch: (_address, init) => Promise.resolve(this.#ticket(new Headers(init?.headers))),
      },
    };
  }

  /** Sockets open at the moment. */
  get open(): number {
    return this.sockets.filter((socket) => socket.isOpen).length;
  }

  /** Requests that were taken, in order. */
  get requests(): readonly Frame[] {
    return this.taken.filter((frame) => frame.type === "req");
  }

  /** Whom to let in. */
  signIn(who: SignIn): this {
    this.#signIn = who;
    return this;
  }

  /** Answer a method. `door.gateway` and, unless told otherwise, nothing else is answered by itself. */
  on(method: string, answer: Answer): this {
    this.#answers.set(method, answer);
    return this;
  }

  /** Script every new turn as it comes. */
  onChat(script: (turn: FakeTurn) => void): this {
    this.#onChat = script;
    return this;
  }

  /** The turn with this id, or the newest. */
  chat(id?: string): FakeTurn {
    const turn = id === undefined ? this.chats.at(-1) : this.chats.find((each) => each.id === id);
    if (turn === undefined) throw new Error(`no such turn: ${id ?? "none has come"}`);
    return turn;
  }

  /** Change the gateway's state and tell all clients. */
  gateway(change: FakeGateway): this {
    this.#gateway = { ...this.#gateway, reason: "", ...change };
    const { state, reason, retryInMs } = this.#gateway;
    this.tell({ type: "status", state, reason, retryInMs });
    return this;
  }

  /** Push an event to all clients. */
  event(event: string, payload: unknown = {}): this {
    this.#push({ type: "event", event, payload }, null);
    return this;
  }

  /** Send any frame to all clients, outside the stream. */
  tell(frame: Frame): this {
    for (const client of this.#clients.values()) this.#send(client, frame);
    return this;
  }

  /** This client read too slowly: what it misses is gone. */
  resync(): this {
    return this.event("door.resync", { reason: "slow" });
  }

  /** Close every socket with this code. */
  drop(code = 1006, reason = ""): this {
    for (const { socket } of this.#clients.values()) socket.end(code, reason);
    return this;
  }

  /** Another door process: all sockets end (1012), nothing is remembered. */
  restart(retryInMs = 0): this {
    this.#stream.renew();
    return this.drop(1012, JSON.stringify({ retryInMs }));
  }

  /** Misbehave until `heal`, or once where the fault says "next". */
  fault(name: Fault): this {
    this.#fault = name;
    return this;
  }

  heal(): this {
    this.#fault = null;
    return this;
  }

  // sockets (SocketServer)

  opened(socket: FakeSocket): void {
    if (this.#fault === "refuse") return socket.end(1006, "");
    if (this.#fault === "freeze") return;
    socket.accept();
    if (this.#fault === "hang-in-handshake") return;
    const who = this.#admit(socket);
    if (who === null) {
      socket.deliver(JSON.stringify({ type: "error", code: "UNAUTHENTICATED", message: "This token is not valid." }));
      return socket.end(4001, "");
    }
    this.#welcome(socket, who);
    if (this.#fault === "flap") socket.end(1006, "");
  }

  received(socket: FakeSocket, message: string): void {
    const client = this.#clients.get(socket);
    if (client === undefined || this.#fault === "freeze") return;
    const frame: unknown = JSON.parse(message);
    if (!isRecord(frame) || typeof frame["type"] !== "string") return;
    const { type } = frame;
    const droppable = type === "req" || type === "agent_chat";
    if (droppable && this.#once("drop-before-take")) return socket.end(1006, "");
    const dropped = droppable && this.#once("drop-after-take");
    if (dropped) socket.end(1006, "");
    this.#take(client, { ...frame, type });
  }

  left(socket: FakeSocket): void {
    this.#clients.delete(socket);
  }

  // inside

  #take(client: Client, frame: Frame): void {
    this.taken.push(frame);
    switch (frame.type) {
      case "ping":
        return this.#send(client, { type: "pong" });
      case "auth": {
        const token = text(frame, "token");
        this.tokens.push(token);
        const who = this.#signIn(token);
        if (who === null) return client.socket.end(4001, "");
        return this.#send(client, { type: "auth", ok: true, expiresAtMs: who.expiresAtMs ?? undefined });
      }
      case "req":
        void this.#answer(client, frame);
        return;
      case "agent_chat":
        return this.#chat(client, frame);
      case "chat_abort":
        return this.#abort(frame);
      default:
        this.#send(client, { type: "error", message: `Unknown message type: ${frame.type}`, code: "INVALID_REQUEST" });
    }
  }

  async #answer(client: Client, { id, method, params, ...rest }: Frame): Promise<void> {
    if (this.#fault === "mute") return;
    try {
      const known = this.#answers.get(String(method));
      if (known === undefined && method !== "door.gateway") {
        throw new DoorError("UNKNOWN_METHOD", `Not a method that may be called through the door: ${String(method)}`);
      }
      const payload = known === undefined ? this.#offer() : await known(params, { id, method, params, ...rest });
      this.#send(client, { type: "res", id, ok: true, payload });
    } catch (thrown) {
      const error = thrown instanceof DoorError ? thrown : new DoorError("INTERNAL", String(thrown));
      const { code, message, details, retryable, retryAfterMs, mayHaveRun } = error;
      const fields = { code, message, details, retryable, retryAfterMs: retryAfterMs ?? undefined, mayHaveRun };
      this.#send(client, { type: "res", id, ok: false, error: fields });
    }
  }

  #offer(): FakeGateway {
    return { methods: [...this.#answers.keys()], ...this.#gateway };
  }

  #chat(client: Client, frame: Frame): void {
    const known = this.chats.find((each) => each.id === frame["id"]);
    if (known === undefined) {
      const turn = new FakeTurn(frame, (said, numbered) => this.#say(turn, said, numbered));
      this.chats.push(turn);
      this.#seatOfTurn.set(turn.id, client.seat);
      return this.#onChat(turn);
    }
    known.received += 1;
    const moved = this.#seatOfTurn.get(known.id) !== client.seat;
    this.#seatOfTurn.set(known.id, client.seat);
    known.heartbeat();
    if (!moved) return;
    const { runId } = known;
    for (const [run, so_far] of known.texts) known.run(run).replace(so_far);
    known.run(runId);
    if (known.ended) known.done();
  }

  #abort(frame: Frame): void {
    const runId = textOrNull(frame, "runId");
    const turn = this.chats.find(
      (each) => !each.ended && (runId === null || each.runId === runId || each.id === runId),
    );
    if (turn === undefined) {
      this.tell({ type: "error", code: "INVALID_REQUEST", message: "Nothing to abort.", runId: runId ?? undefined });
      return;
    }
    turn.aborts.push(turn.runId);
    turn.done({ aborted: true });
  }

  #say(turn: FakeTurn, frame: Frame, numbered: boolean): void {
    const seat = this.#seatOfTurn.get(turn.id) ?? null;
    if (numbered) return this.#push(frame, seat);
    for (const client of this.#clients.values()) if (client.seat === seat) this.#send(client, frame);
  }

  #push(frame: Frame, seat: string | null): void {
    const pushed = this.#stream.push(frame, seat);
    for (const client of this.#clients.values()) {
      if (seat === null || client.seat === seat) this.#deliver(client, pushed);
    }
  }

  #deliver(client: Client, pushed: Frame): void {
    client.seq += 1;
    if (!this.#once("lose-one")) this.#send(client, { ...pushed, seq: client.seq });
  }

  #send(client: Client, frame: Frame): void {
    if (this.#fault === "freeze") return;
    const message = JSON.stringify(frame);
    if (this.#fault !== "split") return client.socket.deliver(message);
    this.#parts += 1;
    for (const part of inParts(`p${this.#parts}`, message, 512)) client.socket.deliver(part);
  }

  #admit(socket: FakeSocket): Principal | null {
    const prefix = "vestibule.token.";
    const protocol = socket.protocols.find((each) => each.startsWith(prefix));
    const query = socket.url.searchParams;
    const token =
      protocol?.slice(prefix.length) ?? query.get("ticket")?.replace("ticket-for-", "") ?? query.get("token");
    this.tokens.push(token);
    const who = this.#signIn(token);
    return who === null ? null : { ...ADA, ...who };
  }

  #welcome(socket: FakeSocket, { expiresAtMs, ...principal }: Principal): void {
    const query = socket.url.searchParams;
    const epoch = query.get("epoch");
    const seat = epoch === null || this.#fault === "lose-tail" ? null : this.#stream.seatOf(epoch);
    const offset = seat === null ? this.#stream.offset : Number(query.get("offset"));
    const client: Client = { socket, seat: seat ?? this.#stream.seat(), seq: 0 };
    this.#clients.set(socket, client);
    const { state, reason, retryInMs, version, protocol } = this.#gateway;
    this.#send(client, {
      type: "hello",
      protocol: 1,
      connectionId: `c${this.sockets.length}`,
      principal: { ...principal, expiresAtMs: expiresAtMs ?? undefined },
      epoch: this.#stream.epochOf(client.seat),
      offset,
      recovered: seat !== null,
      gateway: { state, reason, retryInMs, version, protocol },
      policy: this.policy,
    });
    for (const missed of seat === null ? [] : this.#stream.since(offset, seat)) this.#deliver(client, missed);
  }

  #ticket(headers: Headers): Response {
    const token = headers.get("authorization")?.replace("Bearer ", "") ?? null;
    if (this.#signIn(token) === null) return Response.json({}, { status: 401 });
    return Response.json({ ticket: `ticket-for-${token ?? ""}`, expiresInMs: 30_000 });
  }

  #once(fault: Fault): boolean {
    const now = this.#fault === fault;
    if (now) this.#fault = null;
    return now;
  }
}
