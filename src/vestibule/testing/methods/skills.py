"""`skills.*`: what is installed, what is missing."""

from __future__ import annotations

import asyncio
from typing import Any

from vestibule.testing.methods import Call, method
from vestibule.testing.wire import JSON, RpcError
from vestibule.testing.world import WORKSPACE


@method("skills.status")
def status(call: Call) -> JSON:
    """All skills."""
    agent_id = call.params.get("agentId", "main")
    call.world.agent(agent_id)
    directory = "/home/openclaw/.openclaw/skills"
    return {"workspaceDir": WORKSPACE, "managedSkillsDir": directory, "agentId": agent_id, "skills": call.world.skills}


@method("skills.update")
def update(call: Call) -> JSON:
    """Enable, disable, set a key; keys are never read back."""
    key = call.text("skillKey")
    skill = _skill(call, "skillKey", key)
    entry: JSON = call.world.config.parsed.setdefault("skills", {}).setdefault("entries", {}).setdefault(key, {})
    enabled = call.params.get("enabled")
    if enabled is not None:
        skill["disabled"] = not enabled
        entry["enabled"] = bool(enabled)
    if call.params.get("apiKey") is not None:
        entry["apiKey"] = call.params["apiKey"]
        _provide(skill, "env", [skill.get("primaryEnv")])
    if isinstance(call.params.get("env"), dict):
        entry.setdefault("env", {}).update(call.params["env"])
        _provide(skill, "env", list(call.params["env"]))
    _settle(skill)
    _changed(call)
    shown = {name: "__OPENCLAW_REDACTED__" if name == "apiKey" else value for name, value in entry.items()}
    return {"ok": True, "skillKey": key, "config": shown}


@method("skills.install")
def install(call: Call) -> Any:
    """Install what a skill lacks."""
    skill = _skill(call, "name", call.text("name"))
    wanted = call.params.get("installId")
    if not any(each["id"] == wanted for each in skill["install"]):
        raise RpcError(f"Installer not found: {wanted}", code="UNAVAILABLE")
    return _install(call, skill)


async def _install(call: Call, skill: JSON) -> JSON:
    await asyncio.sleep(0.01)
    _provide(skill, "bins", list(skill["requirements"]["bins"]))
    _settle(skill)
    call.after(lambda: _tell(call))
    return {"ok": True, "message": "Installed", "stdout": "done\n", "stderr": "", "code": 0}


@method("skills.search")
def search(call: Call) -> JSON:
    """Skills in the library."""
    query = str(call.params.get("query") or "").lower()
    rows = [{"slug": s["name"], "displayName": s["name"], "summary": s["description"]} for s in call.world.skills]
    return {"results": [row for row in rows if query in f"{row['slug']} {row['summary']}".lower()]}


@method("skills.detail")
def detail(call: Call) -> JSON:
    """One skill of the library."""
    skill = _skill(call, "name", call.text("slug"))
    return {"skill": {"slug": skill["name"], "displayName": skill["name"], "summary": skill["description"]}}


def _skill(call: Call, field: str, value: str) -> JSON:
    for skill in call.world.skills:
        if skill[field] == value:
            return skill
    raise RpcError(f"unknown skill: {value}")


def _provide(skill: JSON, kind: str, names: list[Any]) -> None:
    skill["missing"][kind] = [each for each in skill["missing"][kind] if each not in names]


def _settle(skill: JSON) -> None:
    skill["eligible"] = not skill["disabled"] and not any(skill["missing"].values())


def _changed(call: Call) -> None:
    call.after(lambda: _tell(call))


def _tell(call: Call) -> None:
    if call.gateway.protocol == 4:
        call.gateway.broadcast("skills.changed", {"ts": call.gateway.now_ms()})
