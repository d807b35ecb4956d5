/**
 * The obvious relay in Node: `ws` on both sides, JSON in between, one upstream per user, ids rewritten.
 *
 *     node relay.js PORT ws://127.0.0.1:18789/node/
 */
import { WebSocket, WebSocketServer } from "ws";

const [port, gateway] = process.argv.slice(2);
const OPTIONS = { perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 };
const upstreams = new Map();

class Upstream {
  constructor(user) {
    this.tabs = new Set();
    this.pending = new Map();
    this.waiting = [];
    this.next = 1;
    this.ready = false;
    this.socket = new WebSocket(gateway + user, OPTIONS);
    this.socket.on("message", (data) => this.hear(JSON.parse(data)));
    this.socket.on("error", () => undefined);
    this.socket.on("close", () => this.end(user));
  }

  ask(tab, { id, method, params }) {
    const frame = { type: "req", id: String(this.next++), method, params };
    this.pending.set(frame.id, { tab, id });
    if (this.ready) this.socket.send(JSON.stringify(frame));
    else this.waiting.push(frame);
  }

  hear(frame) {
    if (frame.type === "res") this.answer(frame);
    else if (frame.event === "connect.challenge") this.greet();
    else for (const tab of this.tabs) tab.send(JSON.stringify(frame));
  }

  greet() {
    const client = { id: "gateway-client", version: "1", platform: "linux", mode: "backend" };
    const auth = { token: "token" };
    const params = { minProtocol: 3, maxProtocol: 4, role: "operator", scopes: ["operator.admin"], client, auth };
    this.socket.send(JSON.stringify({ type: "req", id: "0", method: "connect", params }));
  }

  answer(frame) {
    if (frame.id === "0") {
      this.ready = true;
      for (const each of this.waiting) this.socket.send(JSON.stringify(each));
      this.waiting = [];
      return;
    }
    const asked = this.pending.get(frame.id);
    if (asked === undefined) return;
    this.pending.delete(frame.id);
    asked.tab.send(JSON.stringify({ ...frame, id: asked.id }));
  }

  end(user) {
    if (upstreams.get(user) === this) upstreams.delete(user);
    for (const { tab, id } of this.pending.values()) {
      tab.send(JSON.stringify({ type: "res", id, ok: false, error: { message: "Gateway connection lost" } }));
    }
  }
}

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(port), path: "/ws", ...OPTIONS });
server.on("connection", (tab, request) => {
  const user = new URL(request.url, "http://localhost").searchParams.get("token");
  if (!upstreams.has(user)) upstreams.set(user, new Upstream(user));
  const upstream = upstreams.get(user);
  upstream.tabs.add(tab);
  tab.on("message", (data) => upstream.ask(tab, JSON.parse(data)));
  tab.on("close", () => upstream.tabs.delete(tab));
  tab.on("error", () => undefined);
});
