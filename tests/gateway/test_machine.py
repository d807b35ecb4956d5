"""One owner's connection under everything at once, in any order (model-based)."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gateway.harness import Answer, Bench, Tab, bench, no_sockets
from support.waiting import eventually
from vestibule.gateway.ports import Question
from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    from collections.abc import Coroutine

OWNER = "ada"
TABS = ("a", "b", "c")
CODES = (1000, 1001, 1006, 1012)


class AskedOnce(Tab):
    """A tab that notes how often each of its questions was finally answered."""

    def __init__(self, bench: Bench, id: str) -> None:
        super().__init__(bench, id)
        self.open: dict[bytes, str] = {}
        self.twice: list[Answer] = []

    def answer(self, question: Question, body: bytes, final: bool) -> None:
        super().answer(question, body, final)
        if self.open.pop(question.frame_id, None) is None:
            self.twice.append(self.answers[-1])


class Connection(RuleBasedStateMachine):
    """Attach, detach, call, drop, change and close, with or without waiting for what the last step began."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.number = 0
        self.sent = 0

    def go(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @initialize()
    def begin(self) -> None:
        """A gateway, and a second one to move to."""

        async def begin() -> None:
            self.home = tempfile.TemporaryDirectory()
            self.gateways = [await self.stack.enter_async_context(SimulatedGateway()) for _ in range(2)]
            quick = {"reconnect_base_s": 0.001, "reconnect_cap_s": 0.005, "rpc_timeout_s": 20.0}
            self.bench = await self.stack.enter_async_context(bench(Path(self.home.name), **quick))
            self.tabs = {name: AskedOnce(self.bench, name) for name in TABS}
            self.at = 0
            self.bench.routes.put(OWNER, self.gateways[0])

        self.go(begin())

    @property
    def gateway(self) -> SimulatedGateway:
        return self.gateways[self.at]

    @rule(tab=st.sampled_from(TABS))
    def attach(self, tab: str) -> None:
        self.go(self._do(lambda: self.bench.pool.attach(OWNER, tab)))

    @rule(tab=st.sampled_from(TABS))
    def detach(self, tab: str) -> None:
        self.go(self._do(lambda: self.bench.pool.detach(OWNER, tab)))

    @rule(tab=st.sampled_from(TABS), method=st.sampled_from(["health", "status", "sessions.subscribe", "no.such"]))
    def call(self, tab: str, method: str) -> None:
        asker = self.tabs[tab]
        self.number += 1
        frame_id = b'"%d"' % self.number
        asker.open[frame_id] = method
        question = Question(asker, frame_id, method, b"", timeout_s=20.0)
        self.go(self._do(lambda: self.bench.pool.ask(OWNER, question)))

    @rule(code=st.sampled_from(CODES))
    def drop(self, code: int) -> None:
        self.go(self.gateway.drop(code))

    @rule()
    def move(self) -> None:
        def move() -> None:
            self.at = 1 - self.at
            self.bench.routes.put(OWNER, self.gateway)
            self.bench.pool.route_changed(OWNER)

        self.go(self._do(move))

    @rule()
    def close(self) -> None:
        """Beginning to close, and not waiting for it."""
        self.go(self._cancelled(self.bench.pool.close_user(OWNER)))

    @rule(turns=st.integers(1, 20))
    def let_it_run(self, turns: int) -> None:
        self.go(self._turns(turns))

    @rule()
    def settle(self) -> None:
        """With a tab attached everything comes to rest: every question answered, one socket, one delivery."""

        async def settle() -> None:
            self.bench.pool.attach(OWNER, "a")
            await eventually(lambda: not any(tab.open for tab in self.tabs.values()))
            await self.bench.ready(OWNER)
            await no_sockets(self.gateways[1 - self.at])
            await no_sockets(self.gateway, but=1)
            assert self.gateway.open_connections == 1
            self.sent += 1
            await self.gateway.emit("presence", {"n": self.sent})
            self.number += 1
            self.tabs["a"].open[b'"%d"' % self.number] = "health"
            await self.tabs["a"].call(OWNER, "health", id=str(self.number))  # answered behind the event
            assert self.bench.events[OWNER].count(("presence", {"n": self.sent})) == 1

        self.go(settle())

    @invariant()
    def nobody_is_answered_twice(self) -> None:
        if hasattr(self, "tabs"):
            assert [answer for tab in self.tabs.values() for answer in tab.twice] == []

    def teardown(self) -> None:
        async def end() -> None:
            await self.bench.pool.close_all()
            assert not any(tab.open for tab in self.tabs.values()), "closing answers whoever is still waiting"
            for gateway in self.gateways:
                await no_sockets(gateway)
            await self.stack.aclose()

        if hasattr(self, "tabs"):
            self.go(end())
            self.home.cleanup()
        self.runner.close()

    async def _do(self, act: Any) -> None:
        act()

    async def _turns(self, turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)

    async def _cancelled(self, work: Coroutine[Any, Any, Any]) -> None:
        async with asyncio.TaskGroup() as own:
            task = own.create_task(work, name="close")
            await asyncio.sleep(0)
            task.cancel()


Connection.TestCase.settings = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)


class TestConnection(Connection.TestCase):  # type: ignore[misc, name-defined]
    """P9: attach, detach, call, drop, move and close in any order: one socket, one delivery, one answer each."""
