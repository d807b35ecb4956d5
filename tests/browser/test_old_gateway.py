"""A gateway of wire protocol 3: fewer methods. The panels go by its list, and say what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio
from playwright.async_api import expect

from browser.house import House
from browser.pages import PANELS
from browser.visitor import visitor
from vestibule.testing import Reply, ToolCall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest
    from playwright.async_api import Browser

    from support.openclaw import RealGateway

ECHO = ToolCall("exec", {"command": "echo from the tool"})
NOT_OFFERED = "is not part of this gateway's version."
READ = {
    "Overview": "All is well",
    "Sessions": "No sessions yet",
    "Cron": "No jobs yet",
    "Usage": "Tokens per day, by kind",
    "Agents": "main",
    "Channels": "No channel is set up",
    "Skills": "1password",
    "Config": "skipBootstrap",
    "Instances": "Vestibule",
    "Nodes": "No nodes yet",
    "Logs": "log file",
    "Debug": "health",
}
"""What of a fresh gateway of that version is to be read on each panel: none is gated as a whole."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def old_house(
    tmp_path_factory: pytest.TempPathFactory, old_openclaw: RealGateway, built: None
) -> AsyncIterator[House]:
    async with House(tmp_path_factory.mktemp("old"), old_openclaw) as house:
        yield house


async def test_every_panel_reads_what_there_is(browser: Browser, old_house: House) -> None:
    """No panel breaks for want of a method; a part that needs one says which."""
    async with visitor(browser, old_house, "old gateway") as ada:
        app = await ada.sign_in()
        for title, text in READ.items():
            main = await app.go(title)
            await expect(main.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
            await expect(main.get_by_role("alert")).to_have_count(0)
            await expect(main).to_contain_text(text)
            await expect(main.get_by_text(NOT_OFFERED)).to_have_count(0)

        main = await app.go("Agents")
        await main.get_by_role("link", name="main").click()
        await main.get_by_role("tab", name="Commands").click()
        await expect(main).to_contain_text(f"{NOT_OFFERED} Missing: commands.list")
    assert list(READ) == list(PANELS)


async def test_chat(browser: Browser, old_house: House, old_openclaw: RealGateway) -> None:
    """C9: text, a tool call with its result, text again."""
    old_openclaw.model.answer("what does it say here", Reply("Let me see.", tool=ECHO), Reply("It says so."))
    async with visitor(browser, old_house, "old gateway chat") as ada:
        await ada.sign_in()
        chat = await ada.conversation()
        await chat.say("what does it say here")
        await chat.ended("It says so.")
        await chat.answers.first.get_by_role("button", name="echo from the tool").click()
        await expect(chat.answers.first.get_by_role("heading", name="Result")).to_be_visible()
