"""What a person sees and does, by the names that are on the screen or read aloud."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

GATEWAY_START_MS = 60_000


class App:
    """A tab of the web app."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # the frame around every page

    @property
    def connection(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^Connection: "))

    @property
    def banner(self) -> Locator:
        """Above the page while something is wrong."""
        return self.page.get_by_role("status").filter(has_text="last known state")

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    async def connected(self) -> None:
        await expect(self.connection).to_have_accessible_name("Connection: Connected", timeout=GATEWAY_START_MS)

    async def go(self, title: str) -> Locator:
        """To a page by the navigation; its heading is there when this returns."""
        await self.page.get_by_role("navigation", name="Pages").get_by_role("link", name=title, exact=True).click()
        return await self.at(title)

    async def at(self, title: str) -> Locator:
        await expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return self.main

    async def menu(self, button: str, item: str) -> None:
        await self.page.get_by_role("button", name=button).click()
        await self.page.get_by_role("menuitem", name=item).click()

    async def confirm(self, action: str) -> None:
        """In the window that asks."""
        asks = self.page.get_by_role("alertdialog")
        await asks.get_by_role("button", name=action, exact=True).click()
        await expect(asks).to_be_hidden()


class SignIn:
    """The page of whoever comes without a token."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", name="Sign in to Vestibule")

    @property
    def reason(self) -> Locator:
        return self.page.get_by_role("alert")

    async def with_text(self, text: str, *, remember: bool = True) -> None:
        await self.page.get_by_label("Sign-in link or token").fill(text)
        await self.page.get_by_role("checkbox", name="Remember on this device").set_checked(remember)
        await self.page.get_by_role("button", name="Sign in").click()
