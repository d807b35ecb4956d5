"""An agent's life at the real gateway: it comes and goes by a change of the config, and has files of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from road.kit import Frame, Tab
    from support.realroad import RealRoad


async def test_an_agent_is_made_changed_and_deleted(road: RealRoad) -> None:
    """W7: each change is heard by `config.changed`, as there is no event of agents; then all tabs have the new list."""
    ada, other = await road.tab("ada"), await road.tab("ada")

    created = await ada.call("agents.create", {"name": "Shed", "model": "failing/demo", "emoji": "🌱"})
    shed = {"agentId": created["agentId"]}
    made = await listed(other, created["agentId"], 1)
    await ada.call("agents.update", {**shed, "name": "Greenhouse", "model": "demo/demo", "emoji": "🪴"})
    changed = await listed(other, created["agentId"], 2)
    identity = await other.call("agent.identity.get", shed)
    files = (await other.call("agents.files.list", shed))["files"]
    saved = await ada.call("agents.files.set", {**shed, "name": "SOUL.md", "content": "Be green."})
    read = (await other.call("agents.files.get", {**shed, "name": "SOUL.md"}))["file"]
    strange = await ada.ask("agents.files.get", {**shed, "name": "../openclaw.json"})
    deleted = await ada.call("agents.delete", {**shed, "deleteFiles": True})

    assert made is not None
    assert (made["name"], made["identity"]["emoji"], made["model"]["primary"]) == ("Shed", "🌱", "failing/demo")
    assert changed is not None
    assert (changed["name"], changed["model"]["primary"]) == ("Greenhouse", "demo/demo")
    assert (identity["name"], identity["avatar"]) == ("Greenhouse", "🪴")
    assert {"AGENTS.md", "SOUL.md"} <= {file["name"] for file in files}
    assert (read["content"], read["hash"]) == ("Be green.", saved["file"]["hash"])
    assert "unsupported file" in strange["error"]["message"]
    assert deleted["failed"] == []
    assert await listed(other, created["agentId"], 3) is None


async def listed(tab: Tab, agent: str, n: int) -> Frame | None:
    """The agent as the gateway lists it after the n-th change of its config."""
    await tab.event("config.changed", n)
    rows = (await tab.call("agents.list"))["agents"]
    return next((dict(row) for row in rows if row["id"] == agent), None)
