"""The whole road in one process: a replica, a simulated gateway per owner, clients on real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import socket
from typing import TYPE_CHECKING, Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from support.waiting import PATIENCE_S
from vestibule.app import Replica
from vestibule.client import Door
from vestibule.client.backoff import Backoff
from vestibule.model import Member, Role, Route, Secret
from vestibule.settings import Settings
from vestibule.tasks import Tasks
from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from vestibule.launchers.port import Launcher

Frame = dict[str, Any]

QUICK: dict[str, Any] = {
    "port": 0,
    "reconnect_base_s": 0.01,
    "reconnect_cap_s": 0.05,
    "auth_check_interval_s": 0.05,
    "shutdown_timeout_s": 5.0,
    "rpc_timeout_s": 10.0,
}


class Tab:
    """A client by the `websockets` library: what it sent and heard, to the byte."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.raw: list[str] = []
        """Every message, as it came."""
        self.frames: list[Frame] = []
        self.code: int | None = None
        """Of the close, once it is closed."""
        self.reason = ""
        self.patience_s = PATIENCE_S
        self._ids = itertools.count(1)
        self._tasks = Tasks(self._failed)
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    def read(self) -> None:
        """Begin to read; a client that does not is a slow one."""
        if self._reading is None:
            self._reading = self._tasks.spawn(self._read(), name="tab:read")

    async def _read(self) -> None:
        try:
            async for message in self.socket:
                assert isinstance(message, str), "the door speaks text"
                self.raw.append(message)
                self.frames.append(json.loads(message))
                self._tell()
        except ConnectionClosed:
            pass
        self.code, self.reason = self.socket.close_code, self.socket.close_reason or ""
        self._tell()

    @staticmethod
    def _failed(name: str, error: BaseException) -> None:
        raise AssertionError(name) from error

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    @property
    def hello(self) -> Frame:
        """The newest one."""
        return next(frame for frame in reversed(self.frames) if frame["type"] == "hello")

    @property
    def client_id(self) -> str:
        """How the door's log names it: the last part of its epoch."""
        return str(self.hello["epoch"].rpartition(".")[2])

    @property
    def gateway(self) -> str:
        """State of its gateway as last heard."""
        states = [frame.get("gateway", frame)["state"] for frame in self.frames if frame["type"] in ("hello", "status")]
        return str(states[-1])

    @property
    def position(self) -> Frame:
        """What to show to come back: `epoch` and the last `offset`, of `hello` if nothing was pushed yet."""
        offsets = [frame["offset"] for frame in self.frames if "offset" in frame]
        return {"epoch": self.hello["epoch"], "offset": offsets[-1]}

    @property
    def pushed(self) -> list[Frame]:
        """The frames of the stream."""
        return [frame for frame in self.frames if "seq" in frame]

    def of(self, kind: str) -> list[Frame]:
        """Frames of a type."""
        return [frame for frame in self.frames if frame["type"] == kind]

    def events(self, name: str | None = None) -> list[Frame]:
        """Events, all or of a name."""
        return [frame for frame in self.of("event") if name in (None, frame["event"])]

    def text(self, run_id: str | None = None) -> str:
        """What a client shows: increments added up, `replace` obeyed."""
        shown = ""
        for frame in self.of("chunk"):
            if run_id in (None, frame["runId"]):
                shown = frame["content"] if frame.get("replace") else shown + frame["content"]
        return shown

    async def until(self, holds: Callable[[], object], *, timeout_s: float | None = None) -> None:
        """Until something is true of what was heard."""
        async with asyncio.timeout(timeout_s or self.patience_s):
            while not holds():
                await self._news.wait()

    async def get(self, kind: str, n: int = 1, **fields: Any) -> Frame:
        """The n-th frame of a type with these fields."""

        def found() -> list[Frame]:
            return [frame for frame in self.of(kind) if fields.items() <= frame.items()]

        try:
            await self.until(lambda: len(found()) >= n)
        except TimeoutError:
            raise AssertionError(f"no {kind} {fields} in {self.raw[-10:]}, closed: {self.code}") from None
        return found()[n - 1]

    async def event(self, name: str, n: int = 1) -> Frame:
        """The n-th event of a name."""
        return await self.get("event", n, event=name)

    async def closed(self) -> int:
        """The close code."""
        self.read()
        await self.until(lambda: self.code is not None)
        assert self.code is not None
        return self.code

    async def send(self, frame: Frame | str | bytes) -> None:
        """One message."""
        await self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def ask(self, method: str, params: Any = None, **fields: Any) -> Frame:
        """A call and its final answer, as a frame."""
        id = fields.pop("id", f"c{next(self._ids)}")
        await self.send({"type": "req", "id": id, "method": method, "params": params or {}, **fields})
        return await self.get("res", id=id)

    async def call(self, method: str, params: Any = None) -> Any:
        """A call that succeeds."""
        answer = await self.ask(method, params)
        assert answer["ok"], answer
        return answer["payload"]

    async def chat(self, message: str, *, agent: str = "main", **fields: Any) -> None:
        """Begin a turn."""
        await self.send({"type": "agent_chat", "agent_name": agent, "message": message, **fields})

    async def answer(self, message: str, **fields: Any) -> Frame:
        """A whole turn; its `done`."""
        before = len(self.of("done"))
        await self.chat(message, **fields)
        return await self.get("done", before + 1)

    async def ping(self) -> None:
        """One way up and back: what was sent before has been looked at."""
        before = len(self.of("pong"))
        await self.send({"type": "ping"})
        await self.get("pong", before + 1)

    def drop(self) -> None:
        """Vanish without a word."""
        self.socket.transport.abort()

    async def leave(self) -> None:
        """Say good-bye."""
        await self.socket.close()
        if self._reading is not None:
            await self._reading

    async def end(self) -> None:
        """After the test, whatever state it is in."""
        self.drop()
        await self.socket.wait_closed()
        await self._tasks.cancel_all()


