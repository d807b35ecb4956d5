"""`cron.*`: jobs, runs and their history."""

from __future__ import annotations

import asyncio
from typing import Any

from vestibule.testing.methods import Call, method
from vestibule.testing.wire import JSON, RpcError


@method("cron.status")
def status(call: Call) -> JSON:
    """Whether the planner runs and when it wakes."""
    return call.world.cron.status()


@method("cron.list")
def listed(call: Call) -> JSON:
    """A page of jobs."""
    params = call.params
    rows = call.world.cron.upcoming()
    if not params.get("includeDisabled") and params.get("enabled") not in ("all", "disabled"):
        rows = [row for row in rows if row["enabled"]]
    if params.get("enabled") == "disabled":
        rows = [row for row in rows if not row["enabled"]]
    if (agent_id := params.get("agentId")) is not None:
        rows = [row for row in rows if row["agentId"] == agent_id]
    if query := str(params.get("query") or "").lower():
        rows = [row for row in rows if query in f"{row['name']} {row['payload']}".lower()]
    fields = {"name": "name", "updatedAtMs": "updatedAtMs", "nextRunAtMs": "nextRunAtMs"}
    by = fields.get(params.get("sortBy") or "nextRunAtMs", "nextRunAtMs")
    rows.sort(key=lambda row: (by not in row, row.get(by, 0)), reverse=params.get("sortDir") == "desc")
    offset, limit = int(params.get("offset") or 0), _limit(call)
    page = rows[offset : offset + limit]
    more = offset + len(page) < len(rows)
    previews = {row["id"]: {"mode": row.get("delivery", {}).get("mode", "none")} for row in page}
    return {
        "jobs": [dict(row) for row in page],
        "total": len(rows),
        "offset": offset,
        "limit": limit,
        "hasMore": more,
        "nextOffset": offset + len(page) if more else None,
        "snapshotRevision": str(call.world.cron.revision),
        "deliveryPreviews": previews,
    }


@method("cron.get")
def get(call: Call) -> JSON:
    """One job."""
    call.world.cron.upcoming()
    return dict(call.world.cron.get(call.params.get("id") or call.params.get("jobId")))


@method("cron.runs")
def runs(call: Call) -> JSON:
    """The history, newest first."""
    params = call.params
    rows = list(call.world.cron.entries)
    job_id = params.get("id") or params.get("jobId")
    if params.get("scope", "job" if job_id else "all") == "job":
        if not job_id:
            raise call.invalid("missing id")
        rows = [row for row in rows if row["jobId"] == job_id]
    wanted = params.get("statuses") or ([params["status"]] if params.get("status") not in (None, "all") else None)
    if wanted:
        rows = [row for row in rows if row["status"] in wanted]
    if params.get("sortDir", "desc") == "desc":
        rows.reverse()
    offset, limit = int(params.get("offset") or 0), _limit(call)
    page = rows[offset : offset + limit]
    more = offset + len(page) < len(rows)
    answer: JSON = {"entries": page, "total": len(rows), "offset": offset, "limit": limit, "hasMore": more}
    return answer | {"nextOffset": offset + len(page) if more else None}


@method("cron.add")
def add(call: Call) -> JSON:
    """A new job."""
    payload, target = call.params["payload"], call.params["sessionTarget"]
    kind = payload.get("kind") if isinstance(payload, dict) else None
    if kind not in ("agentTurn", "systemEvent", "command", "heartbeat"):
        raise call.invalid("at /payload/kind: must be equal to one of the allowed values")
    if (target == "main") != (kind in ("systemEvent", "heartbeat")):
        raise RpcError('main cron jobs require payload.kind="systemEvent"; isolated ones payload.kind="agentTurn"')
    job = call.world.cron.add(call.params)
    _emit(call, job, "added")
    return dict(job)


@method("cron.update")
def update(call: Call) -> JSON:
    """Change a job."""
    patch = call.params.get("patch")
    if not isinstance(patch, dict):
        raise call.invalid("must have required property 'patch'")
    identifier = call.params.get("id") or call.params.get("jobId")
    job = call.world.cron.update(identifier, patch, call.params.get("expectedConfigRevision"))
    _emit(call, job, "updated")
    return dict(job)


