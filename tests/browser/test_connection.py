"""The line goes away and comes back: the page stays, says what is wrong, and catches up by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import expect

from browser.axe import findings
from browser.house import House
from browser.visitor import visitor
from vestibule.testing import Fault, SimulatedGateway

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

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


async def test_a_door_that_restarts(ada: Visitor, house: House, openclaw: RealGateway) -> None:
    """W3, W8: the process ends and comes back at its address; the page comes back by itself, and asks anew."""
    main = await ada.app.go("Skills")
    row = main.get_by_role("listitem", name="healthcheck")
    await expect(row).to_contain_text("Ready")

    await house.stop()
    try:
        await expect(ada.app.banner).to_contain_text("door")
        await expect(row).to_contain_text("Ready")
        await openclaw.call("skills.update", {"skillKey": "healthcheck", "enabled": False})
    finally:
        await house.start()

    await ada.app.connected()
    await expect(row).to_contain_text("Switched off.")
    await openclaw.call("skills.update", {"skillKey": "healthcheck", "enabled": True})
    await expect(row).to_contain_text("Ready")


async def test_a_door_with_a_newer_app(ada: Visitor) -> None:
    """Files that are gone reload the page only where the door serves another app; else the page stays."""
    page = ada.app.page
    await page.evaluate("window.stayed = true")
    await page.route("**/assets/*.js", lambda route: route.abort())
    await ada.app.go_unloaded("Usage")
    missing = ada.app.main.get_by_role("alert")
    await expect(missing).to_contain_text("Usage could not be loaded")
    assert await page.evaluate("window.stayed") is True

    await page.route(f"{ada.house.url}/", lambda route: route.fulfill(content_type="text/html", body="The next one"))
    await missing.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("The next one")).to_be_visible()


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


async def test_a_gateway_that_is_down_is_tried_on_demand(browser: Browser, built: None, tmp_path: Path) -> None:
    """The gate says what is wrong; whoever has mended it need not wait until the door would try again (30 s)."""
    async with (
        SimulatedGateway(faults=[Fault.NOT_PAIRED]) as gateway,
        House(tmp_path, gateway) as house,
        visitor(browser, house, "gate") as ada,
    ):
        app = await ada.open(house.link)
        await expect(app.main.get_by_role("heading", name="Your gateway is down")).to_be_visible()
        await expect(app.main).to_contain_text("The gateway has not approved the door's device yet.")
        assert await findings(app.page) == []
        gateway.clear_faults()

        await app.main.get_by_role("button", name="Try now").click()
        await app.connected()
        await expect(app.page.get_by_label("Message Main")).to_be_enabled()
