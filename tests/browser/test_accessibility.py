"""WCAG 2.1 AA as far as a program can tell, and the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from browser.axe import findings
from browser.pages import PANELS, SignIn
from browser.visitor import visitor
from support.nodehost import node_host

if TYPE_CHECKING:
    from typing import Literal

    from playwright.async_api import Browser

    from browser.house import House
    from browser.visitor import Visitor
    from support.openclaw import RealGateway

AGENT_TABS = {"identity": "Emoji", "files": "AGENTS.md", "tools": "exec", "commands": "/help"}
"""The parts of an agent's page, and what is to be read on each."""


@pytest.mark.parametrize(("scheme", "rule"), [("light", None), ("dark", "color-contrast")], ids=["light", "dark"])
async def test_no_page_has_a_serious_finding(
    browser: Browser, house: House, scheme: Literal["light", "dark"], rule: str | None
) -> None:
    """Every panel and the chat; in the dark it is the colours that may be wrong."""
    async with visitor(browser, house, f"axe {scheme}", scheme=scheme) as ada:
        app = await ada.sign_in()
        found = {"Chat": await findings(app.page, rule=rule)}
        for title in PANELS:
            main = await app.go(title)
            await expect(main.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
            found[title] = await findings(app.page, rule=rule)
    assert {title: lines for title, lines in found.items() if lines} == {}


async def test_the_sign_in_has_no_serious_finding(browser: Browser, house: House) -> None:
    async with visitor(browser, house, "sign-in axe") as somebody:
        app = await somebody.open(house.url)
        await expect(SignIn(app.page).heading).to_be_visible()
        assert await findings(app.page) == []


async def test_windows_have_no_serious_finding(ada: Visitor, openclaw: RealGateway) -> None:
    """What opens above a page: the palette, popovers, menus, dialogs, sheets, and the question before a deletion;
    and what is behind the first tab of a page."""
    app, page = ada.app, ada.app.page
    found: dict[str, list[str]] = {}

    async def judged(name: str, role: Literal["dialog", "alertdialog", "menu"]) -> None:
        window = page.get_by_role(role)
        await expect(window).to_be_visible()
        found[name] = await findings(page)
        await page.keyboard.press("Escape")
        await expect(window).to_be_hidden()

    await app.palette()
    await judged("palette", "dialog")
    await page.keyboard.press("?")
    await judged("keyboard shortcuts", "dialog")
    await app.connection.click()
    await judged("connection", "dialog")
    await page.get_by_role("button", name="Account: ").click()
    await judged("account", "menu")
    await page.get_by_role("button", name="Agent: ").click()
    await judged("agents", "menu")

    main = await app.go("Sessions")
    await main.get_by_role("button", name="Actions for Dinner plans").click()
    await judged("actions of a session", "menu")
    await app.menu("Actions for Dinner plans", "Details and settings")
    await judged("details of a session", "dialog")
    await app.menu("Actions for Dinner plans", "Delete…")
    await judged("before a deletion", "alertdialog")
    main = await app.go("Cron")
    await main.get_by_role("button", name="New job").click()
    await judged("new job", "dialog")
    await main.get_by_role("button", name="Water the plants", exact=True).click()
    await judged("job", "dialog")
    await main.get_by_role("radio", name="All runs").click()
    await expect(main.get_by_role("radiogroup", name="Which runs")).to_be_visible()
    found["all runs"] = await findings(page)

    await app.go("Agents")
    for tab, sign in AGENT_TABS.items():
        await page.goto(f"{ada.house.url}/#/panels/agents/main/{tab}")
        await expect(app.main.get_by_role("tabpanel")).to_contain_text(sign)
        found[f"agent: {tab}"] = await findings(page)
    main = await app.go("Skills")
    await main.get_by_role("button", name="Variables of healthcheck").click()
    await judged("variables of a skill", "dialog")
    await main.get_by_role("button", name="Set the API key of ").first.click()
    await judged("key of a skill", "dialog")
    main = await app.go("Config")
    await main.get_by_role("textbox", name="Config file").fill("{}")
    await main.get_by_role("button", name="Review and save").click()
    await judged("review of a config", "dialog")
    await main.get_by_role("button", name="Discard").click()
    await page.goto(f"{ada.house.url}/#/panels/usage/agent:main:main")
    await judged("usage of a session", "dialog")
    for tab in ("events", "frames", "connection"):
        await app.go("Debug")
        await page.goto(f"{ada.house.url}/#/panels/debug/{tab}")
        await expect(app.main.get_by_role("radio", name=tab.capitalize())).to_be_checked()
        found[f"debug: {tab}"] = await findings(page)
    main = await app.go("Nodes")
    async with node_host(openclaw, "Attic Pi") as node_id:
        await main.get_by_role("link", name="Attic Pi").click()
        await judged("node", "dialog")
        await openclaw.call("node.pair.remove", {"nodeId": node_id})
    assert {name: lines for name, lines in found.items() if lines} == {}


async def test_the_keyboard_goes_everywhere(ada: Visitor) -> None:
    """Skip link first; the palette finds a page by what it is about."""
    page = ada.app.page
    await page.goto(ada.house.url)
    await ada.app.connected()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()

    await ada.app.palette()
    await page.keyboard.type("devices")
    await page.keyboard.press("Enter")
    await ada.app.at("Nodes")
