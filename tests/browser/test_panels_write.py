"""One write of every panel that writes, on the real gateway, which is asked what came of it where it can tell."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

from browser.patience import until
from support.realroad import said
from vestibule.testing import Reply

if TYPE_CHECKING:
    from browser.visitor import Visitor
    from support.openclaw import RealGateway


async def test_overview_wakes_the_agent(ada: Visitor, openclaw: RealGateway) -> None:
    """At once: what it is woken for is what its model hears next."""
    await ada.app.go("Overview")
    page = ada.app.page
    await page.get_by_role("button", name="Wake…").click()
    dialog = page.get_by_role("dialog", name="Wake the default agent")
    await dialog.get_by_label("What for").fill("The backup has finished.")
    await dialog.get_by_role("radio", name="Now").click()
    await dialog.get_by_role("button", name="Wake", exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("The agent was woken")).to_be_visible()

    async def heard() -> bool:
        return any("The backup has finished." in json.dumps(asked) for asked in openclaw.model.requests)

    await until(heard)


async def test_sessions_talks_renames_and_deletes(ada: Visitor, openclaw: RealGateway) -> None:
    """What is said into a session, and a note left in it, show in what was said last, and in the transcript."""
    openclaw.model.answer("who waters the roses", Reply("The neighbour does."))
    key = (await openclaw.call("sessions.create", {"label": "for the browser"}))["key"]
    main = await ada.app.go("Sessions")
    await ada.app.menu("Actions for for the browser", "Details and settings")
    sheet = ada.app.page.get_by_role("dialog", name="for the browser")
    await sheet.get_by_role("textbox", name="Text").fill("who waters the roses")
    await sheet.get_by_role("button", name="Send message").click()
    await expect(sheet).to_contain_text("The neighbour does.", timeout=60_000)
    await sheet.get_by_role("textbox", name="Text").fill("He is away in May.")
    await sheet.get_by_role("button", name="Leave note").click()
    await expect(sheet.get_by_role("listitem").filter(has_text="He is away in May.")).to_be_visible()
    history = await openclaw.call("chat.history", {"sessionKey": key})
    assert history["messages"][0]["content"] == "who waters the roses"
    assert said(history) == ["The neighbour does.", "He is away in May."]

    await sheet.get_by_label("Name").fill("renamed in the browser")
    await sheet.get_by_role("button", name="Rename").click()
    await ada.app.page.get_by_role("button", name="Close").click()
    await expect(main.get_by_text("renamed in the browser")).to_be_visible()
    assert (await openclaw.call("sessions.describe", {"key": key}))["session"]["label"] == "renamed in the browser"

    await ada.app.menu("Actions for renamed in the browser", "Archive")
    await expect(main.get_by_text("renamed in the browser")).to_be_hidden()
    await main.get_by_role("radio", name="Archived").click()
    await ada.app.menu("Actions for renamed in the browser", "Restore from the archive")
    await expect(main.get_by_text("renamed in the browser")).to_be_hidden()
    await main.get_by_role("radio", name="Active").click()

    await ada.app.menu("Actions for renamed in the browser", "Delete…")
    await ada.app.confirm("Delete session")
    await expect(main.get_by_text("renamed in the browser")).to_be_hidden()
    assert (await openclaw.call("sessions.describe", {"key": key}))["session"] is None


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


async def test_skills_sets_and_removes_a_variable(ada: Visitor, openclaw: RealGateway) -> None:
    """S1: its value goes up and is never read again."""
    main = await ada.app.go("Skills")
    await main.get_by_role("button", name="Variables of healthcheck").click()
    window = ada.app.page.get_by_role("dialog", name="Variables of healthcheck")
    await window.get_by_label("Name").fill("CHECK_TOKEN")
    await window.get_by_label("Value").fill("made-up-by-a-test")
    await window.get_by_role("button", name="Save variable").click()
    await expect(window.get_by_role("list", name="Variables that are set")).to_contain_text("CHECK_TOKEN")
    assert stored_env(openclaw) == {"CHECK_TOKEN": "made-up-by-a-test"}
    assert not ada.heard("made-up-by-a-test")

    await window.get_by_role("button", name="Remove CHECK_TOKEN").click()
    await ada.app.confirm("Remove variable")
    await expect(window.get_by_role("list", name="Variables that are set")).to_be_hidden()
    assert stored_env(openclaw) == {}


def stored_env(openclaw: RealGateway) -> dict[str, str]:
    stored = json.loads((openclaw.state_dir / "openclaw.json").read_text())
    env: dict[str, str] = stored["skills"]["entries"]["healthcheck"].get("env", {})
    return env


async def is_disabled(openclaw: RealGateway, key: str, disabled: bool = True) -> bool:
    rows = (await openclaw.call("skills.status"))["skills"]
    return next(bool(row["disabled"]) is disabled for row in rows if row["skillKey"] == key)


async def test_debug_calls_what_reads_at_once_and_asks_before_it_writes(ada: Visitor, openclaw: RealGateway) -> None:
    main = await ada.app.go("Debug")
    await main.get_by_role("group", name="Common reads").get_by_role("button", name="status").click()
    await main.get_by_role("button", name=re.compile("^Call")).click()
    await expect(main).to_contain_text("runtimeVersion")

    await main.get_by_role("searchbox", name=re.compile("^Search .* methods$")).fill("sessions.create")
    await main.get_by_text("sessions.create", exact=True).click()
    await main.get_by_role("textbox", name="Parameters of sessions.create").fill("{ label: 'made by hand' }")
    await main.get_by_role("button", name=re.compile("^Call")).click()
    await expect(ada.app.page.get_by_role("alertdialog")).to_contain_text("It may change something")
    assert await labelled(openclaw, "made by hand") == []
    await ada.app.confirm("Call")
    await until(lambda: is_there(openclaw, "made by hand"))
    (key,) = await labelled(openclaw, "made by hand")
    await openclaw.call("sessions.delete", {"key": key})


async def labelled(openclaw: RealGateway, label: str) -> list[str]:
    rows = (await openclaw.call("sessions.list", {"limit": 50}))["sessions"]
    return [row["key"] for row in rows if row.get("label") == label]


async def is_there(openclaw: RealGateway, label: str) -> bool:
    return await labelled(openclaw, label) != []


async def test_cron_adds_runs_and_deletes_a_job(ada: Visitor, openclaw: RealGateway) -> None:
    """The result of a run comes by event, into the window that is open. The palette begins it."""
    openclaw.model.answer("is the shed tidy", Reply("It is tidy now."))
    page, main = ada.app.page, ada.app.main
    await ada.app.palette()
    await page.keyboard.type("new cron job")
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="New job")
    await form.get_by_label("Name").fill("Tidy the shed")
    await form.get_by_label("Message").fill("is the shed tidy")
    await form.get_by_role("button", name="Add job").click()
    await expect(form).to_be_hidden()

    await main.get_by_role("button", name="Run now: Tidy the shed").click()
    await main.get_by_role("button", name="Tidy the shed", exact=True).click()
    sheet = page.get_by_role("dialog", name="Tidy the shed")
    await expect(sheet).to_contain_text("It is tidy now.", timeout=60_000)

    await sheet.get_by_role("button", name="Delete").click()
    await ada.app.confirm("Delete job")
    await expect(main.get_by_text("Tidy the shed")).to_be_hidden()
    jobs = (await openclaw.call("cron.list", {"includeDisabled": True}))["jobs"]
    assert "Tidy the shed" not in [job["name"] for job in jobs]


async def test_agents_creates_and_deletes_one(ada: Visitor, openclaw: RealGateway) -> None:
    """A new agent is not listed at once: it is shown as soon as it is there, and one can go on with it."""
    main = await ada.app.go("Agents")
    page = ada.app.page
    await page.get_by_role("button", name="New agent").click()
    form = page.get_by_role("dialog", name="New agent")
    await form.get_by_label("Name").fill("Gardener")
    await form.get_by_role("button", name="Create agent").click()
    await expect(main.get_by_role("navigation", name="Files of the agent")).to_be_visible(timeout=60_000)
    await until(lambda: has_agent(openclaw, "gardener"))

    await page.get_by_role("button", name="Delete…").click()
    await page.get_by_role("checkbox", name="Delete its files too").check()
    await ada.app.confirm("Delete agent")
    await expect(page.get_by_role("button", name="New agent")).to_be_visible()
    await until(lambda: has_agent(openclaw, "gardener", False))


async def has_agent(openclaw: RealGateway, agent_id: str, listed: bool = True) -> bool:
    """The gateway's list follows its config with some delay."""
    rows = (await openclaw.call("agents.list"))["agents"]
    return (agent_id in [agent["id"] for agent in rows]) is listed


