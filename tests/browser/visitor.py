"""Somebody with a browser: what they see, and what reached them behind the page.

A page that throws, breaks its own security policy or hears a secret fails the test, whatever else it showed.
"""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urljoin

from playwright.async_api import expect

from browser.pages import App, Chat
from support.realroad import new_session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, WebSocket

    from browser.house import House

PICTURES = Path(__file__).parents[2] / ".run" / "browser"
PATIENCE_MS = 20_000
"""A machine with other work takes its time; nothing here measures it."""
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 375, "height": 740}

expect.set_options(timeout=PATIENCE_MS)


class Visitor:
    """One browser profile: its tabs share storage, as a person's do."""

    def __init__(self, context: BrowserContext, house: House) -> None:
        self.context = context
        self.house = house
        self.tabs: list[App] = []
        self.defects: list[str] = []
        self._heard: list[str] = []

    @property
    def app(self) -> App:
        """The first tab."""
        return self.tabs[0]

    async def open(self, url: str) -> App:
        """A new tab at an address."""
        page = await self.context.new_page()
        page.on("pageerror", lambda error: self.defects.append(f"thrown: {error}"))
        page.on("console", self._listen)
        page.on("websocket", self._tap)
        app = App(page)
        self.tabs.append(app)
        await page.goto(url)
        return app

    async def sign_in(self, link: str | None = None) -> App:
        """By the link; returns when the gateway is there."""
        app = await self.open(link or self.house.link)
        await app.connected()
        return app

    async def another_tab(self, place: str = "#/chat") -> App:
        app = await self.open(f"{self.house.url}/{place}")
        await app.connected()
        return app

    async def conversation(self, key: str | None = None) -> Chat:
        """A conversation nobody had before, or the one of this key."""
        page = self.app.page
        await page.goto(urljoin(page.url, f"#/chat/main/{quote(key or new_session(), safe='')}"))
        chat = Chat(page)
        await expect(chat.composer).to_be_enabled()
        return chat

    def heard(self, text: str) -> bool:
        """Whether a frame with this in it reached the browser."""
        return any(text in frame for frame in self._heard)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and re.search(r"Content Security Policy|Uncaught|Warning:", message.text):
            self.defects.append(f"console: {message.text}")

    def _tap(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self._heard.append(str(frame)))


@asynccontextmanager
async def visitor(
    browser: Browser,
    house: House,
    name: str,
    *,
    phone: bool = False,
    viewport: ViewportSize = DESK,
    scale: float = 1,
    scheme: Literal["light", "dark"] = "light",
) -> AsyncIterator[Visitor]:
    """A fresh profile. Leaves a picture of every tab, and judges what was seen."""
    context = await browser.new_context(
        viewport=PHONE if phone else viewport,
        device_scale_factor=scale,
        has_touch=phone,
        is_mobile=phone,
        color_scheme=scheme,
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
        service_workers="block",
    )
    context.set_default_timeout(PATIENCE_MS)
    come = Visitor(context, house)
    try:
        yield come
    finally:
        for number, tab in enumerate(come.tabs):
            await _picture(tab.page, f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}{number or ''}")
        await context.close()
    assert come.defects == []
    assert not come.heard(house.gateway.token), "S1: the gateway's token reached the browser"


async def _picture(page: Page, name: str) -> None:
    if not page.is_closed():
        PICTURES.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=PICTURES / f"{name}.png")
