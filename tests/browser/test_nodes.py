"""Who may come to the gateway and what the agent may run there, decided in the browser, on the real gateway."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

from support.devices import Device
from support.nodehost import node_host

if TYPE_CHECKING:
    from browser.house import House
    from browser.visitor import Visitor
    from support.openclaw import RealGateway


async def test_nodes_lets_one_in_uses_and_removes_it(ada: Visitor, openclaw: RealGateway) -> None:
    """The commands of a node wait for a yes; then one can be run from here."""
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
        await sheet.get_by_role("combobox", name="Command").click()
        await ada.app.page.get_by_role("option", name="system.which").click()
        await sheet.get_by_role("textbox", name="Parameters").fill('{"bins": ["ls"]}')
        await sheet.get_by_role("button", name="Run", exact=True).click()
        answer = sheet.get_by_role("status", name="Answer of the node")
        await expect(answer).to_contain_text('"bins"')

        await sheet.get_by_role("button", name="Remove").click()
        await ada.app.confirm("Remove node")
        await expect(main.get_by_role("link", name="Kitchen Pi")).to_be_hidden()
    assert (await openclaw.call("node.list"))["nodes"] == []


async def test_nodes_edits_the_rules_and_decides_on_devices(ada: Visitor, openclaw: RealGateway) -> None:
    """By the hash they were read with: what somebody else saved meanwhile is shown, and not overwritten unseen."""
    main = await ada.app.go("Nodes")
    page = ada.app.page
    before = await openclaw.call("exec.approvals.get")
    form = page.get_by_role("dialog", name="Rules for commands")
    file = form.get_by_role("textbox", name="Rules as JSON")

    await main.get_by_role("button", name="Edit rules").click()
    await file.fill(rules("/usr/bin/true"))
    await form.get_by_role("button", name="Save rules").click()
    await expect(form).to_be_hidden()
    await expect(main.get_by_text("1 rule")).to_be_visible()
    saved = await openclaw.call("exec.approvals.get")
    assert [entry["pattern"] for entry in saved["file"]["agents"]["main"]["allowlist"]] == ["/usr/bin/true"]

    await main.get_by_role("button", name="Edit rules").click()
    await file.fill(rules("/usr/bin/false"))
    theirs = json.loads(rules("/usr/bin/env"))
    await openclaw.call("exec.approvals.set", {"file": theirs, "baseHash": saved["hash"]})
    await form.get_by_role("button", name="Save rules").click()
    await expect(form.get_by_role("alert")).to_contain_text("/usr/bin/env")
    await form.get_by_role("button", name="Keep mine").click()
    await form.get_by_role("button", name="Save rules").click()
    await expect(form).to_be_hidden()
    now = await openclaw.call("exec.approvals.get")
    assert [entry["pattern"] for entry in now["file"]["agents"]["main"]["allowlist"]] == ["/usr/bin/false"]
    await openclaw.call("exec.approvals.set", {"file": before["file"], "baseHash": now["hash"]})

    await device_comes_and_goes(ada, openclaw)


async def device_comes_and_goes(ada: Visitor, openclaw: RealGateway) -> None:
    """What it may do is said before it is let in; then its token can be taken away, and so can all of it."""
    main, tablet = ada.app.main, Device("Tablet")
    async with tablet.connected(openclaw, from_a_page=True):
        pass
    request = main.get_by_role("listitem", name="Request of Tablet")
    await request.get_by_role("button", name="Approve").click()
    await expect(ada.app.page.get_by_role("alertdialog")).to_contain_text("operator.read")
    await ada.app.confirm("Let it in")
    row = main.get_by_role("listitem", name="Tablet", exact=True)
    await row.get_by_role("button", name="Revoke the operator token of Tablet").click()
    await ada.app.confirm("Revoke token")
    await expect(row).to_contain_text("revoked")
    await row.get_by_role("button", name="Remove Tablet").click()
    await ada.app.confirm("Remove device")
    await expect(row).to_be_hidden()


async def test_nodes_marks_the_door(ada: Visitor, house: House) -> None:
    """Its own device, however it was paired: nobody removes it here, they come through it."""
    await house.pair()
    main = await ada.app.go("Nodes")
    row = main.get_by_role("listitem").filter(has_text="the door")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("Cannot be removed here")
    await expect(row.get_by_role("button", name=re.compile("^(Remove|Revoke|Rotate) "))).to_have_count(0)


def rules(pattern: str) -> str:
    return json.dumps({"version": 1, "agents": {"main": {"allowlist": [{"pattern": pattern}]}}})


async def test_nodes_tells_what_was_decided(ada: Visitor, openclaw: RealGateway) -> None:
    """W7: a decision made elsewhere appears by event."""
    main = await ada.app.go("Nodes")
    await expect(main.get_by_role("heading", name="Decisions")).to_be_visible()
    asked = {"id": "a-test-asks", "command": "echo decided", "host": "gateway", "agentId": "main", "ask": "always"}
    await openclaw.call("exec.approval.request", {**asked, "timeoutMs": 60_000, "twoPhase": True})
    await openclaw.call("exec.approval.resolve", {"id": "a-test-asks", "decision": "deny"})
    row = main.get_by_role("list", name="Decisions").get_by_role("listitem").filter(has_text="echo decided")
    await expect(row).to_contain_text("denied")
