"""Writes of the panels through the whole road: config, sessions, cron, and the events they cause."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from vestibule.model import Role
from vestibule.testing import Reply

if TYPE_CHECKING:
    from road.kit import Frame
    from support.openclaw import RealGateway
    from support.realroad import RealRoad

COLOUR = "#336699"


async def test_config_is_written_by_its_hash(road: RealRoad) -> None:
    """W10, R1: with the hash it is taken and all hear of it; with an old one the gateway's own words come back."""
    ada, other = await road.tab("ada"), await road.tab("ada")
    before = (await ada.call("config.get"))["hash"]
    colour = json.dumps({"ui": {"seamColor": COLOUR}})

    written = await ada.call("config.patch", {"raw": colour, "baseHash": before})
    black = '{"ui":{"seamColor":"#000000"}}'
    stale = await ada.ask("config.patch", {"raw": black, "baseHash": before})
    without = await ada.ask("config.patch", {"raw": black})
    heard = await other.event("config.changed")
    now = await other.call("config.get")
    await ada.call("config.patch", {"raw": '{"ui":null}', "baseHash": written["hash"]})
    await ada.event("config.changed", 2)

    assert written["changedPaths"] == ["ui"]
    assert heard["payload"]["hash"] == written["hash"] == now["hash"]
    assert now["config"]["ui"]["seamColor"] == COLOUR
    assert stale["error"]["message"].startswith("config changed since last load")
    assert "hash required" in without["error"]["message"]
    assert "ui" not in (await ada.call("config.get"))["config"]


async def test_secrets_of_a_config_are_hidden_and_survive_being_sent_back(
    road: RealRoad, openclaw: RealGateway
) -> None:
    """S1: not even an admin reads the gateway's token; the whole config written back keeps it."""
    tab = await road.tab("ada")
    config = await tab.call("config.get")

    written = await tab.call("config.set", {"raw": config["raw"], "baseHash": config["hash"]})

    assert config["config"]["gateway"]["auth"]["token"] == "__OPENCLAW_REDACTED__"
    assert written["ok"]
    stored = json.loads((openclaw.state_dir / "openclaw.json").read_text())
    assert stored["gateway"]["auth"]["token"] == openclaw.token


async def test_a_file_of_an_agent_is_written_by_its_hash(road: RealRoad) -> None:
    """What somebody else wrote since it was read is not overwritten; the gateway says that it is a conflict."""
    tab = await road.tab("ada")
    soul = {"agentId": "main", "name": "SOUL.md"}

    first = await tab.call("agents.files.set", {**soul, "content": "Be kind."})
    read = (await tab.call("agents.files.get", soul))["file"]["hash"]
    await tab.call("agents.files.set", {**soul, "content": "Be brave.", "expectedHash": read})
    stale = await tab.ask("agents.files.set", {**soul, "content": "Be quick.", "expectedHash": read})
    now = (await tab.call("agents.files.get", soul))["file"]["content"]
    remove(first["workspace"], "SOUL.md")

    assert stale["error"]["details"]["type"] == "agent_file_conflict"
    assert now == "Be brave."


def remove(folder: str, name: str) -> None:
    """There is no method for it."""
    Path(folder, name).unlink()


async def test_sessions_and_who_hears_of_them(road: RealRoad) -> None:
    """P9, R1: create, patch, delete; `sessions.changed` for those who subscribed, counted per tab."""
    one, other, third = [await road.tab("ada") for _ in range(3)]
    await one.call("sessions.subscribe")
    await other.call("sessions.subscribe")

    created = await one.call("sessions.create", {"label": "made by a test"})
    key = created["key"]
    await one.until(lambda: changes(one.frames, key))
    await other.until(lambda: changes(other.frames, key))
    await other.call("sessions.unsubscribe")
    heard = len(changes(other.frames, key))
    await one.call("sessions.patch", {"key": key, "label": "renamed", "pinned": True})
    await one.until(lambda: labelled(one.frames, key, "renamed"))
    listed = await one.call("sessions.list", {"limit": 100})
    deleted = await one.call("sessions.delete", {"key": key})
    await one.until(lambda: [event for event in changes(one.frames, key) if event["payload"].get("reason") == "delete"])
    await other.ping()
    await third.ping()

    (row,) = [row for row in listed["sessions"] if row["key"] == key]
    assert (row["label"], row["pinned"]) == ("renamed", True)
    assert deleted["deleted"] is True
    assert len(changes(other.frames, key)) == heard
    assert changes(third.frames, key) == []


