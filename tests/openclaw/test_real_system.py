"""What the gateway tells of itself: its presence, its heartbeats, its log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from vestibule.testing import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from road.kit import Frame, Tab
    from support.openclaw import RealGateway
    from support.realroad import RealRoad


async def test_a_system_event_is_told_to_the_agent(road: RealRoad, openclaw: RealGateway) -> None:
    """Everybody's list of who is there has it at once; the agent hears of it with the next thing that is said."""
    openclaw.model.answer("what is new", Reply("The backup has finished."))
    ada, other = await road.tab("ada"), await road.tab("ada")
    key = (await ada.call("sessions.create", {}))["key"]
    event = "The backup of the shed has finished."

    await ada.call("system-event", {"text": event, "sessionKey": key})
    await other.until(lambda: event in texts([row for told in presences(other) for row in told]))
    listed = await other.call("system-presence")
    await ada.answer("what is new", sessionKey=key)
    await ada.call("sessions.delete", {"key": key})

    assert event in texts(listed)
    asked = next(body for body in reversed(openclaw.model.requests) if "what is new" in str(body["messages"]))
    assert event in str(asked["messages"])


def presences(tab: Tab) -> list[list[Frame]]:
    return [event["payload"]["presence"] for event in tab.events("presence")]


def texts(rows: list[Frame]) -> list[str | None]:
    return [row.get("text") for row in rows]


@pytest.fixture
async def beating(road: RealRoad, openclaw: RealGateway) -> AsyncIterator[Tab]:
    """A tab of a gateway whose agent has heartbeats."""
    tab = await road.tab("ada")

    async def every(interval: str) -> None:
        raw = json.dumps({"agents": {"defaults": {"heartbeat": {"every": interval}}}})
        now = (await openclaw.call("config.get"))["hash"]
        await openclaw.call("config.patch", {"raw": raw, "baseHash": now})

    await every("30m")
    await tab.event("config.changed")
    yield tab
    await every("0m")
    await tab.event("config.changed", 2)


async def test_a_heartbeat_is_heard_and_remembered(road: RealRoad, openclaw: RealGateway, beating: Tab) -> None:
    """R1: whoever wakes the agent, every tab hears what came of it, and it disturbs no chat. They can be switched."""
    openclaw.model.answer("the kettle boils", Reply("Tea is ready."))
    other = await road.tab("ada")

    switched = [await beating.call("set-heartbeats", {"enabled": enabled}) for enabled in (False, True)]
    await beating.call("wake", {"mode": "now", "text": "the kettle boils"})
    heard = (await other.event("heartbeat"))["payload"]

    assert [each["enabled"] for each in switched] == [False, True]
    assert heard["status"] == "skipped", "there is no channel to deliver it to"
    assert await beating.call("last-heartbeat") == heard
    for tab in (beating, other):
        assert not [frame for kind in ("chunk", "done", "error") for frame in tab.of(kind)]


async def test_the_log_goes_on_where_it_was(road: RealRoad) -> None:
    """From its cursor on, only what was written since; from beyond its end, all over again, and it says so."""
    tab = await road.tab("ada")

    first = await tab.call("logs.tail", {"limit": 1})
    await tab.ask("no.such.method.as.this")
    lines, cursor = list[str](), first["cursor"]
    while not any("no.such.method.as.this" in line for line in lines):
        assert lines == [] or cursor
        more = await tab.call("logs.tail", {"cursor": cursor})
        assert not more["reset"]
        lines, cursor = lines + more["lines"], more["cursor"]
    again = await tab.call("logs.tail", {"cursor": cursor})
    rotated = await tab.call("logs.tail", {"cursor": first["cursor"] + 1_000_000_000})

    assert first["lines"][0] not in lines
    assert not set(again["lines"]) & set(lines)
    assert rotated["reset"] is True
    assert rotated["lines"]
