// The page at "/": shows the door and the gateway behind it, and lets one say hello.
// The token comes in the fragment, which no server and no log ever sees, and stays in this tab.

const at = (id) => document.getElementById(id);
const fragment = new URLSearchParams(location.hash.slice(1));
if (fragment.has("token")) {
  sessionStorage.setItem("vestibule.token", fragment.get("token"));
  history.replaceState(null, "", location.pathname);
}
const token = sessionStorage.getItem("vestibule.token");
const FINAL = (code) => code === 4001 || code === 4003 || (code >= 4500 && code <= 4999);

let socket;
let resume = "";
let attempt = 0;

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/ws${resume}`, ["vestibule.v1", `vestibule.token.${token}`]);
  socket.onmessage = ({ data }) => receive(JSON.parse(data));
  socket.onclose = ({ code, reason }) => {
    at("text").disabled = true;
    if (FINAL(code)) {
      at("door").textContent = `sign in again: open a fresh link (${reason || code})`;
      sessionStorage.removeItem("vestibule.token");
      return;
    }
    at("door").textContent = "connection lost, coming back…";
    attempt += 1;
    setTimeout(connect, 500 + Math.random() * Math.min(30_000, 500 * 2 ** attempt));
  };
}

function receive(frame) {
  if (Number.isInteger(frame.offset) && frame.epoch) resume = position(frame.epoch, frame.offset);
  else if (Number.isInteger(frame.offset) && resume) resume = position(epoch(), frame.offset);
  switch (frame.type) {
    case "hello":
      attempt = 0;
      at("door").textContent = `connected (door protocol ${frame.protocol})`;
      at("who").textContent = `${frame.principal.member}, ${frame.principal.role} of ${frame.principal.owner || "no gateway"}`;
      at("chat").hidden = false;
      at("text").disabled = false;
      showGateway(frame.gateway);
      break;
    case "status":
      showGateway(frame);
      if (frame.state === "ready") socket.send(JSON.stringify({ type: "req", id: "gateway", method: "door.gateway" }));
      break;
    case "res":
      if (frame.id === "gateway" && frame.ok) showGateway(frame.payload);
      break;
    case "chunk":
      say(frame.content, "", frame.replace);
      break;
    case "tool_start":
      say(`\n[${frame.tool}] `, "aside");
      break;
    case "done":
      say("\n");
      break;
    case "error":
      say(`\n${frame.message}\n`, "aside");
      break;
  }
}

const position = (epoch, offset) => `?epoch=${encodeURIComponent(epoch)}&offset=${offset}`;
const epoch = () => new URLSearchParams(resume).get("epoch");

function showGateway({ state, reason, version, protocol }) {
  const what = version ? ` · OpenClaw ${version}, wire ${protocol}` : "";
  at("gateway").textContent = `${state}${reason ? `: ${reason}` : ""}${what}`;
}

function say(text, kind = "", replace = false) {
  const log = at("answer");
  if (replace) while (log.lastChild && !log.lastChild.className) log.lastChild.remove();
  const piece = document.createElement("span");
  piece.className = kind;
  piece.textContent = text;
  log.append(piece);
  log.scrollTop = log.scrollHeight;
}

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = at("text").value.trim();
  if (!text || socket.readyState !== WebSocket.OPEN) return;
  say(`${text}\n`, "you");
  socket.send(JSON.stringify({ type: "agent_chat", agent_name: "main", message: text, id: crypto.randomUUID() }));
  at("text").value = "";
});

if (token) connect();