async def test_config_shows_what_changes_and_saves_it(ada: Visitor, openclaw: RealGateway) -> None:
    """What is not JSON5 cannot be saved; what will change is shown before it is; a change from elsewhere appears."""
    main = await ada.app.go("Config")
    page = ada.app.page
    editor = main.get_by_role("textbox", name="Config file")
    await expect(editor).to_contain_text("models")
    before = (await openclaw.call("config.get"))["raw"]

    await editor.fill("{ nonsense")
    await expect(main.get_by_role("button", name="Review and save")).to_be_disabled()
    await editor.fill(json.dumps({**json.loads(before), "ui": {"seamColor": "#336699"}}, indent=2))
    await main.get_by_role("button", name="Review and save").click()
    review = page.get_by_role("dialog", name="Save the config?")
    await expect(review).to_contain_text("#336699")
    await review.get_by_role("button", name=re.compile("^Save")).click()
    await expect(review).to_be_hidden()

    now = await openclaw.call("config.get")
    assert now["config"]["ui"]["seamColor"] == "#336699"
    await openclaw.call("config.patch", {"raw": '{"ui":null}', "baseHash": now["hash"]})
    await expect(editor).not_to_contain_text("#336699")


async def test_config_changed_elsewhere_is_a_conflict_and_nothing_is_lost(ada: Visitor, openclaw: RealGateway) -> None:
    """By its hash: what somebody else saved meanwhile is compared, and mine goes on top of it."""
    main = await ada.app.go("Config")
    page = ada.app.page
    editor = main.get_by_role("textbox", name="Config file")
    await expect(editor).to_contain_text("models")
    opened = await openclaw.call("config.get")
    await editor.fill(json.dumps({**json.loads(opened["raw"]), "ui": {"seamColor": "#336699"}}, indent=2))
    await openclaw.call("config.patch", {"raw": theirs("UTC"), "baseHash": opened["hash"]})

    await expect(main.get_by_role("alert")).to_contain_text("changed elsewhere")
    await main.get_by_role("button", name="Compare").click()
    await page.get_by_role("dialog", name="Two versions").get_by_role("button", name="Put mine on top").click()
    await main.get_by_role("button", name="Review and save").click()
    await page.get_by_role("dialog", name="Save the config?").get_by_role("button", name=re.compile("^Save")).click()
    await until(lambda: has_colour(openclaw, "#336699"))

    now = await openclaw.call("config.get")
    assert now["config"]["agents"]["defaults"]["userTimezone"] == "UTC"
    await openclaw.call("config.patch", {"raw": theirs(None, ui=None), "baseHash": now["hash"]})


