"""At the width of a phone: nothing is cut off, everything can be reached."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.async_api import expect

from browser.axe import findings
from browser.pages import PANELS
from browser.visitor import visitor
from support.openclaw import rpc
from support.realroad import new_session
from vestibule.testing import Reply

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from browser.house import House
    from support.openclaw import RealGateway

TOO_WIDE = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
SMALL = """(main) => [...main.querySelectorAll("button, input, [role=switch], [role=combobox]")]
  .filter((control) => control.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((control) => control.getBoundingClientRect().height < 24)
  .filter((control) => getComputedStyle(control, "::after").content === "none")
  .filter((control) => !control.closest("[data-clickable]"))
  .map((control) => control.outerHTML.slice(0, 160))"""
"""Controls lower than 24 px, except those whose sensitive area is larger than they look: their own, or their row."""


async def test_every_panel_fits(browser: Browser, house: House) -> None:
    """At 375 px: no panel scrolls sideways; the navigation is a sheet, closed by a choice."""
    async with visitor(browser, house, "phone", phone=True) as ada:
        app = await ada.sign_in()
        small: dict[str, list[str]] = {}
        for title in PANELS:
            await app.page.get_by_role("button", name="Pages").click()
            main = await app.go(title)
            await expect(app.page.get_by_role("dialog", name="Pages")).to_be_hidden()
            await expect(main.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
            assert await app.page.evaluate(TOO_WIDE) <= 0, f"{title} scrolls sideways"
            small[title] = await main.evaluate(SMALL)
        assert {title: controls for title, controls in small.items() if controls} == {}, "too small for a finger"


async def test_chat(browser: Browser, house: House, openclaw: RealGateway) -> None:
    """One writes, reads, finds a chat again in the list, and approves, with a thumb."""
    openclaw.model.answer("written with a thumb", Reply("Read on a phone."))
    key = new_session()
    async with visitor(browser, house, "phone chat", phone=True) as ada:
        page = (await ada.sign_in()).page
        chat = await ada.conversation(key)
        await chat.composer.fill("written with a thumb")
        await page.get_by_role("button", name="Send").tap()
        await chat.ended("Read on a phone.")

        await page.get_by_role("button", name="New chat").tap()
        await expect(chat.answers).to_have_count(0)
        await page.get_by_role("button", name="Chats").tap()
        chats = page.get_by_role("dialog", name="Chats")
        assert await findings(page) == []
        await chats.get_by_role("link", name="Read on a phone.").first.tap()
        await expect(chats).to_be_hidden()
        await expect(chat.answer).to_contain_text("Read on a phone.")

        async with openclaw.connected() as agent:
            wanted = {"command": "echo by phone", "sessionKey": key, "timeoutMs": 60_000, "twoPhase": True}
            await rpc(agent, "exec.approval.request", wanted)
            await expect(chat.approval).to_contain_text("echo by phone")
            assert await page.evaluate(TOO_WIDE) <= 0
            assert await ada.app.main.evaluate(SMALL) == []
            assert await findings(page) == []
            await chat.approval.get_by_role("button", name="Allow once").tap()
            await expect(chat.approval).to_be_hidden()
            decided = json.loads(await agent.recv())
        assert decided["payload"]["decision"] == "allow-once"
