"""`chat.*` and `agent*`: sending, aborting, history, the two answers of `agent`."""

from __future__ import annotations

import asyncio
from typing import Any

from vestibule.testing.methods import Call, method
from vestibule.testing.runs import Run, agent_of
from vestibule.testing.wire import JSON, RpcError, error_frame, ok_frame


def session_key(call: Call, name: str = "sessionKey") -> str:
    """The normal form of a session key parameter, whose agent must exist."""
    key = call.world.normal_key(call.text(name), call.params.get("agentId"))
    agent_id = agent_of(key)
    if agent_id not in call.world.agents:
        raise RpcError(f'unknown agent id "{agent_id}"')
    return key


@method("chat.send")
def send(call: Call) -> JSON:
    """Start a run; into a running one, what the queue mode says."""
    run_id = call.text("idempotencyKey")
    message = call.params.get("message")
    if not isinstance(message, str) or not (message.strip() or call.params.get("attachments")):
        raise RpcError("message or attachment required")
    key = session_key(call)
    if message.strip().lower() in ("/stop", "/abort"):
        ids = call.gateway.runs.abort(key)
        return {"ok": True, "aborted": bool(ids), "runIds": ids}
    mode = call.params.get("queueMode", call.gateway.queue_mode)
    call.world.session(key)
    run, status = call.gateway.runs.send(key, agent_of(key), message, run_id, call.connection, queue_mode=mode)
    if run is None:
        call.after(lambda: call.gateway.runs.put_off(run_id, key))
    return {"runId": run_id, "status": status}


@method("sessions.send")
def sessions_send(call: Call) -> JSON:
    """`chat.send` by the names of `sessions.*`."""
    call.params = {**call.params, "sessionKey": call.text("key")}
    call.params.setdefault("idempotencyKey", call.gateway.new_id())
    answer: JSON = send(call)
    return answer


@method("chat.abort", "sessions.abort")
def abort(call: Call) -> JSON:
    """Stop a session's run."""
    key = session_key(call, "sessionKey" if call.method == "chat.abort" else "key")
    run_id = call.params.get("runId")
    run = call.gateway.runs.active(key)
    found = run is not None and (run_id is None or run_id == run.id or run_id in run.merged)
    ids = [run.id] if found and run is not None else []
    if ids:
        call.after(lambda: _abort(call, key, run_id))
    return {"ok": True, "aborted": bool(ids), "runIds": ids}


def _abort(call: Call, key: str, run_id: str | None) -> None:
    call.gateway.runs.abort(key, run_id)


@method("chat.history", "chat.startup", "sessions.get")
def history(call: Call) -> JSON:
    """Messages, newest page first, and the run in flight."""
    key = call.world.normal_key(call.text("key" if call.method == "sessions.get" else "sessionKey"))
    limit, offset = _limit(call, 200, 1_000), int(call.params.get("offset") or call.params.get("cursor") or 0)
    messages = call.world.transcript(key)
    total = len(messages)
    end = max(0, total - offset)
    start = max(0, end - limit)
    known = key in call.world.sessions
    answer: JSON = {
        "sessionKey": key,
        "sessionId": call.world.session(key)["sessionId"] if known else None,
        "messages": messages[start:end],
        "thinkingLevel": "off",
    }
    if call.gateway.protocol == 4:
        pending = call.gateway.runs.pending(key)
        answer |= {
            "hasMore": start > 0,
            "nextOffset": offset + (end - start) if start > 0 else None,
            "totalMessages": total,
            "deltaCursor": str(total),
            "pendingInputs": {"items": pending, "total": len(pending)},
            "defaults": {"modelProvider": "simulated", "model": "sim-1", "contextTokens": 128_000},
            "sessionInfo": call.world.row(key) if known else None,
        }
        if (in_flight := call.gateway.runs.in_flight(key)) is not None:
            answer["inFlightRun"] = in_flight
    if call.method == "chat.startup":
        answer["metadata"] = {"agentId": agent_of(key), "model": "sim-1", "modelProvider": "simulated"}
    return answer


