"""WCAG 2.1 AA as far as a program can tell, and the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from browser.axe import findings
from browser.pages import PANELS, SignIn
from browser.visitor import visitor

if TYPE_CHECKING:
    from typing import Literal

    from playwright.async_api import Browser

    from browser.house import House
    from browser.visitor import Visitor


@pytest.mark.parametrize(("scheme", "rule"), [("light", None), ("dark", "color-contrast")], ids=["light", "dark"])
async def test_no_page_has_a_serious_finding(
    browser: Browser, house: House, scheme: Literal["light", "dark"], rule: str | None
) -> None:
    """Every panel and the chat; in the dark it is the colours that may be wrong."""
    async with visitor(browser, house, f"axe {scheme}", scheme=scheme) as ada:
        app = await ada.sign_in()
        found = {"Chat": await findings(app.page, rule=rule)}
        for title in PANELS:
            main = await app.go(title)
            await expect(main.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
            found[title] = await findings(app.page, rule=rule)
    assert {title: lines for title, lines in found.items() if lines} == {}


async def test_the_sign_in_has_no_serious_finding(browser: Browser, house: House) -> None:
    async with visitor(browser, house, "sign-in axe") as somebody:
        app = await somebody.open(house.url)
        await expect(SignIn(app.page).heading).to_be_visible()
        assert await findings(app.page) == []


async def test_windows_have_no_serious_finding(ada: Visitor) -> None:
    """The palette and the connection's details."""
    page = ada.app.page
    await ada.app.palette()
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await ada.app.connection.click()
    await expect(page.get_by_role("button", name="Reconnect now")).to_be_visible()
    assert await findings(page) == []


async def test_the_keyboard_goes_everywhere(ada: Visitor) -> None:
    """Skip link first; the palette finds a page by what it is about."""
    page = ada.app.page
    await page.goto(ada.house.url)
    await ada.app.connected()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()

    await ada.app.palette()
    await page.keyboard.type("devices")
    await page.keyboard.press("Enter")
    await ada.app.at("Nodes")