class Road:
    """One replica, its owners' gateways and their clients."""

    def __init__(self, home: Path, *, launcher: Launcher | None = None, **wanted: Any) -> None:
        self.replica = Replica(Settings(**{**QUICK, "home": home, **wanted}), launcher=launcher)
        self.gateways: dict[str, SimulatedGateway] = {}
        self.tabs: list[Tab] = []
        self._ends = contextlib.AsyncExitStack()
        self._stopped = False

    async def __aenter__(self) -> Self:
        await self.replica.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self._ends:
            for tab in self.tabs:
                await tab.end()
            await self.stop()

    async def stop(self) -> None:
        """What SIGTERM does; once is enough."""
        if not self._stopped:
            self._stopped = True
            await self.replica.stop()

    @property
    def url(self) -> str:
        """The door's WebSocket address."""
        return self.replica.ws_url

    async def owner(self, owner: str, *members: tuple[str, Role], **gateway: Any) -> SimulatedGateway:
        """An owner with a gateway of its own; without `members` it is a person."""
        simulated = await self._ends.enter_async_context(SimulatedGateway(**gateway))
        self.gateways[owner] = simulated
        await self.route(owner, simulated)
        await self.members(owner, *(members or ((owner, Role.ADMIN),)))
        return simulated

    async def route(self, owner: str, gateway: SimulatedGateway, path: str = "") -> None:
        """Where the owner's gateway is."""
        await self.replica.directory.put_route(Route(owner, gateway.url + path, token=Secret(gateway.token)))

    async def members(self, owner: str, *members: tuple[str, Role]) -> None:
        """People of an owner."""
        await self.replica.directory.put_members([Member(member, owner, role) for member, role in members])

    async def token(self, member: str, **wanted: Any) -> str:
        """A bearer token."""
        return (await self.replica.authenticator.issue(member, **wanted)).token

    async def knock(self, query: str = "", *, token: str | None = None, read: bool = True, **wanted: Any) -> Tab:
        """A socket, with or without a credential, that has not been greeted yet."""
        headers = {"Authorization": f"Bearer {token}"} if token else None
        socket = await connect(
            self.url + (f"?{query}" if query else ""),
            additional_headers=headers,
            **{
                "compression": None,
                "max_size": None,
                "ping_interval": None,
                "proxy": None,
                "close_timeout": 1,
                **wanted,
            },
        )
        tab = Tab(socket)
        self.tabs.append(tab)
        if read:
            tab.read()
        return tab

    async def tab(self, member: str, *, resume: Frame | None = None, ready: bool = True, **wanted: Any) -> Tab:
        """A client of a member, greeted; with `ready` its gateway is up."""
        query = f"epoch={resume['epoch']}&offset={resume['offset']}" if resume else ""
        tab = await self.knock(query, token=await self.token(member), **wanted)
        if wanted.get("read", True):
            await tab.get("hello")
            if ready:
                await tab.until(lambda: tab.gateway == "ready")
        return tab

    async def settled(self, owner: str) -> None:
        """What the owner's gateway sent before has been taken in by the door."""
        await self.replica.pool.call(owner, "health")

    @property
    def port(self) -> int:
        """The door's port."""
        return self.replica._server.port

    def narrow(self) -> None:
        """Clients that come from now on get small kernel buffers: not reading is felt soon."""
        self.replica._server._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)

    def cut(self) -> None:
        """End every client's socket, as a network does."""
        self.replica._server.connections.close_all(1001, "")

    async def door(self, member: str) -> Door:
        """Our own SDK as a client; enter it."""
        return Door(self.url, await self.token(member), backoff=Backoff(base_s=0.01, cap_s=0.05))
