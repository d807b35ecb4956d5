"""A pool on real sockets, with plain objects for what the other rooms would do."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from support.waiting import eventually
from vestibule.errors import NoGateway, VestibuleError
from vestibule.gateway.pool import GatewayConnectionPool
from vestibule.gateway.ports import Body, Question
from vestibule.model import GatewayHello, GatewayState, GatewayStatus, Route, Secret
from vestibule.protocol.device import DeviceIdentity
from vestibule.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from vestibule.protocol.frames import GatewayEvent
    from vestibule.testing import SimulatedGateway

_SEED = DeviceIdentity.generate().seed


def counted(counter: Any, **labels: str) -> float:
    """The value of a metric now."""
    return (counter.labels(**labels) if labels else counter)._value.get()  # type: ignore[no-any-return]


async def no_sockets(gateway: SimulatedGateway, but: int = 0) -> None:
    """Until the gateway has no connection open but so many."""
    await gateway.wait_for(lambda: gateway.open_connections <= but)


class Routes:
    """Routes in a dict (`gateway.ports.RouteSource`)."""

    def __init__(self) -> None:
        self.by_owner: dict[str, Route | VestibuleError] = {}
        self.saved: dict[str, Secret] = {}
        self.woken: list[str] = []
        self.broken: Exception | None = None
        self._revisions = itertools.count(1)

    def put(self, owner: str, gateway: SimulatedGateway, **fields: Any) -> Route:
        fields = {"url": gateway.url, "token": Secret(gateway.token), "device_seed": _SEED, **fields}
        route = Route(owner, revision=next(self._revisions), **fields)
        self.by_owner[owner] = route
        return route

    async def route(self, owner: str) -> Route:
        if self.broken is not None:
            raise self.broken
        found = self.by_owner.get(owner)
        if isinstance(found, Route):
            return found
        raise found or NoGateway()

    def wake(self, owner: str) -> None:
        self.woken.append(owner)

    def has_own_log(self, owner: str) -> bool:
        return False

    async def save_device_token(self, owner: str, token: Secret) -> None:
        self.saved[owner] = token
        route = self.by_owner[owner]
        assert isinstance(route, Route)
        self.by_owner[owner] = replace(route, device_token=token)


@dataclass(frozen=True)
class Answer:
    frame_id: bytes
    body: Body
    final: bool

    @property
    def frame(self) -> dict[str, Any]:
        return json.loads(b"{" + self.body[1:])  # type: ignore[no-any-return]

    @property
    def payload(self) -> Any:
        assert self.frame["ok"], self.frame
        return self.frame["payload"]

    @property
    def error(self) -> dict[str, Any]:
        assert not self.frame["ok"], self.frame
        return self.frame["error"]  # type: ignore[no-any-return]


class Tab:
    """Somebody who asks (`gateway.ports.Asker`)."""

    def __init__(self, bench: Bench, id: str) -> None:
        self.id = id
        self.answers: list[Answer] = []
        self._bench = bench
        self._ids = itertools.count(1)

    def answer(self, question: Question, body: Body, final: bool) -> None:
        self.answers.append(Answer(question.frame_id, bytes(body), final))

    def ask(
        self,
        owner: str,
        method: str,
        params: Any = None,
        *,
        id: str | None = None,
        timeout_s: float = 10.0,
        **more: Any,
    ) -> bytes:
        frame_id = json.dumps(id or f"q{next(self._ids)}").encode()
        raw = json.dumps(params).encode() if params is not None else b""
        self._bench.pool.ask(owner, Question(self, frame_id, method, raw, timeout_s=timeout_s, **more))
        return frame_id

    async def call(self, owner: str, method: str, params: Any = None, **more: Any) -> Answer:
        frame_id = self.ask(owner, method, params, **more)
        return await self.final(frame_id)

    async def final(self, frame_id: bytes) -> Answer:
        await eventually(lambda: any(each.frame_id == frame_id and each.final for each in self.answers))
        return next(each for each in self.answers if each.frame_id == frame_id and each.final)


class Bench:
    """The pool, its routes, and what it reported (`gateway.ports.GatewayEvents`)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.routes = Routes()
        self.events: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        self.statuses: dict[str, list[GatewayStatus]] = defaultdict(list)
        self.pool = GatewayConnectionPool(self.routes, self, settings, rng=random.Random(1))

    def gateway_event(self, owner: str, event: GatewayEvent) -> None:
        self.events[owner].append((event.event, json.loads(bytes(event.payload))))

    def gateway_flush(self, owner: str) -> None:
        pass

    def gateway_status(self, owner: str, status: GatewayStatus, hello: GatewayHello | None) -> None:
        self.statuses[owner].append(status)

    def tab(self, id: str = "tab") -> Tab:
        return Tab(self, id)

    async def state(self, owner: str, state: GatewayState) -> GatewayStatus:
        await eventually(lambda: self.pool.status(owner).state is state)
        return self.pool.status(owner)

    async def ready(self, owner: str) -> None:
        self.pool.attach(owner, "tab")
        await self.state(owner, GatewayState.READY)

    def names(self, owner: str, *kinds: str) -> list[str]:
        return [name for name, _ in self.events[owner] if name in kinds]


@asynccontextmanager
async def bench(home: Path, **settings: Any) -> AsyncIterator[Bench]:
    quick = {"reconnect_base_s": 0.05, "reconnect_cap_s": 0.2, "handshake_timeout_s": 5.0, "grace_s": 30.0}
    made = Bench(Settings(home=home, **{**quick, **settings}))
    try:
        yield made
    finally:
        async with asyncio.timeout(10):
            await made.pool.close_all()
