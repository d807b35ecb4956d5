"""The line goes away and comes back: the page stays, says what is wrong, and catches up by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

if TYPE_CHECKING:
    from browser.house import House
    from browser.visitor import Visitor
    from support.openclaw import RealGateway

RECOVERY_MS = 60_000


async def test_a_gateway_that_restarts(ada: Visitor, openclaw: RealGateway) -> None:
    """W12, P8: the last state stays under a banner that says so; after the restart it is fresh, without a reload."""
    main = await ada.app.go("Skills")
    row = main.get_by_role("listitem", name="healthcheck")
    await expect(row).to_be_visible()

    await openclaw.restart_in_process()
    await expect(ada.app.banner).to_contain_text("gateway")
    await expect(row).to_be_visible()

    await ada.app.connected()
    await expect(ada.app.banner).to_be_hidden()
    await expect(row).to_be_visible()


async def test_a_door_that_restarts(ada: Visitor, house: House) -> None:
    """W3: the process ends and comes back at its address; the page comes back by itself, as another connection."""
    main = await ada.app.go("Instances")
    connected = main.get_by_role("heading", name="Connected")
    await expect(connected).to_be_visible()
    before = await main.get_by_role("button", name="Copy the connection's id").locator("..").inner_text()

    await house.stop()
    try:
        await expect(ada.app.banner).to_contain_text("door")
        await expect(connected).to_be_visible()
    finally:
        await house.start()

    await ada.app.connected()
    await expect(main.get_by_text(before, exact=True)).to_be_hidden()


async def test_a_page_that_is_offline(ada: Visitor) -> None:
    """W3, W9: noticed, said, and back at once with the network; a page that was never opened waits in its place."""
    main = await ada.app.go("Instances")
    await expect(main.get_by_role("heading", name="Connected")).to_be_visible()
    await ada.context.set_offline(True)
    await ada.app.go_unloaded("Usage")
    await expect(main.get_by_role("alert")).to_contain_text("Usage could not be loaded")
    await expect(ada.app.banner).to_be_visible(timeout=RECOVERY_MS)
    await ada.context.set_offline(False)
    await ada.app.connected()
    await expect(ada.app.banner).to_be_hidden()
    await ada.app.at("Usage")
