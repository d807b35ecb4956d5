"""Every panel shows what the real gateway says: loaded, without an error; what changes comes by event."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import expect

from browser.pages import PANELS
from browser.patience import until
from browser.visitor import visitor
from support.nodehost import node_host
from vestibule.edge.http.page import STATIC

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, WebSocket

    from browser.house import House
    from browser.visitor import Visitor
    from support.openclaw import RealGateway


ASKED: list[str] = []
"""What the walk asked over HTTP."""
SOCKETS: list[WebSocket] = []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def walking(browser: Browser, house: House) -> AsyncIterator[Visitor]:
    """Somebody who goes from panel to panel in one tab."""
    async with visitor(browser, house, "walk through the panels") as ada:
        ada.context.on("request", lambda request: ASKED.append(f"{request.method} {urlsplit(request.url).path}"))
        ada.context.on("page", lambda page: page.on("websocket", lambda socket: SOCKETS.append(socket)))
        await ada.sign_in()
        yield ada


@pytest.mark.parametrize("title", PANELS)
async def test_a_panel_reads(walking: Visitor, title: str) -> None:
    """The heading, the data, no error, and nothing that still loads."""
    main = await walking.app.go(title)
    await expect(main).to_contain_text(re.compile(PANELS[title], re.IGNORECASE))
    await expect(main.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
    await expect(main.get_by_role("alert")).to_have_count(0)


async def test_the_walk_asked_nothing_over_http(walking: Visitor) -> None:
    """One socket, the files of the app, and once the service's data where the connection is explained."""
    await walking.app.connection.click()
    await expect(walking.app.page.get_by_text("openclaw-local")).to_be_visible()
    await walking.app.page.keyboard.press("Escape")

    assert [asked for asked in ASKED if not is_file(asked)] == ["GET /api/v1/container/status"]
    assert len(ASKED) > len(PANELS), "the count counts"
    assert len(SOCKETS) == 1


def is_file(asked: str) -> bool:
    """Of the app as it was built; `/` is its page."""
    method, _, path = asked.partition(" ")
    return method == "GET" and (STATIC / "app" / (path.removeprefix("/") or "index.html")).is_file()


async def test_all_there_ever_was(walking: Visitor) -> None:
    """Usage without a beginning; a job by an address that nothing is at."""
    main = await walking.app.go("Usage")
    await main.get_by_role("radio", name="All", exact=True).click()
    await expect(main.get_by_role("heading", name=re.compile("Per (day|week)"))).to_be_visible()
    await expect(main.get_by_role("alert")).to_have_count(0)

    await walking.app.page.goto(f"{walking.house.url}/#/panels/cron/never-was")
    await expect(walking.app.page.get_by_role("dialog", name="Job")).to_contain_text("There is no such job")
    await walking.app.page.keyboard.press("Escape")


async def test_the_log_is_paused_copied_and_downloaded(walking: Visitor, openclaw: RealGateway) -> None:
    """What is shown is what one gets; paused, nothing is added, and nothing is lost when it goes on."""
    page, main = walking.app.page, await walking.app.go("Logs")
    row = main.get_by_text("unknown method: no.such.method.here").first
    await main.get_by_role("button", name="Pause").click()
    await expect(page.get_by_text(re.compile("^Paused"))).to_be_visible()
    with pytest.raises(AssertionError, match="unknown method"):
        await openclaw.call("no.such.method.here")
    await until(lambda: is_written(openclaw, "no.such.method.here"))
    await expect(row).to_be_hidden()

    await main.get_by_role("button", name="Resume").click()
    await main.get_by_role("searchbox", name="Search the log").fill("no.such.method.here")
    await expect(row).to_be_visible()
    await main.get_by_role("button", name="Pause").click()
    await main.get_by_role("button", name="Copy the shown lines").click()
    await expect(main.get_by_role("button", name="Copied")).to_be_visible()
    copied = await page.evaluate("() => navigator.clipboard.readText()")
    async with page.expect_download() as downloading:
        await main.get_by_role("button", name="Download the shown lines").click()
    download = await downloading.value
    assert download.suggested_filename == "openclaw.log"
    assert (await download.path()).read_text().strip() == copied
    assert {"no.such.method.here" in line for line in copied.splitlines()} == {True}


async def is_written(openclaw: RealGateway, text: str) -> bool:
    return any(text in line for line in (await openclaw.call("logs.tail", {"limit": 200}))["lines"])


async def test_a_node_appears_while_one_looks(ada: Visitor, openclaw: RealGateway) -> None:
    """W7: by event, on two panels; nobody reloads."""
    nodes = await ada.another_tab("#/panels/nodes")
    instances = await ada.another_tab("#/panels/instances")
    async with node_host(openclaw, "Garden robot") as node_id:
        await expect(nodes.main.get_by_role("link", name="Garden robot")).to_contain_text("Connected")
        await expect(instances.main.get_by_role("heading", name="Garden robot")).to_be_visible()
    await expect(nodes.main.get_by_role("link", name="Garden robot")).to_contain_text("Last seen")
    await openclaw.call("node.pair.remove", {"nodeId": node_id})
    await expect(nodes.main.get_by_role("link", name="Garden robot")).to_be_hidden()


async def test_a_tab_that_comes_and_goes_is_listed_in_another(ada: Visitor) -> None:
    """W7: who came through the door, by the door's own event."""
    main = await ada.app.go("Instances")
    clients = main.get_by_role("list", name="Clients of the door").get_by_role("listitem")
    await expect(clients.filter(has_text="this page")).to_contain_text("Chrome")
    before = await clients.count()
    tab = await ada.another_tab()
    await expect(clients).to_have_count(before + 1)
    await tab.page.close()
    await expect(clients).to_have_count(before)
