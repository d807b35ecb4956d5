"""What can be done with a session, and what the owner's other tabs hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.realroad import said
from vestibule.testing import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from road.kit import Frame, Tab
    from support.openclaw import RealGateway
    from support.realroad import RealRoad


class Session:
    """A session of the test's own: one tab writes, another one has subscribed and listens."""

    def __init__(self, writer: Tab, listener: Tab, created: Frame) -> None:
        self.writer = writer
        self.listener = listener
        self.key: str = created["key"]
        self.id: str = created["sessionId"]

    async def patch(self, **fields: Any) -> Frame:
        """What `sessions.describe` would say, as the other tab hears it by event."""
        before = len(self.heard("patch"))
        await self.writer.call("sessions.patch", {"key": self.key, **fields})
        return await self.hears("patch", before + 1)

    async def hears(self, reason: str, n: int = 1) -> Frame:
        """The n-th event with this reason: the session's row in it."""
        await self.listener.until(lambda: len(self.heard(reason)) >= n)
        return dict(self.heard(reason)[n - 1]["session"])

    def heard(self, reason: str) -> list[Frame]:
        payloads = [event["payload"] for event in self.listener.events("sessions.changed")]
        return [each for each in payloads if (each.get("sessionKey"), each.get("reason")) == (self.key, reason)]

    async def is_listed(self, **filters: Any) -> bool:
        listed = await self.listener.call("sessions.list", {"limit": 200, **filters})
        return self.key in [row["key"] for row in listed["sessions"]]


@pytest.fixture
async def session(road: RealRoad) -> AsyncIterator[Session]:
    writer, listener = await road.tab("ada"), await road.tab("ada")
    await listener.call("sessions.subscribe")
    session = Session(writer, listener, await writer.call("sessions.create", {"label": "made by a test"}))
    yield session
    await writer.call("sessions.delete", {"key": session.key})


async def test_model_thinking_and_name_are_changed(session: Session) -> None:
    """W7: the event carries the row. What the gateway does not know it refuses, and nothing changes."""
    row = await session.patch(model="failing/demo", thinkingLevel="low", label="renamed")
    level = await session.writer.ask("sessions.patch", {"key": session.key, "thinkingLevel": "nonsense"})
    model = await session.writer.ask("sessions.patch", {"key": session.key, "model": "no/such"})
    now = (await session.listener.call("sessions.describe", {"key": session.key}))["session"]
    back = await session.patch(model=None, thinkingLevel=None)

    for each in (row, now):
        assert (each["modelProvider"], each["thinkingLevel"], each["label"]) == ("failing", "low", "renamed")
    assert level["error"]["message"].startswith("invalid thinkingLevel")
    assert "Unknown provider" in model["error"]["message"]
    assert (back["modelProvider"], back.get("thinkingLevel")) == ("demo", None)


async def test_it_is_read_and_archived_and_comes_back(session: Session) -> None:
    """The archive wants the session's id: another may have taken its place meanwhile."""
    unread = [(await session.patch(unread=unread))["unread"] for unread in (True, False)]
    nameless = await session.writer.ask("sessions.patch", {"key": session.key, "archived": True})
    archived = await session.patch(archived=True, expectedSessionId=session.id)
    listed = await session.is_listed(), await session.is_listed(archived=True)
    restored = await session.patch(archived=False, expectedSessionId=session.id)

    assert unread == [True, False]
    assert "expectedSessionId required" in nameless["error"]["message"]
    assert (archived["archived"], restored["archived"]) == (True, False)
    assert listed == (False, True)
    assert await session.is_listed()


async def test_it_is_compacted_and_reset(session: Session, openclaw: RealGateway) -> None:
    """The other tab hears of both; after a reset nothing that was said is left, and its settings are."""
    openclaw.model.answer("water the roses", Reply("They are watered."))
    await session.patch(label="kept")
    await session.writer.answer("water the roses", sessionKey=session.key)

    compacted = await session.writer.call("sessions.compact", {"key": session.key})
    await session.hears("compact")
    before = await session.writer.call("chat.history", {"sessionKey": session.key})
    await session.writer.call("sessions.reset", {"key": session.key})
    row = await session.hears("reset")
    after = await session.writer.call("chat.history", {"sessionKey": session.key})

    assert (compacted["compacted"], compacted["result"]["tokensBefore"] > 0) == (True, True)
    assert "They are watered." in said(before)
    assert said(after) == []
    assert row["label"] == "kept"
