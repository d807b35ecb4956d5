"""One write of every panel that writes, on the real gateway; each looked at from the gateway's side too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

from browser.patience import until
from support.nodehost import node_host

if TYPE_CHECKING:
    from browser.visitor import Visitor
    from support.openclaw import RealGateway


async def test_overview_wakes_the_agent(ada: Visitor) -> None:
    await ada.app.go("Overview")
    page = ada.app.page
    await page.get_by_role("button", name="Wake…").click()
    dialog = page.get_by_role("dialog", name="Wake the default agent")
    await dialog.get_by_label("What for").fill("The backup has finished.")
    await dialog.get_by_role("radio", name="At the next heartbeat").click()
    await dialog.get_by_role("button", name="Wake", exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("The agent was woken")).to_be_visible()


async def test_sessions_renames_and_deletes(ada: Visitor, openclaw: RealGateway) -> None:
    key = (await openclaw.call("sessions.create", {"label": "for the browser"}))["key"]
    main = await ada.app.go("Sessions")
    await ada.app.menu("Actions for for the browser", "Details and settings")
    sheet = ada.app.page.get_by_role("dialog", name="for the browser")
    await sheet.get_by_label("Name").fill("renamed in the browser")
    await sheet.get_by_role("button", name="Rename").click()
    await ada.app.page.get_by_role("button", name="Close").click()
    await expect(main.get_by_text("renamed in the browser")).to_be_visible()
    assert (await openclaw.call("sessions.describe", {"key": key}))["session"]["label"] == "renamed in the browser"

    await ada.app.menu("Actions for renamed in the browser", "Delete…")
    await ada.app.confirm("Delete")
    await expect(main.get_by_text("renamed in the browser")).to_be_hidden()
    assert (await openclaw.call("sessions.describe", {"key": key}))["session"] is None


async def test_nodes_lets_one_in_and_removes_it(ada: Visitor, openclaw: RealGateway) -> None:
    """The commands of a node wait for a yes; what the gateway says against a second one is shown (W10)."""
    main = await ada.app.go("Nodes")
    async with node_host(openclaw, "Kitchen Pi") as node_id:
        request = main.get_by_role("listitem", name="Request of Kitchen Pi")
        await request.get_by_role("button", name="Approve").click()
        await expect(ada.app.page.get_by_role("alertdialog")).to_contain_text("system.run")
        await ada.app.confirm("Let it in")
        await expect(request).to_be_hidden()
        assert (await openclaw.call("node.describe", {"nodeId": node_id}))["approvalState"] == "approved"

        await main.get_by_role("link", name="Kitchen Pi").click()
        sheet = ada.app.page.get_by_role("dialog", name="Kitchen Pi")
        await expect(sheet).to_contain_text("system.which")
        await sheet.get_by_role("button", name="Remove").click()
        await ada.app.confirm("Remove node")
        await expect(main.get_by_role("link", name="Kitchen Pi")).to_be_hidden()
    assert (await openclaw.call("node.list"))["nodes"] == []


async def test_skills_switches_off_and_on(ada: Visitor, openclaw: RealGateway) -> None:
    main = await ada.app.go("Skills")
    row = main.get_by_role("listitem", name="healthcheck")
    switch = row.get_by_role("switch", name="Use healthcheck")
    await switch.click()
    await expect(row).to_contain_text("Switched off.")
    await until(lambda: is_disabled(openclaw, "healthcheck"))
    await switch.click()
    await expect(row).to_contain_text("Ready")
    await until(lambda: is_disabled(openclaw, "healthcheck", False))


async def is_disabled(openclaw: RealGateway, key: str, disabled: bool = True) -> bool:
    rows = (await openclaw.call("skills.status"))["skills"]
    return next(bool(row["disabled"]) is disabled for row in rows if row["skillKey"] == key)


async def test_debug_calls_what_reads_at_once_and_asks_before_it_writes(ada: Visitor) -> None:
    main = await ada.app.go("Debug")
    await main.get_by_role("group", name="Common reads").get_by_role("button", name="status").click()
    await main.get_by_role("button", name=re.compile("^Call")).click()
    await expect(main).to_contain_text("runtimeVersion")
