"""A conversation that is longer than what is asked for at once."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from playwright.async_api import expect

from support.openclaw import rpc
from support.realroad import new_session
from vestibule.testing import Gate, Reply

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from browser.visitor import Visitor
    from support.openclaw import RealGateway

THINGS = 75
WHEEL_PX = 300


async def test_earlier_messages_come_when_one_scrolls_up(ada: Visitor, openclaw: RealGateway) -> None:
    """The end is in sight at first; what is above comes by itself, and what one reads stays where it is."""
    key = new_session()
    await many_things_said(openclaw, key)
    chat = await ada.conversation(key)
    await expect(chat.answer).to_be_in_viewport()
    log = chat.page.get_by_role("log")
    more, read = log.get_by_role("button", name="Earlier messages"), log.get_by_text(f"Thing {THINGS - 45}", exact=True)

    await log.evaluate("(log) => log.scrollTo(0, 1100)")  # a little less, and more is asked for
    await expect(read).to_be_in_viewport()
    before = await top(read)
    await expect(more).to_have_count(1)
    await log.hover()
    await chat.page.mouse.wheel(0, -WHEEL_PX)
    await expect(more).to_have_count(0)
    await expect(log.get_by_role("status")).to_have_count(0)
    assert abs(await top(read) - before - WHEEL_PX) < 2

    await log.press("Home")
    await expect(log.get_by_text("many things", exact=True)).to_be_in_viewport()
    await chat.page.get_by_role("button", name="Jump to the latest").click()
    await expect(chat.answer).to_be_in_viewport()


async def top(locator: Locator) -> float:
    box = await locator.bounding_box()
    assert box is not None
    return float(box["y"])


async def many_things_said(openclaw: RealGateway, key: str) -> None:
    """A hundred turns would take a minute: one turn, into which everything else is said."""
    gate = Gate()
    openclaw.model.answer("many things", Reply("Noted.", gates={"start": gate}))
    openclaw.model.answer("Thing", Reply("All noted."))
    async with openclaw.connected() as socket:

        async def say(text: str) -> str:
            id = str(uuid.uuid4())
            params = {"sessionKey": key, "message": text, "idempotencyKey": id, "queueMode": "steer"}
            await socket.send(json.dumps({"type": "req", "id": id, "method": "chat.send", "params": params}))
            return id

        turn = await say("many things")
        await openclaw.reached(gate)
        unanswered = {await say(f"Thing {number}") for number in range(1, THINGS + 1)}
        while unanswered:
            unanswered.discard(json.loads(await socket.recv()).get("id"))
        await openclaw.open(gate)
        await rpc(socket, "agent.wait", {"runId": turn, "timeoutMs": 60_000})