@method("chat.metadata")
def metadata(call: Call) -> JSON:
    """What a composer shows beside the text."""
    return {"models": [{"id": "sim-1", "name": "Simulated One", "provider": "simulated"}], "commands": []}


@method("chat.inject")
def inject(call: Call) -> JSON:
    """Put a message into the transcript without a run."""
    key = session_key(call)
    message = call.world.append_message(key, "assistant", call.text("message"))
    payload = {
        "runId": f"inject-{call.gateway.new_id()}",
        "sessionKey": key,
        "seq": 0,
        "state": "final",
        "message": message,
    }
    call.after(lambda: call.gateway.broadcast_session(key, "chat", payload))
    return {"ok": True, "messageId": (message.get("__openclaw") or {}).get("id") or call.gateway.new_id()}


@method("agent")
def agent(call: Call) -> JSON:
    """A run with two answers: `accepted` now, `ok` or an error at its end."""
    message = call.text("message")
    agent_id = str(call.params.get("agentId") or "main").lower()
    name = call.params.get("sessionKey")
    key = call.world.normal_key(name, agent_id) if name else f"agent:{agent_id}:main"
    agent_id = agent_of(key)
    call.world.agent(agent_id)
    run_id = str(call.params.get("idempotencyKey") or call.gateway.new_id())
    call.world.session(key)
    run, status = call.gateway.runs.send(key, agent_id, message, run_id, call.connection, queue_mode="wait")
    assert run is not None
    accepted: JSON = {"runId": run.id, "status": "accepted" if status == "started" else status}
    accepted["acceptedAt"] = call.gateway.now_ms()
    if call.gateway.protocol == 4:
        accepted |= {"sessionKey": key, "agentId": agent_id}
    call.after(lambda: _second_answer_later(call, run))
    return accepted


def _second_answer_later(call: Call, run: Run) -> None:
    call.gateway.spawn(_second_answer(call, run), f"agent:{run.id}")


async def _second_answer(call: Call, run: Run) -> None:
    await run.done.wait()
    if run.status == "error":
        error = RpcError(f"Error: {run.error}", code="UNAVAILABLE")
        call.connection.answer(call.request_id, call.method, error_frame(call.request_id, error))
        return
    duration = run.ended_at - run.started_at
    usage = {"input": 1_200, "output": max(1, len(run.text) // 4), "total": 1_200 + max(1, len(run.text) // 4)}
    payload: JSON = {"runId": run.id, "status": "ok", "summary": "completed"}
    payload["result"] = {
        "payloads": [{"text": run.text, "mediaUrl": None}],
        "meta": {"durationMs": duration, "agentMeta": {"sessionId": None, "provider": "simulated", "usage": usage}},
    }
    if run.status == "aborted":
        payload |= {"summary": "aborted"}
        payload["result"]["meta"]["aborted"] = True
    call.connection.answer(call.request_id, call.method, ok_frame(call.request_id, payload))


@method("agent.wait")
def wait(call: Call) -> Any:
    """Until a run has ended, or `timeoutMs`."""
    return _wait(call, call.text("runId"), int(call.params.get("timeoutMs") or 30_000))


async def _wait(call: Call, run_id: str, timeout_ms: int) -> JSON:
    run = call.gateway.runs.all.get(run_id)
    if run is None:
        return {"runId": run_id, "status": "timeout"}
    try:
        async with asyncio.timeout(timeout_ms / 1000):
            await run.done.wait()
    except TimeoutError:
        return {"runId": run_id, "status": "timeout"}
    if run.status == "error":
        return {"runId": run_id, "status": "error", "error": run.error, "endedAt": run.ended_at}
    reply = {"disposition": "visible", "text": run.text}
    return {
        "runId": run_id,
        "status": "ok",
        "startedAt": run.started_at,
        "endedAt": run.ended_at,
        "stopReason": "rpc" if run.status == "aborted" else "stop",
        "terminalReply": reply,
    }


def _limit(call: Call, default: int, most: int) -> int:
    limit = call.params.get("limit", default)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise call.invalid("at /limit: must be >= 1")
    if limit > most:
        raise call.invalid(f"at /limit: must be <= {most}")
    return limit
