"""The conversation, as a person has it: it streams, stops, and goes on after a reload."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from playwright.async_api import expect

from browser.axe import findings
from browser.pages import Chat
from browser.patience import until
from browser.visitor import visitor
from support.realroad import new_session, said
from vestibule.testing import FaultProxy, Gate, Reply, ToolCall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from browser.house import House
    from browser.visitor import Visitor
    from support.openclaw import RealGateway

ECHO = ToolCall("exec", {"command": "echo from the tool"})


async def test_an_answer_with_a_tool_call(ada: Visitor, openclaw: RealGateway) -> None:
    """C9: text, the call with its arguments and its result, text again."""
    openclaw.model.answer("what does it say here", Reply("Let me **see**.", tool=ECHO), Reply("It says so."))
    chat = await ada.conversation()
    await chat.say("what does it say here")

    await chat.ended("It says so.")
    await expect(chat.answers.first.locator("strong")).to_have_text("see")
    await chat.answers.first.get_by_role("button", name="echo from the tool").click()
    await expect(chat.answers.first.get_by_role("heading", name="Arguments")).to_be_visible()
    await expect(chat.answers.first.get_by_role("heading", name="Result")).to_be_visible()
    assert await findings(chat.page) == []


async def test_stop_keeps_what_was_said(ada: Visitor, openclaw: RealGateway) -> None:
    """C10: by the Escape key; the text so far stays, and the composer is free."""
    gate = Gate()
    openclaw.model.answer("never mind this", Reply("one two three four", gates={"chunk:2": gate}))
    chat = await ada.conversation()
    await chat.say("never mind this")
    await expect(chat.answer).to_contain_text("one two", timeout=60_000)

    await chat.stop()
    await expect(chat.answer).to_have_attribute("aria-busy", "false")
    await openclaw.open(gate)
    await expect(chat.answer).to_contain_text("one two")
    await expect(chat.answer).not_to_contain_text("three")
    await expect(chat.page.get_by_role("button", name="Stop", exact=True)).to_be_hidden()


async def test_a_reload_in_the_middle_of_an_answer(ada: Visitor, openclaw: RealGateway) -> None:
    """C6, C3: the page is loaded anew while the agent speaks; the answer goes on where it was, no word twice.

    And what somebody called the conversation before stays its name.
    """
    gate = Gate()
    openclaw.model.answer("tell it slowly", Reply("first half, second half", gates={"chunk:2": gate}))
    session = await openclaw.call("sessions.create", {"label": "A name I chose"})
    chat = await ada.conversation(session["key"])
    await chat.say("tell it slowly")
    await expect(chat.answer).to_contain_text("first half", timeout=60_000)

    await chat.page.reload()
    await expect(chat.answer).to_contain_text("first half")
    await openclaw.open(gate)

    await chat.ended("first half, second half")
    await expect(chat.answers).to_have_count(1)
    await expect(chat.said).to_have_count(1)
    described = await openclaw.call("sessions.describe", {"key": session["key"]})
    assert described["session"]["label"] == "A name I chose"
    await openclaw.call("sessions.delete", {"key": session["key"]})


async def test_another_page_in_the_middle_of_an_answer(ada: Visitor, openclaw: RealGateway) -> None:
    """W9: one looks at a panel meanwhile; what was said is there when one comes back."""
    gate = Gate()
    openclaw.model.answer("I look away", Reply("before, after", gates={"chunk:1": gate}))
    chat = await ada.conversation()
    address = chat.page.url
    await chat.say("I look away")
    await expect(chat.answer).to_contain_text("before", timeout=60_000)

    await ada.app.go("Instances")
    await openclaw.open(gate)
    await chat.page.goto(address)

    await chat.ended("before, after")


async def test_two_tabs_on_one_conversation(ada: Visitor, openclaw: RealGateway) -> None:
    """R1: both see both sides while they are said; a message from the other tab is no answer of ours."""
    openclaw.model.answer("from the left", Reply("To the left."))
    openclaw.model.answer("from the right", Reply("To the right."))
    key = new_session()
    left = await ada.conversation(key)
    right = Chat((await ada.open(left.page.url)).page)
    await expect(right.composer).to_be_enabled(timeout=60_000)

    await left.say("from the left")
    await right.ended("To the left.")
    await expect(right.said).to_contain_text(["from the left"])
    await right.say("from the right")

    await left.ended("To the right.")
    await right.ended("To the right.")
    for tab in (left, right):
        await expect(tab.said).to_contain_text(["from the left", "from the right"])
        await expect(tab.answers).to_have_count(2)


async def test_what_is_said_offline_goes_out_later(ada: Visitor, openclaw: RealGateway) -> None:
    """C7: marked as waiting, sent once when the line is back."""
    openclaw.model.answer("said in a tunnel", Reply("Heard at last."))
    chat = await ada.conversation()
    await ada.context.set_offline(True)
    await expect(chat.page.get_by_text("Not connected. What you send waits")).to_be_visible()
    await chat.say("said in a tunnel")
    await expect(chat.said.last).to_contain_text("Queued")

    await ada.context.set_offline(False)
    await chat.ended("Heard at last.")
    await expect(chat.said).to_have_count(1)
    assert len([body for body in openclaw.model.requests if "said in a tunnel" in str(body["messages"])]) == 1


async def test_a_failed_run_says_why_and_can_be_tried_again(ada: Visitor, openclaw: RealGateway) -> None:
    """C8, W10: the gateway's own words in the conversation, once, and the way to go on, also after a reload."""
    openclaw.model.answer("will you fail", Reply("no such key", status=401))
    key = (await openclaw.call("sessions.create", {"model": "failing/demo"}))["key"]
    chat = await ada.conversation(key)
    await chat.say("will you fail")

    failed = chat.answers.last.get_by_role("alert")
    await expect(failed).to_contain_text("401", timeout=60_000)
    await chat.page.reload()
    await expect(failed).to_contain_text("401")
    await expect(chat.answers.last.get_by_text("401")).to_have_count(1)
    await openclaw.call("sessions.patch", {"key": key, "model": "demo/demo"})
    openclaw.model.answer("will you fail", Reply("Not this time."))
    await failed.get_by_role("button", name="Try again").click()
    await chat.ended("Not this time.")
    await expect(chat.page.get_by_role("button", name="Try again")).to_have_count(0)
    await openclaw.call("sessions.delete", {"key": key})


