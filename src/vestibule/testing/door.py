"""A scripted door: the door protocol on a real socket without gateways, for tests of clients.

    async with FakeDoor() as fake:
        fake.answer("health", {"ok": True})
        async with vestibule.connect(fake.url, fake.token) as door:
            assert await door.call("health") == {"ok": True}
            fake.drop()                          # the socket dies; the client comes back
            fake.emit("cron", {"jobId": "1"})    # and hears what it missed
            assert await door.chat("main", "hi").text() == "You said: hi"

Keeps promises the way the real door does: one answer per request, `seq` from 1 per socket, `offset` in the
stream, recovery from the tail. It knows one member, and judges nothing but the token.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from vestibule.tasks import Tasks

if TYPE_CHECKING:
    from types import TracebackType

    from websockets.datastructures import Headers
    from websockets.http11 import Request, Response

Frame = dict[str, Any]
SUBPROTOCOL = Subprotocol("vestibule.v1")
_TOKEN_SUBPROTOCOL = "vestibule.token."


class Refuse(Exception):
    """Raise it in an answer: the call is answered with this error."""

    def __init__(self, code: str, message: str, **more: Any) -> None:
        self.error = {"code": code, "message": message, **more}
        super().__init__(message)


class Silence:
    """As an answer: none ever comes."""


Answer = Any | Callable[[Any], Any] | Silence
Script = Callable[["FakeTurn"], Awaitable[None]]


class FakeTurn:
    """One `agent_chat`, for the script that plays the agent."""

    def __init__(self, door: FakeDoor, frame: Frame) -> None:
        self.message: str = frame["message"]
        self.id: str = frame.get("id", "")
        self.run_id = self.id
        """The run that frames are said to belong to; a script may change it: one turn, several runs."""
        self.aborted = asyncio.Event()
        self.text = ""
        self._door = door
        self._agent = frame["agent_name"]
        self._session_key = frame.get("sessionKey") or f"agent:{self._agent}:main"

    def push(self, type: str, **fields: Any) -> None:
        """Any chat frame of this turn, as part of the stream."""
        self._door.push({"type": type, **fields, **self._address()})

    def chunk(self, content: str) -> None:
        """A piece of the answer."""
        self.text += content
        self.push("chunk", content=content)

    def done(self, *, turn_ended: bool = True, **fields: Any) -> None:
        """The end of the run."""
        self.push("done", turnEnded=turn_ended, **fields)

    def error(self, message: str, code: str = "RUN_FAILED", **fields: Any) -> None:
        """The run's failure."""
        self.push("error", message=message, code=code, turnEnded=True, **fields)

    def heartbeat(self) -> None:
        """A sign of life outside the stream."""
        self._door.tell({"type": "heartbeat", **self._address()})

    def _address(self) -> Frame:
        return {"runId": self.run_id, "id": self.id, "agent": self._agent, "sessionKey": self._session_key}


async def echo(turn: FakeTurn) -> None:
    """The script chats follow unless another is given: says the message back, word by word."""
    for word in ("You", " said: ", turn.message):
        turn.chunk(word)
    turn.done()


