"""The front end talks over the one socket, and lives by what the gateway tells it."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import expect

from browser.visitor import visitor
from support.waiting import settled

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from browser.house import House

WEB = Path(__file__).parents[2] / "web"
FOLDERS = (WEB / "app" / "src", WEB / "packages" / "client" / "src", WEB / "packages" / "react" / "src")
ASKS = re.compile(r"\b(?:fetch|XMLHttpRequest|sendBeacon|EventSource|WebTransport)\b")
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
KNOWN = {
    "app/src/chat/message/tool-view.ts": "names of tools, for their icons",
    "app/src/shell/gateway/service.ts": "the service's data: GET api/v1/container/status",
    "app/src/shell/update.ts": "whether the door serves a newer app: its page",
    "packages/client/src/api.ts": "the type of what an environment hands in",
    "packages/client/src/credential.ts": "the single-use ticket for the socket: POST api/v1/ws/ticket",
    "packages/client/src/environment.ts": "the browser's own, handed in",
}

LOOKED_AT = ("Overview", "Sessions", "Cron", "Usage", "Instances", "Nodes", "Logs")
QUIET_S = 10.0
POLLED = {"logs.tail"}
"""The gateway has no event for its log."""


def asking() -> dict[str, str]:
    """The sources that speak of a way to ask over HTTP, without their comments."""
    found = {}
    for path in (path for folder in FOLDERS for path in folder.rglob("*.ts*")):
        code = COMMENT.sub("", path.read_text())
        if ".test." not in path.name and "testing" not in path.parts and ASKS.search(code):
            found[str(path.relative_to(WEB))] = code
    return found


def test_there_is_no_http_rpc_in_the_front_end() -> None:
    """Whoever asks over HTTP is known by name, and asks what stands there."""
    found = asking()
    assert set(found) == set(KNOWN)
    addresses = {(name, path) for name, code in found.items() for path in re.findall(r"api/v1/[\w/-]+", code)}
    assert addresses == {
        ("app/src/shell/gateway/service.ts", "api/v1/container/status"),
        ("packages/client/src/credential.ts", "api/v1/ws/ticket"),
    }


async def test_panels_live_by_events(browser: Browser, house: House) -> None:
    """W7: where nothing happens nothing is asked. Only the log is."""
    async with visitor(browser, house, "quiet") as ada:
        calls: list[str] = []
        ada.context.on("page", lambda page: listen(page, calls))
        await ada.sign_in()
        for title in LOOKED_AT:
            tab = await ada.another_tab(f"#/panels/{title.lower()}")
            await expect(tab.main.get_by_role("status").filter(has_text="Loading")).to_have_count(0)

        async with asyncio.timeout(6 * QUIET_S):
            await settled(lambda: len([method for method in calls if method not in POLLED]), for_s=QUIET_S)
        assert set(calls) > POLLED, "the count counts"


def listen(page: Page, calls: list[str]) -> None:
    """Note the method of each call that leaves the page."""

    def sent(frame: str | bytes) -> None:
        said = json.loads(frame)
        if said["type"] == "req":
            calls.append(said["method"])

    page.on("websocket", lambda socket: socket.on("framesent", sent))
