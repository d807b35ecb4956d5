"""What a person sees and does, by the names that are on the screen or read aloud."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

GATEWAY_START_MS = 60_000
PANELS = {
    "Overview": "All is well|Needs a look",
    "Sessions": "Dinner plans",
    "Cron": "Water the plants",
    "Usage": "Tokens",
    "Agents": "main",
    "Channels": "Telegram",
    "Skills": "healthcheck",
    "Config": "gateway",
    "Instances": "Gateway",
    "Nodes": "No nodes yet",
    "Logs": "gateway",
    "Debug": "health",
}
"""What is to be read on each. The session and the job are the furniture's."""


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

    def entry(self, name: str) -> Locator:
        """Of the navigation, by all that is read aloud of it."""
        return self.page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True)

    async def connected(self) -> None:
        await expect(self.connection).to_have_accessible_name("Connection: Connected", timeout=GATEWAY_START_MS)

    async def go(self, title: str) -> Locator:
        """To a page by the navigation; its heading is there when this returns."""
        await self.go_unloaded(title)
        return await self.at(title)

    async def go_unloaded(self, title: str) -> None:
        """To a page by the navigation, whether or not its files can be had."""
        await self.entry(title).click()

    async def at(self, title: str) -> Locator:
        await expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return self.main

    async def palette(self) -> None:
        """By the keyboard; one can type when this returns."""
        await self.page.keyboard.press("Control+k")
        await expect(self.page.get_by_role("dialog", name="Go to anything").get_by_role("combobox")).to_be_focused()

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


class Chat:
    """The conversation of a tab. Each test has one of its own: `await ada.conversation()`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def composer(self) -> Locator:
        return self.page.get_by_label(re.compile("^Message "))

    @property
    def said(self) -> Locator:
        """What the person said, oldest first."""
        return self.page.get_by_role("article", name="You said")

    @property
    def answers(self) -> Locator:
        """What the agent said, one per run, oldest first."""
        return self.page.get_by_role("article", name=re.compile(" said$")).and_(
            self.page.locator(":not([aria-label='You said'])")
        )

    @property
    def answer(self) -> Locator:
        """The last of them."""
        return self.answers.last

    @property
    def approval(self) -> Locator:
        return self.page.get_by_role("region", name="Approval wanted")

    async def say(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")
        await expect(self.said.last).to_contain_text(text)

    async def choose_agent(self, name: str) -> None:
        await self.page.get_by_role("button", name=re.compile("^Agent: ")).click()
        await self.page.get_by_role("menuitemradio", name=name).click()

    async def stop(self) -> None:
        await self.composer.press("Escape")

    async def ended(self, text: str, *, timeout_ms: float = 60_000) -> None:
        """The last answer is this, and nothing runs any more. The first turn of a gateway takes its time."""
        await expect(self.answer).to_contain_text(text, timeout=timeout_ms)
        await expect(self.answer).to_have_attribute("aria-busy", "false")
