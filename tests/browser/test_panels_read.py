"""Every panel shows what the real gateway says: loaded, without an error; what changes comes by event."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from browser.pages import PANELS
from browser.visitor import visitor
from support.nodehost import node_host

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

    from browser.house import House
    from browser.visitor import Visitor
    from support.openclaw import RealGateway


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def walking(browser: Browser, house: House) -> AsyncIterator[Visitor]:
    """Somebody who goes from panel to panel in one tab."""
    async with visitor(browser, house, "walk through the panels") as ada:
        await ada.sign_in()
        yield ada


@pytest.mark.parametrize("title", PANELS)
async def test_a_panel_reads(walking: Visitor, title: str) -> None:
    """The heading, the data, no error, and nothing that still loads."""
    main = await walking.app.go(title)
    await expect(main).to_contain_text(re.compile(PANELS[title], re.IGNORECASE))
    await expect(main.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
    await expect(main.get_by_role("alert")).to_have_count(0)


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