async def test_what_is_said_into_a_running_answer(ada: Visitor, openclaw: RealGateway) -> None:
    """C2: it joins the turn, and is answered once; the order is that of the history, which a reload shows."""
    gate = Gate()
    openclaw.model.answer("the first of two", Reply("About the first.", gates={"chunk:2": gate}))
    openclaw.model.answer("the second of two", Reply("And the second."))
    chat = await ada.conversation()
    await chat.say("the first of two")
    await expect(chat.answer).to_contain_text("About the", timeout=60_000)
    await chat.say("the second of two")
    await openclaw.open(gate)

    for _ in ("told live", "read from the history"):
        await chat.ended("And the second.")
        await expect(chat.said).to_contain_text(["the first of two", "the second of two"])
        await expect(chat.answers).to_contain_text(["About the first.", "And the second."])
        await chat.page.reload()


async def test_another_agent_and_what_it_thinks(ada: Visitor, openclaw: RealGateway) -> None:
    """C9, C1: chosen in the list of chats; its thinking is folded away until it is asked for; each agent has a
    conversation of its own."""
    openclaw.model.answer("the roses", Reply("Cut them in March.", thinking="Frost would kill the shoots."))
    agent = (await openclaw.call("agents.create", {"name": "Gardener"}))["agentId"]
    page = ada.app.page
    chat = Chat(page)
    await chat.choose_agent("Gardener")
    await expect(page.get_by_label("Message Gardener")).to_be_enabled()
    await chat.say("think of the roses")
    await chat.ended("Cut them in March.")

    await expect(chat.answer).not_to_contain_text("Frost")
    await chat.answer.get_by_role("button", name="Thought").click()
    await expect(chat.answer).to_contain_text("Frost would kill the shoots.")
    await chat.choose_agent("Main")
    await expect(page.get_by_label("Message Main")).to_be_enabled()
    await expect(page.get_by_text("think of the roses")).to_be_hidden()
    await openclaw.call("agents.delete", {"agentId": agent})


async def test_a_machine_that_sleeps_in_the_middle_of_an_answer(
    browser: Browser, house: House, openclaw: RealGateway
) -> None:
    """C6, W4: nothing runs in the page, and its line is dead when it wakes, without a word of anybody. The page
    notices; when there is a network again the answer goes on where it was, no word of it twice."""
    gate, key = Gate(), new_session()
    openclaw.model.answer("while I sleep", Reply("before, after", gates={"chunk:1": gate}))
    async with FaultProxy(house.url) as network, visitor(browser, house, "sleep") as ada:
        app = await ada.sign_in(house.link.replace(house.url, network.url))
        chat = await ada.conversation(key)
        await chat.say("while I sleep")
        await expect(chat.answer).to_contain_text("before", timeout=60_000)

        async with asleep(app.page):
            network.blackhole()
            await openclaw.open(gate)
            await until(lambda: is_said(openclaw, key, "before, after"))
        await expect(app.connection).to_have_accessible_name("Connection: Reconnecting")
        await expect(chat.answer).to_have_text(re.compile("^before"))

        network.pass_through()
        await app.connected()
        await chat.ended("before, after")
        await expect(chat.answers).to_have_count(1)


@asynccontextmanager
async def asleep(page: Page) -> AsyncIterator[None]:
    """No line of the page's code runs meanwhile."""
    session = await page.context.new_cdp_session(page)
    await session.send("Debugger.enable")
    async with asyncio.timeout(10):
        stopped = asyncio.Event()
        session.on("Debugger.paused", lambda _event: stopped.set())
        await session.send("Debugger.pause")
        await stopped.wait()
    yield
    await session.send("Debugger.resume")
    await session.detach()


async def is_said(openclaw: RealGateway, key: str, text: str) -> bool:
    return text in said(await openclaw.call("chat.history", {"sessionKey": key, "limit": 10}))
