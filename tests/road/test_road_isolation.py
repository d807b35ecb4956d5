"""Who hears what: owners never each other, members only what is theirs."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from road.kit import Road, Tab
from support.waiting import eventually
from vestibule.model import Role
from vestibule.sockets.loop import loop_factory
from vestibule.telemetry import metrics
from vestibule.testing import Approval, ChatScript, Gate

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

OWNERS = 40
TAG = re.compile(r"tag-(\w+?)-")

MOVES = st.lists(
    st.tuples(
        st.integers(0, OWNERS - 1),
        st.sampled_from(["call", "chat", "cron", "unknown", "session", "run", "drop", "gateway"]),
    ),
    min_size=60,
    max_size=120,
)


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_no_byte_of_one_owner_reaches_another(
    moves: list[tuple[int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """R1: many owners at once, every payload tagged, sockets and gateways dropping in between."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_many_owners(tmp_path_factory.mktemp("road"), moves))


async def _many_owners(home: Path, moves: list[tuple[int, str]]) -> None:
    names = [f"o{number}" for number in range(OWNERS)]
    async with Road(home) as road:
        for name in names:
            gateway = await road.owner(name)
            gateway.custom_methods["test.tag"] = lambda call, name=name: {"tag": f"tag-{name}-", **call.params}
        everybody = {name: [tab] for name, tab in zip(names, await asyncio.gather(*map(road.tab, names)), strict=True)}
        for number, (chosen, move) in enumerate(moves):
            await _move(road, names[chosen], everybody[names[chosen]], move, number)
        for name in names:
            await _caught_up(road, name, everybody[name][-1])

        for name, tabs in everybody.items():
            for tab in tabs:
                assert {owner for raw in tab.raw for owner in TAG.findall(raw)} <= {name}
                assert all(hello["principal"]["owner"] == name for hello in tab.of("hello"))
        moved = {names[chosen] for chosen, move in moves if move not in ("drop", "gateway")}
        heard = {name for name, tabs in everybody.items() if any(TAG.search(raw) for tab in tabs for raw in tab.raw)}
        assert moved <= heard


async def _move(road: Road, name: str, tabs: list[Tab], move: str, number: int) -> None:
    gateway, tab, tag = road.gateways[name], tabs[-1], {"tag": f"tag-{name}-{number}"}
    match move:
        case "call":
            await tab.send(
                {"type": "req", "id": "1" if number % 2 else f"{number}", "method": "test.tag", "params": tag}
            )
        case "chat":
            await tab.chat(f"tag-{name}-{number}", id=f"{number}")
        case "cron" | "unknown":
            await gateway.emit("cron" if move == "cron" else "something.new", tag)
        case "session":
            await gateway.emit(
                "chat", {**tag, "sessionKey": "agent:main:main", "state": "delta", "runId": "same-everywhere"}
            )
        case "run":
            gateway.start_run("agent:main:main", ChatScript(text=[f"tag-{name}-{number}"]), run_id=f"run-{number}")
        case "drop":
            position = tab.position if tab.pushed else None
            tab.drop()
            tabs.append(await road.tab(name, resume=position))
        case _:
            await gateway.drop()
            await gateway.wait_connected()


async def _caught_up(road: Road, name: str, tab: Tab) -> None:
    """Everything that was on its way has arrived."""
    gateway = road.gateways[name]
    await gateway.wait_connected()
    await road.settled(name)
    await gateway.wait_for(gateway.runs.is_idle)
    await gateway.emit("cron", {"tag": f"tag-{name}-end"})
    await tab.until(lambda: any(f"tag-{name}-end" in raw for raw in tab.raw))


# -- within an owner


async def everybody(road: Road) -> dict[str, Tab]:
    """acme: an admin, two operators, a viewer, each with a tab."""
    roles = {"boss": Role.ADMIN, "bob": Role.OPERATOR, "carol": Role.OPERATOR, "vic": Role.VIEWER}
    await road.owner("acme", *roles.items())
    return {member: await road.tab(member) for member in roles}


