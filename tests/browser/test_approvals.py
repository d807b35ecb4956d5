"""The agent asks before it acts, and asks what it wants to know: in the conversation, and answered there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from browser.axe import findings
from support.openclaw import rpc
from support.realroad import new_session
from vestibule.testing import Reply, ToolCall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import WebSocketRoute

    from browser.visitor import Visitor
    from support.openclaw import RealGateway

ECHO = ToolCall("exec", {"command": "echo from the tool"})


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def asking(openclaw: RealGateway) -> AsyncIterator[None]:
    """The gateway asks before it runs a command."""

    async def rule(raw: str) -> None:
        await openclaw.call("config.patch", {"raw": raw, "baseHash": (await openclaw.call("config.get"))["hash"]})

    await rule(json.dumps({"tools": {"exec": {"security": "allowlist", "ask": "always", "host": "gateway"}}}))
    yield
    await rule('{"tools":null}')


@pytest.mark.usefixtures("asking")
async def test_approvals(ada: Visitor, openclaw: RealGateway) -> None:
    """C2: what it wants to run, in the conversation; the decision is given there, and the turn goes on to its end.
    Wherever one is meanwhile, the navigation says that something waits."""
    openclaw.model.answer("may you run it", Reply("May I?", tool=ECHO), Reply("That was it."))
    openclaw.model.answer("may you run it again", Reply("May I?", tool=ECHO), Reply("As you wish."))
    chat = await ada.conversation()
    await chat.say("may you run it")
    await expect(chat.approval).to_contain_text("echo from the tool", timeout=60_000)
    assert await findings(chat.page) == []

    await ada.app.go("Instances")
    await expect(ada.app.entry("Chat 1 waits for you")).to_be_visible()
    await chat.page.go_back()
    await chat.approval.get_by_role("button", name="Allow once").click()
    await chat.ended("That was it.")
    await expect(chat.approval).to_be_hidden()
    await expect(chat.answers.first).to_contain_text("Allowed once by you")
    await expect(ada.app.entry("Chat")).to_be_visible()

    await chat.say("may you run it again")
    await chat.approval.get_by_role("button", name="Deny").click(timeout=60_000)
    await chat.ended("As you wish.")
    await expect(chat.answers.last).to_contain_text("Denied by you")


@pytest.mark.usefixtures("asking")
async def test_an_approval_that_others_decide_or_nobody(ada: Visitor, openclaw: RealGateway) -> None:
    """Somebody else is first, and the news of it is not here yet when one decides: then it says who it was
    (`APPROVAL_ALREADY_RESOLVED`). Another one runs out of time."""
    openclaw.model.answer("will somebody let you", Reply("May I?", tool=ECHO), Reply("They let me."))
    key = new_session()
    await ada.context.route_web_socket("**/ws*", slow_to_tell_of_decisions)
    await ada.app.page.reload()
    chat = await ada.conversation(key)
    await chat.say("will somebody let you")
    await expect(chat.approval).to_be_visible(timeout=60_000)

    (asked,) = await openclaw.call("exec.approval.list")
    await openclaw.call("exec.approval.resolve", {"id": asked["id"], "decision": "allow-once"})
    await chat.approval.get_by_role("button", name="Deny").click()
    await expect(chat.answers.first).to_contain_text("Allowed once by gateway-client")
    await chat.ended("They let me.")

    run = asked["request"]["runId"]
    async with openclaw.connected() as another:
        wanted = {"command": "sleep", "sessionKey": key, "runId": run, "timeoutMs": 3_000, "twoPhase": True}
        await rpc(another, "exec.approval.request", wanted)
        await expect(chat.approval).to_contain_text(" s left")
        await expect(chat.approval).to_be_hidden()
        await expect(chat.answers.first).to_contain_text("Nobody decided in time")


def slow_to_tell_of_decisions(socket: WebSocketRoute) -> None:
    """A line on which the news of a decision, and all that follows it, come only after one has decided oneself."""
    door = socket.connect_to_server()
    held: list[str | bytes] = []
    decided = False

    def down(message: str | bytes) -> None:
        if not decided and (held or "exec.approval.resolved" in str(message)):
            held.append(message)
        else:
            socket.send(message)

    def up(message: str | bytes) -> None:
        nonlocal decided
        door.send(message)
        if "exec.approval.resolve" in str(message):
            decided = True
            for late in held:
                socket.send(late)
            held.clear()

    door.on_message(down)
    socket.on_message(up)


async def test_a_question(ada: Visitor, openclaw: RealGateway) -> None:
    """W7: options and words of one's own, in the conversation it belongs to; whoever asked hears what was meant."""
    key = new_session()
    chat = await ada.conversation(key)
    dish = {
        "questionId": "dish",
        "header": "Lunch",
        "question": "What shall I order?",
        "options": [{"label": "Soup", "description": "Of the day"}, {"label": "Salad"}],
    }
    note = {"questionId": "note", "header": "Note", "question": "Anything else?", "options": []}
    asked = await openclaw.call("question.request", {"questions": [dish, note], "sessionKey": key})

    card = chat.page.get_by_role("form", name="Question of the agent")
    await expect(card).to_contain_text("What shall I order?")
    await card.get_by_role("radio", name="Soup").check()
    await expect(card.get_by_role("button", name="Answer", exact=True)).to_be_disabled()
    await card.get_by_label("Anything else?").fill("Hot, please")
    assert await findings(chat.page) == []
    await card.get_by_role("button", name="Answer", exact=True).click()
    await expect(card).to_be_hidden()

    answered = await openclaw.call("question.get", {"id": asked["id"]})
    assert answered["question"]["answers"] == {"answers": {"dish": ["Soup"], "note": ["Hot, please"]}}


async def test_a_question_that_is_left_open(ada: Visitor, openclaw: RealGateway) -> None:
    key = new_session()
    which = {
        "questionId": "which",
        "header": "Which",
        "question": "Which one?",
        "options": [{"label": "A"}, {"label": "B"}],
    }
    asked = await openclaw.call("question.request", {"questions": [which], "sessionKey": key})
    chat = await ada.conversation(key)
    card = chat.page.get_by_role("form", name="Question of the agent")
    await card.get_by_role("button", name="Go on without an answer").click()
    await expect(card).to_be_hidden()
    assert (await openclaw.call("question.get", {"id": asked["id"]}))["question"]["status"] == "cancelled"
