"""What somebody sees whose role lacks something: all that may be read, and why the rest is not for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

from browser.pages import PANELS, Chat
from browser.visitor import visitor

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from browser.house import House

VIEWER: dict[str, tuple[str, str] | None] = {
    "Overview": ("button", "Wake…"),
    "Sessions": ("button", "New session"),
    "Cron": ("button", "Run now: Water the plants"),
    "Usage": None,
    "Agents": ("button", "New agent"),
    "Channels": ("button", "Set up Telegram"),
    "Skills": ("switch", "Use healthcheck"),
    "Config": ("button", "Review and save"),
    "Instances": None,
    "Nodes": None,
    "Logs": None,
    "Debug": None,
}
"""On each panel: what is there and cannot be used, or that there is nothing but reading."""
LOCKED = {
    "Config": ["Read only. Your role does not include operator.admin."],
    "Logs": ["Your role does not include this"],
    "Nodes": [
        "Your role does not include operator.pairing.",
        "Your role does not include operator.admin.",
        "Your role does not include operator.approvals.",
    ],
}
"""What is said on the page itself."""
OPERATOR: dict[str, dict[tuple[str, str], bool]] = {
    "Overview": {("button", "Wake…"): True},
    "Sessions": {("button", "New session"): True},
    "Cron": {("button", "New job"): False, ("button", "Run now: Water the plants"): False},
    "Config": {("button", "Review and save"): False},
}
"""What somebody who may write can do, and what is an admin's all the same."""
SEEN = PANELS | {"Logs": "Log lines needs operator.admin"}
"""The door did not start this gateway: its log may tell of other owners."""


async def test_a_viewer_reads_everything_that_may_be_read(browser: Browser, house: House) -> None:
    """S4: no page breaks for a viewer; what the role lacks is disabled with its reason, not hidden behind an error.
    S3: more is possible as soon as the role allows it; nobody reloads."""
    async with visitor(browser, house, "viewer") as vera:
        app = await vera.sign_in(await house.link_for("vera", "viewer"))
        chat = Chat(app.page)
        await expect(chat.composer).to_be_disabled()
        await expect(chat.composer).to_have_attribute("placeholder", re.compile("operator.write"))
        for title, control in VIEWER.items():
            main = await app.go(title)
            await expect(main).to_contain_text(re.compile(SEEN[title], re.IGNORECASE))
            await expect(main.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
            await expect(main.get_by_role("alert")).to_have_count(0)
            locked = main.get_by_text("Your role does not include")
            await expect(locked).to_have_text(LOCKED.get(title, []))
            if control is not None:
                role, name = control
                await expect(app.page.get_by_role(role, name=name)).to_be_disabled()

        switch = (await app.go("Skills")).get_by_role("switch", name="Use healthcheck")
        await switch.hover()
        await expect(app.page.get_by_role("tooltip")).to_contain_text("operator.admin")

        await house.give("vera", "operator")
        for title, controls in OPERATOR.items():
            await app.go(title)
            for (role, name), usable in controls.items():
                await expect(app.page.get_by_role(role, name=name)).to_be_enabled(enabled=usable)
        await app.go_unloaded("Chat")
        await expect(chat.composer).to_be_enabled()
    assert list(VIEWER) == list(PANELS)
