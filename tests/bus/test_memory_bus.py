from __future__ import annotations

from typing import Any

import pytest

from vestibule.bus.memory import MemoryBus


async def test_everybody_who_subscribed_hears_it() -> None:
    """In the order they came, on their topic only, until they leave."""
    bus = MemoryBus()
    await bus.start()
    heard: list[tuple[str, Any]] = []
    leave = bus.subscribe("route.changed", lambda message: heard.append(("first", message)))
    bus.subscribe("route.changed", lambda message: heard.append(("second", message)))
    bus.subscribe("member.removed", lambda message: heard.append(("third", message)))

    bus.publish("route.changed", {"owner": "alice"})
    leave()
    leave()
    bus.publish("route.changed", {"owner": "bob"})
    bus.publish("nobody.listens", {})

    assert heard == [("first", {"owner": "alice"}), ("second", {"owner": "alice"}), ("second", {"owner": "bob"})]


@pytest.mark.logs_defect("bus.subscriber_failed")
async def test_a_subscriber_that_fails_stops_nobody() -> None:
    """The publisher's work is done; the others hear it."""
    bus = MemoryBus()
    heard: list[Any] = []

    def fails(_message: dict[str, Any]) -> None:
        raise ValueError("defect")

    bus.subscribe("t", fails)
    bus.subscribe("t", heard.append)
    bus.publish("t", {"n": 1})
    assert heard == [{"n": 1}]


async def test_nobody_can_change_what_others_hear() -> None:
    """Each gets a message of its own."""
    bus = MemoryBus()
    heard: list[Any] = []
    bus.subscribe("t", lambda message: message.clear())
    bus.subscribe("t", heard.append)
    bus.publish("t", {"n": 1})
    assert heard == [{"n": 1}]


async def test_one_may_come_twice_and_leave_once() -> None:
    """A subscription is not its function; who leaves while it is called leaves cleanly."""
    bus = MemoryBus()
    heard: list[Any] = []
    leave = bus.subscribe("t", heard.append)
    bus.subscribe("t", heard.append)
    bus.subscribe("t", lambda _message: leave())
    bus.publish("t", {})
    bus.publish("t", {})
    assert len(heard) == 3


async def test_after_closing_nobody_hears() -> None:
    """And leaving is still fine."""
    bus = MemoryBus()
    heard: list[Any] = []
    leave = bus.subscribe("t", heard.append)
    await bus.close()
    bus.publish("t", {})
    leave()
    assert heard == []
