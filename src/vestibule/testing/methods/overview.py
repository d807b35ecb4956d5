"""`health`, `status`, presence, models, tasks, logs, restart: the gateway about itself."""

from __future__ import annotations

import asyncio

from vestibule.testing.methods import Call, method
from vestibule.testing.wire import JSON, RpcError
from vestibule.testing.world import payload


@method("health")
def health(call: Call) -> JSON:
    """Is it well."""
    return call.world.health()


@method("status")
def status(call: Call) -> JSON:
    """More than `health`, less for those who may only read."""
    world = call.world
    rows = world.sorted_sessions()
    recent = [{"key": row["key"], "agentId": row["agentId"], "updatedAt": row["updatedAt"]} for row in rows[:5]]
    active = sum(task["status"] == "running" for task in world.tasks)
    failures = sum(task["status"] == "failed" for task in world.tasks)
    answer: JSON = {
        "runtimeVersion": call.gateway.version,
        "heartbeat": {"defaultAgentId": "main", "agents": [{"agentId": "main", "enabled": world.heartbeats_enabled}]},
        "channelSummary": [],
        "queuedSystemEvents": [],
        "tasks": {"total": len(world.tasks), "active": active, "failures": failures, "byStatus": {}},
        "sessions": {"count": len(rows), "recent": recent, "byAgent": []},
        "eventLoop": payload("health")["eventLoop"],
        "degradedPlugins": [],
    }
    if "operator.admin" in call.connection.scopes:
        answer |= {"pid": 4_242, "processMemory": {"rssBytes": 812_000_000, "heapUsedBytes": 310_000_000}}
    if call.gateway.leaky:
        answer["debug"] = {"gatewayToken": call.gateway.token}
    return answer


@method("system.info")
def info(call: Call) -> JSON:
    """The host."""
    gib = 1024**3
    return {
        "machineName": "simulated",
        "hostname": "simulated",
        "osLabel": "Linux",
        "arch": "x64",
        "nodeVersion": "v24.21.0",
        "lanAddress": "192.0.2.10",
        "cpuModel": "Simulated CPU",
        "cpuCount": 2,
        "loadAverage": [0.12, 0.2, 0.18],
        "memoryTotalBytes": 8 * gib,
        "memoryFreeBytes": 5 * gib,
        "diskTotalBytes": 100 * gib,
        "diskAvailableBytes": 71 * gib,
        "uptimeMs": call.gateway.now_ms() - call.world.started_ms,
    }


@method("gateway.identity.get")
def identity(call: Call) -> JSON:
    """The gateway's own device."""
    return {"deviceId": "0" * 64, "publicKey": "A" * 43}


@method("system-presence")
def presence(call: Call) -> list[JSON]:
    """Who is connected: backends and command lines do not show."""
    return call.world.presence()


@method("last-heartbeat")
def heartbeat(call: Call) -> JSON:
    """The last time the agent woke by itself."""
    return {"ts": call.world.started_ms, "status": "skipped", "reason": "no-route", "durationMs": 3}


@method("set-heartbeats")
def set_heartbeats(call: Call) -> JSON:
    """Let the agent wake by itself, or not."""
    enabled = call.params.get("enabled")
    if not isinstance(enabled, bool):
        raise RpcError("invalid set-heartbeats params: enabled (boolean) required")
    call.world.heartbeats_enabled = enabled
    return {"ok": True, "enabled": enabled}


@method("wake")
def wake(call: Call) -> JSON:
    """Wake the agent."""
    if call.params["mode"] not in ("now", "next-heartbeat"):
        raise call.invalid("at /mode: must be equal to one of the allowed values")
    if call.params["mode"] == "now":
        event = {"ts": call.gateway.now_ms(), "status": "ok-token", "reason": "wake", "durationMs": 5}
        call.emit_after("heartbeat", event)
    return {"ok": True}


@method("system-event")
def system_event(call: Call) -> JSON:
    """Tell the agent something."""
    if not str(call.params.get("text") or "").strip():
        raise RpcError("text required")
    call.emit_after("presence", {"presence": call.world.presence()})
    return {"ok": True}


@method("models.list")
def models(call: Call) -> JSON:
    """What can be chosen."""
    return {"models": payload("models")}


@method("models.authStatus")
def models_auth(call: Call) -> JSON:
    """Which providers have credentials."""
    provider = {"provider": "simulated", "displayName": "Simulated", "status": "ok", "profiles": []}
    return {"ts": call.gateway.now_ms(), "providers": [provider]}


@method("tasks.list")
def tasks(call: Call) -> JSON:
    """Background work, newest first."""
    rows = [row for row in reversed(call.world.tasks)]
    if wanted := call.params.get("status"):
        wanted = [wanted] if isinstance(wanted, str) else wanted
        rows = [row for row in rows if row["status"] in wanted]
    return {"tasks": rows[: int(call.params.get("limit") or 100)], "nextCursor": None}


@method("update.status")
def update(call: Call) -> JSON:
    """Is there a newer version."""
    schedule = {"channel": "stable", "autoApply": False}
    return {"sentinel": None, "updateAvailable": None, "effectiveChannel": "stable", "schedule": schedule}


@method("gateway.restart.preflight")
def preflight(call: Call) -> JSON:
    """Would a restart interrupt anything."""
    idle = call.gateway.runs.is_idle()
    return {
        "safe": idle,
        "counts": {"activeRuns": 0 if idle else 1, "queueSize": 0},
        "blockers": [] if idle else [{"kind": "active-run", "message": "1 run is active"}],
        "summary": "idle" if idle else "1 active run",
    }


@method("gateway.restart.request")
def restart(call: Call) -> JSON:
    """Restart in place: `shutdown`, 1012, back."""
    call.after(lambda: call.gateway.spawn(_restart(call), "restart"))
    restart = {"pid": 4_242, "signal": "SIGUSR2", "delayMs": 0}
    return {"ok": True, "status": "scheduled", "preflight": preflight(call), "restart": restart}


async def _restart(call: Call) -> None:
    await asyncio.sleep(0)
    await call.gateway.restart()


@method("logs.tail")
def tail(call: Call) -> JSON:
    """Lines from a byte position on."""
    limit, most = call.params.get("limit", 500), call.params.get("maxBytes", 250_000)
    if not isinstance(limit, int) or not 1 <= limit <= 5_000:
        raise call.invalid("at /limit: must be <= 5000")
    if not isinstance(most, int) or not 1 <= most <= 1_000_000:
        raise call.invalid("at /maxBytes: must be <= 1000000")
    return call.world.log.tail(cursor=call.params.get("cursor"), limit=limit, max_bytes=most)


@method("diagnostics.stability")
def stability(call: Call) -> JSON:
    """What went wrong lately."""
    return {
        "generatedAt": call.gateway.now_ms(),
        "capacity": 1_000,
        "count": 0,
        "events": [],
        "summary": {"byType": {}},
    }


@method("diagnostics.lanes")
def lanes(call: Call) -> JSON:
    """Queues."""
    return {"lanes": [{"lane": "main", "queued": 0, "active": 0 if call.gateway.runs.is_idle() else 1}]}


@method("audit.list")
def audit(call: Call) -> JSON:
    """Who did what."""
    return {"events": [], "nextCursor": None}


@method("secrets.reload")
def secrets_reload(call: Call) -> JSON:
    """Nothing to reload."""
    return {"ok": True, "warningCount": 0}
