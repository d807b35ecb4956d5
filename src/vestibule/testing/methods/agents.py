"""`agents.*`, `tools.*`, `commands.list`: agents with their files and tools."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import Any

from vestibule.testing.methods import Call, method
from vestibule.testing.wire import JSON, RpcError
from vestibule.testing.world import payload

INVISIBLE_MS = 300
_DEFAULT_MODEL = {"primary": "simulated/sim-1"}


@method("agents.list")
def listed(call: Call) -> JSON:
    """The agents; a new one is left out for a moment, as after the gateway's config reload."""
    now = call.gateway.now_ms()
    rows = []
    for agent in call.world.agents.values():
        if agent["visibleAtMs"] > now:
            continue
        model = {"primary": agent["model"]} if agent["model"] else _DEFAULT_MODEL
        row = {"id": agent["id"], "name": agent["name"], "workspace": agent["workspace"], "model": model}
        row["identity"] = {"name": agent["name"], "emoji": agent["emoji"], "avatar": agent["avatar"]}
        row |= {"defaultPermissionMode": "default", "thinkingOptions": ["off", "low", "medium", "high"]}
        row |= {"thinkingDefault": "off", "agentRuntime": {"id": "openclaw", "source": "default"}}
        rows.append(row)
    return {"defaultId": "main", "mainKey": "main", "scope": "per-sender", "agents": rows}


@method("agent.identity.get")
def identity(call: Call) -> JSON:
    """Name and avatar."""
    agent = call.world.agent(call.params.get("agentId", "main"))
    return {"agentId": agent["id"], "name": agent["name"], "avatar": agent["avatar"] or agent["emoji"]}


@method("agents.create")
def create(call: Call) -> JSON:
    """A new agent: visible after a short while."""
    name = call.text("name").strip()
    agent_id = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64]
    if not agent_id or agent_id == "main":
        raise RpcError('"main" is reserved' if agent_id else "agent name must contain a letter or a digit")
    if agent_id in call.world.agents:
        raise RpcError(f'agent "{agent_id}" already exists')
    fields = {key: call.params.get(key) for key in ("workspace", "model", "emoji", "avatar")}
    visible_at_ms = call.gateway.now_ms() + INVISIBLE_MS
    agent = call.world.add_agent(agent_id, name=name, visible_at_ms=visible_at_ms, **fields)
    call.after(lambda: call.gateway.spawn(_show(call), f"show:{agent_id}"))
    return {"ok": True, "agentId": agent_id, "name": name, "workspace": agent["workspace"]}


async def _show(call: Call) -> None:
    await asyncio.sleep(INVISIBLE_MS / 1000)
    _config_changed(call)


@method("agents.update")
def update(call: Call) -> JSON:
    """Change name, model, emoji or avatar."""
    agent = call.world.agent(call.text("agentId"))
    for field in ("name", "model", "emoji", "avatar", "workspace"):
        if field in call.params:
            agent[field] = call.params[field]
    call.after(lambda: _config_changed(call))
    return {"ok": True, "agentId": agent["id"]}


@method("agents.delete")
def delete(call: Call) -> JSON:
    """Remove an agent; the main one stays."""
    agent = call.world.agent(call.text("agentId"))
    if agent["id"] == "main":
        raise RpcError('"main" cannot be deleted')
    del call.world.agents[agent["id"]]
    for key in [key for key, row in call.world.sessions.items() if row["agentId"] == agent["id"]]:
        call.gateway.runs.abort(key)
        call.world.forget(key)
    call.after(lambda: _config_changed(call))
    removed = [agent["workspace"]] if call.params.get("deleteFiles", True) else []
    return {"ok": True, "agentId": agent["id"], "removedBindings": 0, "removed": removed, "failed": []}


@method("agents.files.list")
def files(call: Call) -> JSON:
    """The workspace files an agent is made of."""
    agent = call.world.agent(call.text("agentId"))
    rows = []
    for file in agent["files"].values():
        missing = file["content"] is None
        row = {"name": file["name"], "path": file["path"], "missing": missing}
        if missing:
            row["expectedAbsent"] = file["name"] in ("BOOTSTRAP.md", "HEARTBEAT.md", "MEMORY.md")
        else:
            row |= {"size": len(file["content"].encode()), "updatedAtMs": file["updatedAtMs"]}
        rows.append(row)
    return {"agentId": agent["id"], "workspace": agent["workspace"], "files": rows}


@method("agents.files.get")
def file_get(call: Call) -> JSON:
    """One file."""
    agent = call.world.agent(call.text("agentId"))
    return {"agentId": agent["id"], "workspace": agent["workspace"], "file": _file(agent, call.text("name"))}


@method("agents.files.set")
def file_set(call: Call) -> JSON:
    """Write one file; with `expectedHash` only if it still is what was read."""
    agent = call.world.agent(call.text("agentId"))
    name, content = call.text("name"), call.params["content"]
    present, expected = _file(agent, name), call.params.get("expectedHash")
    if expected is not None and expected != present.get("hash"):
        current = {"currentHash": present["hash"]} if "hash" in present else {}
        raise RpcError(
            f'agent file "{name}" changed since it was read',
            details={"type": "agent_file_conflict", "name": name, **current},
        )
    agent["files"][name] |= {"content": str(content), "updatedAtMs": call.gateway.now_ms()}
    return {"ok": True, "agentId": agent["id"], "workspace": agent["workspace"], "file": _file(agent, name)}


@method("tools.catalog")
def catalog(call: Call) -> JSON:
    """All tools there are."""
    agent = call.world.agent(call.params.get("agentId", "main"))
    return {"agentId": agent["id"], **payload("tools_catalog")}


@method("tools.effective")
def effective(call: Call) -> JSON:
    """The tools a session can use."""
    key = call.world.normal_key(call.text("sessionKey"))
    if key not in call.world.sessions:
        raise RpcError(f'unknown session key "{key}"')
    groups = payload("tools_catalog")["groups"]
    return {"agentId": call.world.sessions[key]["agentId"], "profile": "full", "groups": groups, "notices": []}


@method("commands.list")
def commands(call: Call) -> JSON:
    """Slash commands."""
    return {"commands": payload("commands")}


def _file(agent: JSON, name: str) -> JSON:
    file = agent["files"].get(name)
    if file is None:
        raise RpcError(f'unsupported file "{name}"')
    if file["content"] is None:
        return {"name": name, "path": file["path"], "missing": True}
    data = file["content"].encode()
    shown: JSON = {"name": name, "path": file["path"], "missing": False, "size": len(data)}
    return shown | {
        "updatedAtMs": file["updatedAtMs"],
        "content": file["content"],
        "hash": hashlib.sha256(data).hexdigest(),
    }


def _config_changed(call: Call) -> None:
    config: Any = call.world.config
    event = {"path": config.path, "hash": config.hash, "ts": call.gateway.now_ms()}
    if call.gateway.protocol == 4:
        call.gateway.broadcast("config.changed", event)