@method("cron.remove")
def remove(call: Call) -> JSON:
    """Remove a job; system jobs stay."""
    identifier = call.params.get("id") or call.params.get("jobId")
    job = call.world.cron.get(identifier)
    if "declarationKey" in job:
        raise RpcError("system cron jobs cannot be removed")
    call.world.cron.remove(identifier)
    _emit(call, job, "removed")
    return {"ok": True, "removed": True}


@method("cron.run")
def run(call: Call) -> JSON:
    """Run a job now; the result comes as event and in `cron.runs`."""
    job = call.world.cron.get(call.params.get("id") or call.params.get("jobId"))
    mode = call.params.get("mode", "force")
    if mode not in ("force", "due", "if-enabled"):
        raise call.invalid("at /mode: must be equal to one of the allowed values")
    due = "nextRunAtMs" in job and job["nextRunAtMs"] <= call.gateway.now_ms()
    if (mode == "due" and not due) or (mode == "if-enabled" and not job["enabled"]):
        return {"ok": True, "ran": False, "enqueued": False, "reason": "not-due" if mode == "due" else "disabled"}
    run_id = call.gateway.new_id()
    call.after(lambda: call.gateway.spawn(_run(call, job, run_id), f"cron:{job['id']}"))
    return {"ok": True, "enqueued": True, "runId": run_id}


async def _run(call: Call, job: JSON, run_id: str) -> None:
    gateway, cron = call.gateway, call.world.cron
    started = gateway.now_ms()
    gateway.broadcast("cron", _event(call, job, "started", runId=run_id))
    _task(call, job, run_id, started, "running")
    await asyncio.sleep(0)
    error = cron.outcome(job, channels_configured=bool(call.world.channels["channels"]))
    summary, payload = "", job["payload"]
    key = f"agent:{job['agentId']}:cron:{job['id']}"
    if payload.get("kind") == "agentTurn":
        call.world.session(key, label=job["name"], kind="cron")
        script = gateway.runs.script_for(job["agentId"], str(payload.get("message", "")))
        chat, _ = gateway.runs.send(
            key, job["agentId"], str(payload.get("message", "")), run_id, None, queue_mode="wait", script=script
        )
        assert chat is not None
        await chat.done.wait()
        summary, error = chat.text, chat.error or error
    cron.record(job, run_id, error=error, summary=summary, duration_ms=max(1, gateway.now_ms() - started))
    if job.get("deleteAfterRun"):
        cron.remove(job["id"])
    status = "ok" if error is None else "error"
    gateway.broadcast("cron", _event(call, job, "finished", runId=run_id, status=status, error=error, summary=summary))
    _task(call, job, run_id, started, "succeeded" if error is None else "failed", error)


def _task(call: Call, job: JSON, run_id: str, started: int, status: str, error: str | None = None) -> None:
    if call.gateway.protocol == 3:
        return
    task = {
        "id": run_id,
        "kind": "cron",
        "status": status,
        "title": job["name"],
        "agentId": job["agentId"],
        "sessionKey": f"agent:{job['agentId']}:cron:{job['id']}",
        "runId": run_id,
        "startedAt": started,
        "endedAt": None if status == "running" else call.gateway.now_ms(),
        "error": error,
    }
    tasks = call.world.tasks
    tasks[:] = [*[each for each in tasks if each["id"] != run_id][-199:], task]
    call.gateway.broadcast("task", {"action": "upserted", "task": task})


def _event(call: Call, job: JSON, action: str, **more: Any) -> JSON:
    return {"jobId": job["id"], "action": action, "job": dict(job), "ts": call.gateway.now_ms(), **more}


def _emit(call: Call, job: JSON, action: str) -> None:
    call.emit_after("cron", _event(call, job, action))


def _limit(call: Call) -> int:
    limit = call.params.get("limit", 50)
    if not isinstance(limit, int) or not 1 <= limit <= 200:
        raise call.invalid("at /limit: must be <= 200")
    return limit