async def test_messages_of_a_session_for_who_subscribed_to_them(road: RealRoad, openclaw: RealGateway) -> None:
    """R1: `session.message` goes to the tab that wants that session's transcript, to no other."""
    openclaw.model.answer("transcript please", Reply("Here it is."))
    one, other = await road.tab("ada"), await road.tab("ada")
    key = (await one.call("sessions.create", {}))["key"]
    await one.call("sessions.messages.subscribe", {"key": key})

    await other.answer("transcript please", sessionKey=key)
    await one.until(lambda: roles(one.events("session.message")) >= {"user", "assistant"})
    await other.ping()

    assert {event["payload"]["sessionKey"] for event in one.events("session.message")} == {key}
    assert other.events("session.message") == []
    await one.call("sessions.delete", {"key": key})


async def test_a_cron_job_runs_and_nobodys_chat_is_disturbed(road: RealRoad, openclaw: RealGateway) -> None:
    """R1: add, run, remove, each with its event; the job's run is nobody's turn."""
    openclaw.model.answer("what the clock says", Reply("It is time."))
    await road.members("ada", ("vera", Role.VIEWER))
    ada, vera = await road.tab("ada"), await road.tab("vera")

    job = await ada.call(
        "cron.add",
        {
            "name": "from a test",
            "schedule": {"kind": "every", "everyMs": 3_600_000},
            "sessionTarget": "isolated",
            "wakeMode": "now",
            "payload": {"kind": "agentTurn", "message": "what the clock says"},
            "delivery": {"mode": "none"},
        },
    )
    run = await ada.call("cron.run", {"id": job["id"], "mode": "force"})
    await vera.until(lambda: "finished" in actions(vera.frames, job["id"]))
    runs = await ada.call("cron.runs", {"id": job["id"], "limit": 5})
    removed = await ada.call("cron.remove", {"id": job["id"]})
    await vera.until(lambda: "removed" in actions(vera.frames, job["id"]))

    assert run["enqueued"] is True
    assert (runs["entries"][0]["status"], runs["entries"][0]["summary"]) == ("ok", "It is time.")
    assert removed["removed"] is True
    assert actions(vera.frames, job["id"]) == ["added", "started", "finished", "removed"]
    for tab in (ada, vera):
        assert not [frame for kind in ("chunk", "done", "error", "thinking", "tool_start") for frame in tab.of(kind)]
    assert [event for event in vera.events() if event["event"] in ("chat", "agent")] == []


async def test_events_are_numbered_without_holes(road: RealRoad) -> None:
    """`seq` counts each client's frames from 1, whatever the gateway numbered and whoever else was told."""
    one, other = await road.tab("ada"), await road.tab("ada")
    await one.call("sessions.subscribe")
    key = (await one.call("sessions.create", {}))["key"]
    await one.call("sessions.patch", {"key": key, "label": "numbered"})
    await one.until(lambda: labelled(one.frames, key, "numbered"))
    await one.call("sessions.delete", {"key": key})
    await other.ping()

    for tab in (one, other):
        assert [frame["seq"] for frame in tab.pushed] == list(range(1, len(tab.pushed) + 1))
    assert len(other.pushed) < len(one.pushed)


def changes(frames: list[Frame], key: str) -> list[Frame]:
    """The events `sessions.changed` of a session."""
    events = [frame for frame in frames if frame.get("event") == "sessions.changed"]
    return [event for event in events if event["payload"].get("sessionKey") == key]


def labelled(frames: list[Frame], key: str, label: str) -> list[Frame]:
    return [event for event in changes(frames, key) if (event["payload"].get("session") or {}).get("label") == label]


def roles(events: list[Frame]) -> set[str]:
    return {event["payload"]["message"]["role"] for event in events}


def actions(frames: list[Frame], job: str) -> list[str]:
    """What the events `cron` say of a job."""
    events = [frame["payload"] for frame in frames if frame.get("event") == "cron"]
    return [event["action"] for event in events if event["jobId"] == job and event["action"] != "updated"]