async def heard(road: Road, tabs: dict[str, Tab], text: str) -> set[str]:
    """Who has got anything with `text` in it, once all that was sent has arrived."""
    await road.settled("acme")
    for tab in tabs.values():
        await tab.ping()
    return {member for member, tab in tabs.items() if any(text in raw for raw in tab.raw)}


async def test_a_conversation_is_its_members_own(road: Road) -> None:
    """R1: not another member, not the viewer, not even the admin."""
    tabs = await everybody(road)
    road.gateways["acme"].next_chat(ChatScript(text=["tag-bob-answer"], thinking=["tag-bob-thought"]))

    await tabs["bob"].answer("tag-bob-question")

    assert await heard(road, tabs, "tag-bob") == {"bob"}


async def test_the_other_tabs_of_a_member_hear_its_session(road: Road) -> None:
    """R1: addressed by member, not by socket."""
    tabs = await everybody(road)
    tabs["bob on the phone"] = await road.tab("bob")
    road.gateways["acme"].next_chat(ChatScript(text=["tag-bob-answer"]))

    await tabs["bob"].answer("hi")

    assert await heard(road, tabs, "tag-bob") == {"bob", "bob on the phone"}
    assert not tabs["bob on the phone"].of("chunk")


async def test_keys_are_compared_as_the_gateway_compares_them(road: Road) -> None:
    """P16: the gateway lower-cases session keys; a member with capitals hears its own session all the same."""
    gateway = await road.owner("acme", ("Bob@Example.com", Role.OPERATOR), ("bob-example-com", Role.OPERATOR))
    bob, other = await road.tab("Bob@Example.com"), await road.tab("bob-example-com")
    phone = await road.tab("Bob@Example.com")
    gateway.next_chat(ChatScript(text=["tag-bob-answer"]))

    await bob.answer("hi")
    await road.settled("acme")
    await phone.ping()
    await other.ping()

    assert bob.text() == "tag-bob-answer"
    assert any("tag-bob" in raw for raw in phone.raw)
    assert not any("tag-bob" in raw for raw in other.raw)


AUDIENCES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("cron", {"action": "started"}, {"boss", "bob", "carol", "vic"}),
    ("health", {"ok": True}, {"boss", "bob", "carol", "vic"}),
    ("brand.new", {"x": 1}, {"boss"}),
    ("brand.new", {"sessionKey": "agent:main:member-carol"}, {"boss", "carol"}),
    ("brand.new", {"sessionKey": 7}, {"boss"}),
    ("chat", {"runId": "r", "state": "final"}, {"boss"}),
    ("chat", {"runId": "r", "state": "final", "sessionKey": "agent:main:Member-Carol"}, {"carol"}),
    ("chat", {"runId": "r", "state": "final", "sessionKey": "agent:main:telegram:direct:1"}, {"boss"}),
    ("agent", {"runId": "r", "stream": "item", "data": {}, "sessionKey": "agent:main:cron:job-1"}, {"boss"}),
    ("agent", {"runId": "r", "stream": "item", "data": {}, "sessionKey": "agent:main:main"}, {"boss"}),
    ("exec.approval.requested", {"id": "a", "request": {"command": "rm"}}, {"boss", "bob", "carol"}),
    ("question.asked", {"id": "q"}, {"boss", "bob", "carol"}),
    ("device.pair.requested", {"deviceId": "d"}, {"boss"}),
    ("sessions.changed", {"sessionKey": "agent:main:main"}, set()),
    ("session.message", {"sessionKey": "agent:main:main"}, set()),
]  # fmt: skip


async def test_who_hears_which_event(road: Road) -> None:
    """R1, R2: the table of the door protocol, member by member."""
    tabs = await everybody(road)
    for number, (event, payload, _) in enumerate(AUDIENCES):
        await road.gateways["acme"].emit(event, {**payload, "tag": f"tag-{number}-"})

    for number, (event, payload, who) in enumerate(AUDIENCES):
        assert await heard(road, tabs, f"tag-{number}-") == who, (event, payload)