class FakeDoor:
    """A door on a free port of 127.0.0.1."""

    def __init__(
        self,
        *,
        token: str = "fake-token",
        member: str = "ada",
        ping_interval_s: float = 30.0,
        max_payload_bytes: int = 25 * 1024 * 1024,
    ) -> None:
        self.token = token
        """What a client must present; change it, and new sockets need the new one."""
        self.member = member
        self.role = "admin"
        self.ping_interval_s = ping_interval_s
        self.max_payload_bytes = max_payload_bytes
        self.expires_at: float | None = None
        self.received: list[Frame] = []
        """Every frame of every client, in order."""
        self.handshakes: list[Headers] = []
        """Headers of every upgrade, refused ones included."""
        self.resumes: list[tuple[str, int] | None] = []
        """Where each accepted client asked to go on."""
        self.script: Script = echo
        """Plays the agent."""
        self.gateway: Frame = {"state": "ready", "reason": "", "version": "2026.9.6", "protocol": 4}
        self._answers: dict[str, Answer] = {
            "health": {"ok": True},
            "door.gateway": lambda _: {**self.gateway, "methods": sorted(self._answers), "scopes": [], "policy": {}},
        }
        self._refusals: list[int] = []
        self._epochs = 0
        self._epoch = "epoch-0"
        self._offset = 0
        self._tail: list[Frame] = []
        self._clients: dict[ServerConnection, asyncio.Queue[Frame]] = {}
        self._turns: dict[str, FakeTurn] = {}
        self._changed = asyncio.Condition()
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._failures: list[BaseException] = []
        self._tasks = Tasks(lambda _name, error: self._failures.append(error))
        self._server: Server | None = None
        self._port = 0

    # life

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        await self._tasks.cancel_all()
        if error is None and self._failures:
            raise self._failures[0]

    async def start(self) -> None:
        """Listen: the first time on a free port, after `stop` on the same one again."""
        self._server = await serve(
            self._client,
            "127.0.0.1",
            self._port,
            process_request=self._upgrade,
            select_subprotocol=lambda _connection, offered: SUBPROTOCOL if SUBPROTOCOL in offered else None,
            compression=None,
            ping_interval=None,
            close_timeout=1,
            max_size=None,
        )
        self._port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and drop everybody."""
        if self._server is not None:
            self.thaw()
            self.drop()
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"ws://127.0.0.1:{self._port}/ws"

    # what it does

    def answer(self, method: str, answer: Answer) -> None:
        """How calls of a method are answered: a payload, a function of params (may be async, may raise `Refuse`),
        or `Silence()`. `agent` is first answered as accepted, then with this."""
        self._answers[method] = answer

    def refuse(self, code: int, *, times: int = 1) -> None:
        """Refuse the next sockets: an HTTP status, or a WebSocket close code (4001, 1013, ...)."""
        self._refusals.extend([code] * times)

    def emit(self, event: str, payload: Any = None) -> None:
        """An event of the gateway, as part of the stream."""
        self.push({"type": "event", "event": event, "payload": payload})

    def push(self, frame: Frame) -> None:
        """Any frame as part of the stream: it is numbered, kept for who comes back, and sent to all clients."""
        self._offset += 1
        pushed = {**frame, "offset": self._offset}
        self._tail.append(pushed)
        for outgoing in self._clients.values():
            outgoing.put_nowait(pushed)

    def tell(self, frame: Frame) -> None:
        """Any frame outside the stream, to all clients."""
        for outgoing in self._clients.values():
            outgoing.put_nowait({**frame, "seq": None})

    async def send_raw(self, data: str | bytes) -> None:
        """Any message, frame or not, to all clients."""
        for connection in list(self._clients):
            await connection.send(data)

    def drop(self) -> None:
        """Every socket dies without a word."""
        for connection in list(self._clients):
            connection.transport.abort()
        self._clients.clear()

    async def close(self, code: int, reason: str = "") -> None:
        """Every socket is closed with this code."""
        closing, self._clients = list(self._clients), {}
        await asyncio.gather(*(connection.close(code, reason) for connection in closing))

    def forget(self, *, turns: bool = False) -> None:
        """Lose the stream: nobody who comes back can be given what it missed.

        With `turns`, chats too, as a restart does: the same message is then told from the start again.
        """
        self._epochs += 1
        self._epoch, self._offset, self._tail = f"epoch-{self._epochs}", 0, []
        if turns:
            self._turns.clear()

    def freeze(self) -> None:
        """Keep TCP up and do nothing any more."""
        self._thawed.clear()

    def thaw(self) -> None:
        """Go on after `freeze`."""
        self._thawed.set()

    # what it saw

    @property
    def connections(self) -> int:
        """Sockets open at the moment."""
        return len(self._clients)

    def frames(self, type: str) -> list[Frame]:
        """Frames of a type received so far."""
        return [frame for frame in self.received if frame.get("type") == type]

    async def wait_until(self, condition: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
        """Wait for something to be true that changes with frames or connections."""
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(condition)

    # inside

    async def _upgrade(self, connection: ServerConnection, request: Request) -> Response | None:
        self.handshakes.append(request.headers)
        if self._refusals and self._refusals[0] < 1000:
            return connection.respond(HTTPStatus(self._refusals.pop(0)), "refused\n")
        return None

    async def _client(self, connection: ServerConnection) -> None:
        await self._thawed.wait()
        refused_with = self._refusals.pop(0) if self._refusals else 0
        if not refused_with and self._token_of(connection) != self.token:
            refused_with = 4001
        if refused_with:
            code = "UNAUTHENTICATED" if refused_with == 4001 else "REFUSED"
            with contextlib.suppress(ConnectionClosed):
                await connection.send(json.dumps({"type": "error", "message": "Not signed in.", "code": code}))
            await connection.close(refused_with, "refused")
            await self._notify()
            return
        outgoing: asyncio.Queue[Frame] = asyncio.Queue()
        self._greet(connection, outgoing)
        self._clients[connection] = outgoing
        await self._notify()
        try:
            async with asyncio.TaskGroup() as own:
                writer = own.create_task(self._write(connection, outgoing))
                async for frame in _frames(connection):
                    await self._thawed.wait()
                    self.received.append(frame)
                    self._receive(frame, outgoing)
                    await self._notify()
                writer.cancel()
        finally:
            self._clients.pop(connection, None)
            await self._notify()

    async def _write(self, connection: ServerConnection, outgoing: asyncio.Queue[Frame]) -> None:
        seq = 0
        with contextlib.suppress(ConnectionClosed):
            while True:
                frame = await outgoing.get()
                await self._thawed.wait()
                if "offset" in frame and frame["type"] != "hello":
                    seq += 1
                    frame = {**frame, "seq": seq}
                await connection.send(json.dumps({name: value for name, value in frame.items() if value is not None}))

    def _greet(self, connection: ServerConnection, outgoing: asyncio.Queue[Frame]) -> None:
        query = parse_qs(urlsplit(connection.request.path if connection.request else "").query)
        resume = (query["epoch"][0], int(query["offset"][0])) if "epoch" in query and "offset" in query else None
        self.resumes.append(resume)
        recovered = resume is not None and resume[0] == self._epoch and resume[1] <= self._offset
        start = resume[1] if resume is not None and recovered else self._offset
        principal = {"member": self.member, "owner": self.member, "role": self.role, "scopes": ["operator.admin"]}
        outgoing.put_nowait(
            {
                "type": "hello",
                "protocol": 1,
                "connectionId": f"connection-{len(self.resumes)}",
                "principal": principal | ({"expiresAtMs": self.expires_at * 1000} if self.expires_at else {}),
                "epoch": self._epoch,
                "offset": start,
                "recovered": recovered,
                "gateway": self.gateway,
                "policy": {
                    "maxPayload": self.max_payload_bytes,
                    "pingIntervalMs": round(self.ping_interval_s * 1000),
                    "rpcTimeoutMs": 30_000,
                },
            }
        )
        for pushed in self._tail:
            if recovered and pushed["offset"] > start:
                outgoing.put_nowait(pushed)

    def _receive(self, frame: Frame, outgoing: asyncio.Queue[Frame]) -> None:
        match frame.get("type"):
            case "ping":
                outgoing.put_nowait({"type": "pong"})
            case "req":
                self._tasks.spawn(self._answer(frame, outgoing), name="fake-door:answer")
            case "agent_chat":
                self._chat(frame)
            case "chat_abort":
                for turn in self._turns.values():
                    if frame.get("runId") in (None, turn.id, turn.run_id):
                        turn.aborted.set()
            case "auth":
                expires = {"expiresAtMs": int(self.expires_at * 1_000)} if self.expires_at else {}
                outgoing.put_nowait({"type": "auth", "ok": True, **expires})
            case unknown:
                message = f"Unknown message type: {unknown}"
                outgoing.put_nowait({"type": "error", "message": message, "code": "INVALID_REQUEST"})

    def _chat(self, frame: Frame) -> None:
        """The same id again joins the turn that it began; it never begins another."""
        turn = self._turns.get(frame.get("id", ""))
        if turn is not None:
            turn.push("chunk", content=turn.text, replace=True)
            return
        turn = FakeTurn(self, frame)
        self._turns[turn.id] = turn
        self._tasks.spawn(self._play(turn), name="fake-door:turn")

    async def _play(self, turn: FakeTurn) -> None:
        await self.script(turn)
        await self._notify()

    async def _answer(self, frame: Frame, outgoing: asyncio.Queue[Frame]) -> None:
        answer = self._answers.get(frame["method"], _unknown)
        response: Frame = {"type": "res", "id": frame["id"], "ok": True}
        if frame["method"] == "agent":
            outgoing.put_nowait({**response, "payload": {"runId": "run-1", "status": "accepted"}})
        try:
            payload = answer(frame.get("params")) if callable(answer) else answer
            if inspect.isawaitable(payload):
                payload = await payload
        except Refuse as refusal:
            response |= {"ok": False, "error": refusal.error}
        else:
            if isinstance(payload, Silence):
                return
            response["payload"] = payload
        outgoing.put_nowait(response)

    def _token_of(self, connection: ServerConnection) -> str | None:
        assert connection.request is not None
        headers = connection.request.headers
        if (header := headers.get("Authorization", "")).startswith("Bearer "):
            return header.removeprefix("Bearer ")
        for offered in headers.get("Sec-WebSocket-Protocol", "").split(","):
            if offered.strip().startswith(_TOKEN_SUBPROTOCOL):
                return offered.strip().removeprefix(_TOKEN_SUBPROTOCOL)
        return parse_qs(urlsplit(connection.request.path).query).get("token", [None])[0]

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _unknown(_params: Any) -> Any:
    raise Refuse("UNKNOWN_METHOD", "Unknown method.")


async def _frames(connection: ServerConnection) -> AsyncIterator[Frame]:
    with contextlib.suppress(ConnectionClosed):
        async for message in connection:
            yield json.loads(message)