def theirs(zone: str | None, **more: None) -> str:
    return json.dumps({"agents": {"defaults": {"userTimezone": zone}}, **more})


async def has_colour(openclaw: RealGateway, colour: str) -> bool:
    ui = (await openclaw.call("config.get"))["config"].get("ui") or {}
    return ui.get("seamColor") == colour


async def test_channels_say_what_the_gateway_says(ada: Visitor) -> None:
    """W10: a login that the gateway does not have fails in the window where it was asked for, in its own words."""
    main = await ada.app.go("Channels")
    await main.get_by_role("button", name="Link device").click()
    window = ada.app.page.get_by_role("dialog", name="Link a device to WhatsApp")
    await expect(window.get_by_role("alert")).to_contain_text("web login provider is not available")


async def test_channels_stores_a_token(ada: Visitor, openclaw: RealGateway) -> None:
    """S1: it goes into the gateway's config and is never read again."""
    main = await ada.app.go("Channels")
    await main.get_by_role("button", name="Set up Mattermost").click()
    window = ada.app.page.get_by_role("dialog", name="Set up Mattermost")
    await window.get_by_label("Bot Token").fill("made-up-by-a-test")
    await window.get_by_role("button", name="Save").click()
    await expect(window).to_be_hidden()

    stored = json.loads((openclaw.state_dir / "openclaw.json").read_text())
    assert stored["channels"]["mattermost"]["botToken"] == "made-up-by-a-test"
    assert not ada.heard("made-up-by-a-test")
    now = (await openclaw.call("config.get"))["hash"]
    await openclaw.call("config.patch", {"raw": '{"channels":null}', "baseHash": now})