async def test_what_nobody_can_place_is_counted(road: Road) -> None:
    """R1: unknown addressing shows in a metric."""
    tabs = await everybody(road)
    before = metrics.unaddressed_events._value.get()

    await road.gateways["acme"].emit("brand.new", {})
    await tabs["boss"].event("brand.new")

    assert metrics.unaddressed_events._value.get() == before + 1


async def test_approvals_of_a_run_go_to_those_who_may_approve(road: Road) -> None:
    """R2: commands and paths do not reach a viewer; an operator may decide."""
    tabs = await everybody(road)
    gate = Gate()
    script = ChatScript(text=["ok"], approval=Approval(command="tag-secret-command"), gates={"final": gate})
    road.gateways["acme"].next_chat(script)
    await tabs["bob"].chat("go")
    asked = await tabs["carol"].event("exec.approval.requested")
    await tabs["carol"].call("exec.approval.resolve", {"id": asked["payload"]["id"], "decision": "allow-once"})
    gate.open()
    await tabs["bob"].get("done")

    assert await heard(road, tabs, "tag-secret") == {"boss", "bob", "carol"}
    assert not tabs["vic"].events("exec.approval.requested")


async def test_who_takes_part_in_a_session_hears_it(road: Road) -> None:
    """R1: a session of several members: those who sent to it, created it or subscribed to it."""
    tabs = await everybody(road)
    gateway = road.gateways["acme"]
    created = await tabs["bob"].call("sessions.create", {"label": "planning"})
    key = created["key"]
    await gateway.emit_to_session(key, "brand.new", {"tag": "tag-one-"})
    assert await heard(road, tabs, "tag-one") == {"boss", "bob"}

    await tabs["carol"].call("chat.send", {"sessionKey": key, "message": "hi", "idempotencyKey": "k1"})
    await gateway.wait_for(gateway.runs.is_idle)
    await gateway.emit_to_session(key, "brand.new", {"tag": "tag-two-"})

    assert await heard(road, tabs, "tag-two") == {"boss", "bob", "carol"}


async def test_nobody_joins_another_members_session_by_subscribing(road: Road) -> None:
    """R1: a subscription to somebody's own session brings its events to nobody else."""
    tabs = await everybody(road)
    await tabs["carol"].call("sessions.messages.subscribe", {"key": "agent:main:member-bob"})
    road.gateways["acme"].next_chat(ChatScript(text=["tag-bob-answer"]))

    await tabs["bob"].answer("tag-bob-question")

    assert await heard(road, tabs, "tag-bob") == {"bob"}


async def test_a_role_that_changes_changes_what_is_heard(road: Road) -> None:
    """S3, R2: from the next check on, without a new socket."""
    tabs = await everybody(road)
    told = {member: len(tab.of("status")) for member, tab in tabs.items()}
    await road.members("acme", ("bob", Role.VIEWER), ("carol", Role.ADMIN))
    hub = road.replica.hub

    def changed() -> bool:
        roles = {client.principal.member: client.principal.role for client in hub._clients.values()}
        return roles["bob"] is Role.VIEWER and roles["carol"] is Role.ADMIN

    await eventually(changed)
    await road.gateways["acme"].emit("exec.approval.requested", {"id": "a", "tag": "tag-approval-"})
    await road.gateways["acme"].emit("brand.new", {"tag": "tag-unknown-"})

    assert await heard(road, tabs, "tag-approval") == {"boss", "carol"}
    assert await heard(road, tabs, "tag-unknown") == {"boss", "carol"}
    assert (await tabs["bob"].ask("chat.send"))["error"]["code"] == "FORBIDDEN"
    for member, scopes in (("bob", ["operator.read"]), ("carol", ["operator.admin"])):
        await tabs[member].get("status", told[member] + 1)
        assert (await tabs[member].call("door.gateway"))["scopes"] == scopes
    assert len(tabs["boss"].of("status")) == told["boss"]
