"""Clients and gateways coming and going in any order, through real sockets."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from road.kit import Frame, Road, Tab
from vestibule.model import Role
from vestibule.sockets.loop import loop_factory
from vestibule.testing import ChatScript, Gate

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")
OWNERS = {"ann": "acme", "bob": "acme", "zoe": "zoe"}
"""Each member's owner: one that is shared, one of somebody's own."""
WORDS = ["one ", "two ", "three"]


@dataclass
class Said:
    """A turn, and what of it was heard on sockets that are gone."""

    id: str
    gate: Gate
    text: str = ""
    ends: int = 0

    def heard_on(self, tab: Tab) -> tuple[str, int]:
        """What is shown of it by now, and how often its end was told."""
        text = self.text
        for frame in tab.of("chunk"):
            if frame["runId"] == self.id:
                text = frame["content"] if frame.get("replace") else text + frame["content"]
        return text, self.ends + sum(frame["runId"] == self.id for frame in tab.of("done"))


@dataclass(eq=False)
class Attached:
    """A client with what it must have heard."""

    member: str
    tab: Tab
    expected: list[int] = field(default_factory=list)
    """Numbers of the events it has to hear, from the gateway it was attached to."""
    turns: list[Said] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    @property
    def owner(self) -> str:
        return OWNERS[self.member]


owners = st.sampled_from(sorted(set(OWNERS.values())))


class RoadMachine(RuleBasedStateMachine):
    """P1, P9, C3, C6, R1: one gateway socket per owner, one delivery, one answer for each call, every word of each
    turn, nothing of another owner, whatever the order."""

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
        self.gateways = self.road.gateways

    async def _open(self) -> Road:
        road = Road(Path(self.home.name), grace_s=30.0)
        await road.__aenter__()
        for owner in set(OWNERS.values()):
            members = [member for member, of in OWNERS.items() if of == owner]
            gateway = await road.owner(owner, *((member, Role.ADMIN) for member in members))
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
            for turn in client.turns:
                turn.gate.open()
        for client in self.here:
            await self._all_heard(client)
            for turn in client.turns:
                await client.tab.until(lambda turn=turn, tab=client.tab: turn.heard_on(tab)[1])
                assert turn.heard_on(client.tab) == ("".join(WORDS), 1)

    async def _all_heard(self, client: Attached) -> None:
        tab = client.tab
        await tab.until(lambda: len(tab.events("cron")) >= len(client.expected))
        await tab.until(lambda: len(tab.of("res")) >= len(client.calls))
        await tab.ping()
        assert [event["payload"]["n"] for event in tab.events("cron")] == client.expected
        assert sorted(int(answer["id"]) for answer in tab.of("res")) == [int(id) for id in client.calls]
        assert all(answer["ok"] or "mayHaveRun" in answer["error"] for answer in tab.of("res"))
        assert [frame["seq"] for frame in tab.pushed] == list(range(1, len(tab.pushed) + 1))

    @rule(target=attached, member=st.sampled_from(sorted(OWNERS)))
    def attach(self, member: str) -> Attached:
        client = Attached(member, self.run(self.road.tab(member)))
        self.here.append(client)
        return client

    @rule(target=away, client=consumes(attached), politely=st.booleans(), quiet=st.booleans())
    def leave(self, client: Attached, politely: bool, quiet: bool) -> Any:
        return self.run(self._leave(client, politely, quiet))

    async def _leave(self, client: Attached, politely: bool, quiet: bool) -> Any:
        """With `quiet` it has heard all there is; without, whatever was under way is cut in the middle."""
        if quiet:
            await self._all_heard(client)
        tab = client.tab
        if politely:
            await tab.leave()
        else:
            tab.drop()
            await tab.closed()
        heard = [event["payload"]["n"] for event in tab.events("cron")]
        assert heard == client.expected[: len(heard)]
        assert len({answer["id"] for answer in tab.of("res")} & set(client.calls)) == len(tab.of("res"))
        client.expected = client.expected[len(heard) :]
        for turn in client.turns:
            turn.text, turn.ends = turn.heard_on(tab)
        self.here.remove(client)
        self.gone.append(client)
        return multiple((client, tab.position))

    @rule(target=attached, left=consumes(away))
    def come_back(self, left: tuple[Attached, Frame]) -> Attached:
        old, position = left
        client = Attached(old.member, self.run(self.road.tab(old.member, resume=position)), old.expected, old.turns)
        assert client.tab.hello["recovered"] is True
        self.gone.remove(old)
        self.here.append(client)
        return client

    @rule(client=attached)
    def say(self, client: Attached) -> None:
        """A turn, in a session of its own, that stands in the middle of its text until somebody lets it go on."""
        self.run(self._say(client))

    async def _say(self, client: Attached) -> None:
        turn = Said(str(uuid.uuid4()), Gate())
        client.turns.append(turn)
        self.gateways[client.owner].next_chat(ChatScript(text=WORDS, gates={"chunk:1": turn.gate}))
        await client.tab.chat("go", id=turn.id, sessionKey=f"agent:main:{turn.id}")
        await turn.gate.reached()

    @rule()
    def go_on(self) -> None:
        for client in [*self.here, *self.gone]:
            for turn in client.turns:
                turn.gate.open()

    @rule(client=attached, times=st.integers(1, 5))
    def call(self, client: Attached, times: int) -> None:
        for _ in range(times):
            number = str(next(self.numbers))
            client.calls.append(number)
            self.run(client.tab.send({"type": "req", "id": number, "method": "test.echo", "params": {"n": number}}))

    @rule(owner=owners, times=st.integers(1, 5))
    def emit(self, owner: str, times: int) -> None:
        self.run(self._emit(owner, times))

    async def _emit(self, owner: str, times: int) -> None:
        gateway = self.gateways[owner]
        if not gateway.connections:
            return
        for _ in range(times):
            number = next(self.numbers)
            for client in [*self.here, *self.gone]:
                if client.owner == owner:
                    client.expected.append(number)
            await gateway.emit("cron", {"n": number})
        await self.road.settled(owner)

    @rule(owner=owners, code=st.sampled_from([1000, 1006, 1012]))
    def drop_gateway(self, owner: str, code: int) -> None:
        if self.gateways[owner].connections:
            self.run(self._drop(owner, code))

    async def _drop(self, owner: str, code: int) -> None:
        await self.gateways[owner].drop(code)
        await self.gateways[owner].wait_connected()
        await self.road.settled(owner)

    @rule(owner=owners)
    def change_route(self, owner: str) -> None:
        self.run(self._change_route(owner))

    async def _change_route(self, owner: str) -> None:
        gateway = self.gateways[owner]
        await self.road.route(owner, gateway, f"/?{next(self.numbers)}")
        if gateway.connections:
            before = gateway.total_connections
            await gateway.wait_for(lambda: gateway.total_connections > before)
            await gateway.wait_for(lambda: gateway.open_connections == 1)
            await self.road.settled(owner)

    @invariant()
    def one_socket(self) -> None:
        """P1: never more than one connection to a gateway once it has settled."""
        assert all(gateway.open_connections <= 1 for gateway in self.gateways.values())


RoadMachine.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking with real time-outs takes minutes
)
test_any_order = RoadMachine.TestCase
