"""Clients and gateways coming and going in any order, through real sockets."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from road.kit import Frame, Road, Tab
from vestibule.model import Role
from vestibule.sockets.loop import loop_factory

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")
MEMBERS = ("ann", "bob")


class Attached:
    """A client with what it must have heard."""

    def __init__(self, member: str, tab: Tab) -> None:
        self.member = member
        self.tab = tab
        self.expected: list[int] = []
        """Numbers of the events it has to hear, from the gateway it was attached to."""
        self.calls: list[str] = []


class RoadMachine(RuleBasedStateMachine):
    """P1, P9, C6: one gateway socket, one delivery, one answer for each call, whatever the order."""

    attached: Bundle[Attached] = Bundle("attached")
    away: Bundle[tuple[Attached, Frame]] = Bundle("away")

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner(loop_factory=loop_factory())
        self.numbers = itertools.count(1)
        self.here: list[Attached] = []
        self.gone: list[Attached] = []
        self.road = self.run(self._open())
        self.gateway = self.road.gateways["acme"]

    async def _open(self) -> Road:
        road = Road(Path(self.home.name), grace_s=30.0)
        await road.__aenter__()
        gateway = await road.owner("acme", *((member, Role.ADMIN) for member in MEMBERS))
        gateway.custom_methods["test.echo"] = lambda call: call.params
        return road

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(self._timed(work))

    async def _timed(self, work: Coroutine[Any, Any, T]) -> T:
        async with asyncio.timeout(20):
            return await work

    def teardown(self) -> None:
        try:
            self.run(self._final())
        finally:
            self.run(self.road.__aexit__(None, None, None))
            self.runner.close()
            self.home.cleanup()

    async def _final(self) -> None:
        for client in self.here:
            await self._all_heard(client)

    async def _all_heard(self, client: Attached) -> None:
        tab = client.tab
        await tab.until(lambda: len(tab.events("cron")) >= len(client.expected))
        await tab.until(lambda: len(tab.of("res")) >= len(client.calls))
        await tab.ping()
        assert [event["payload"]["n"] for event in tab.events("cron")] == client.expected
        assert [answer["id"] for answer in sorted(tab.of("res"), key=lambda frame: int(frame["id"]))] == client.calls
        assert all(answer["ok"] or "mayHaveRun" in answer["error"] for answer in tab.of("res"))
        assert [frame["seq"] for frame in tab.pushed] == list(range(1, len(tab.pushed) + 1))

    @rule(target=attached, member=st.sampled_from(MEMBERS))
    def attach(self, member: str) -> Attached:
        client = Attached(member, self.run(self.road.tab(member)))
        self.here.append(client)
        return client

    @rule(target=away, client=consumes(attached), politely=st.booleans())
    def leave(self, client: Attached, politely: bool) -> Any:
        return self.run(self._leave(client, politely))

    async def _leave(self, client: Attached, politely: bool) -> Any:
        await self._all_heard(client)
        tab = client.tab
        position = tab.position if tab.pushed else {"epoch": tab.hello["epoch"], "offset": tab.hello["offset"]}
        if politely:
            await tab.leave()
        else:
            tab.drop()
        self.here.remove(client)
        client.expected = []
        self.gone.append(client)
        return multiple((client, position))

    @rule(target=attached, left=consumes(away))
    def come_back(self, left: tuple[Attached, Frame]) -> Attached:
        old, position = left
        client = Attached(old.member, self.run(self.road.tab(old.member, resume=position)))
        assert client.tab.hello["recovered"] is True
        client.expected = old.expected
        self.gone.remove(old)
        self.here.append(client)
        return client

    @rule(client=attached, times=st.integers(1, 5))
    def call(self, client: Attached, times: int) -> None:
        for _ in range(times):
            number = str(next(self.numbers))
            client.calls.append(number)
            self.run(client.tab.send({"type": "req", "id": number, "method": "test.echo", "params": {"n": number}}))

    @rule(times=st.integers(1, 5))
    def emit(self, times: int) -> None:
        self.run(self._emit(times))

    async def _emit(self, times: int) -> None:
        if not self.gateway.connections:
            return
        for _ in range(times):
            number = next(self.numbers)
            for client in [*self.here, *self.gone]:
                client.expected.append(number)
            await self.gateway.emit("cron", {"n": number})
        await self.road.settled("acme")

    @rule(code=st.sampled_from([1000, 1006, 1012]))
    def drop_gateway(self, code: int) -> None:
        if self.gateway.connections:
            self.run(self._drop(code))

    async def _drop(self, code: int) -> None:
        await self.gateway.drop(code)
        await self.gateway.wait_connected()
        await self.road.settled("acme")

    @rule()
    def change_route(self) -> None:
        self.run(self._change_route())

    async def _change_route(self) -> None:
        await self.road.route("acme", self.gateway, f"/?{next(self.numbers)}")
        if self.gateway.connections:
            before = self.gateway.total_connections
            await self.gateway.wait_for(lambda: self.gateway.total_connections > before)
            await self.gateway.wait_for(lambda: self.gateway.open_connections == 1)
            await self.road.settled("acme")

    @invariant()
    def one_socket(self) -> None:
        """P1: never more than one connection to the gateway once it has settled."""
        assert self.gateway.open_connections <= 1


RoadMachine.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking with real time-outs takes minutes
)
test_any_order = RoadMachine.TestCase
