"""At the width of a phone: nothing is cut off, everything can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from browser.pages import PANELS
from browser.visitor import visitor

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from browser.house import House

TOO_WIDE = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
SMALL = """(main) => [...main.querySelectorAll("button, input, [role=switch], [role=combobox]")]
  .filter((control) => control.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((control) => control.getBoundingClientRect().height < 24)
  .filter((control) => getComputedStyle(control, "::after").content === "none")
  .filter((control) => !control.closest("[data-clickable]"))
  .map((control) => control.outerHTML.slice(0, 160))"""
"""Controls lower than 24 px, except those whose sensitive area is larger than they look: their own, or their row."""


async def test_every_panel_fits(browser: Browser, house: House) -> None:
    """No panel scrolls sideways at 375 px, and the navigation is a sheet that closes behind a choice."""
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
