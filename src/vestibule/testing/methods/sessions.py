"""`sessions.*`: lists, rows that can be changed, subscriptions."""

from __future__ import annotations

from typing import Any

from vestibule.testing.methods import Call, method
from vestibule.testing.runs import agent_of
from vestibule.testing.wire import JSON, RpcError

MAIN = "agent:main:main"
_PATCHABLE = {
    "label", "pinned", "unread", "archived", "category", "model", "icon", "color", "thinkingLevel", "fastMode",
    "verboseLevel", "traceLevel", "reasoningLevel", "responseUsage", "elevatedLevel", "execHost", "execSecurity",
    "execAsk", "permissionMode", "sendPolicy", "groupActivation", "statusNote",
}  # fmt: skip


def shown(call: Call, row: JSON) -> JSON:
    """A row as lists show it."""
    run = call.gateway.runs.active(row["key"])
    return {
        **row,
        "hasActiveRun": run is not None,
        "activeRunIds": [run.id] if run else [],
        "status": "running" if run else "idle",
    }


def known(call: Call, key: str) -> JSON:
    """The row of a session that exists."""
    row = call.world.sessions.get(key)
    if row is None:
        raise RpcError(f"session not found: {key}", details={"code": "SESSION_NOT_FOUND", "key": key})
    return row


@method("sessions.list")
def listed(call: Call) -> JSON:
    """A page of sessions by last use."""
    params = call.params
    rows = call.world.sorted_sessions()
    if (agent_id := params.get("agentId")) is not None:
        rows = [row for row in rows if row["agentId"] == agent_id]
    if "archived" in params:
        rows = [row for row in rows if bool(row.get("archived")) == bool(params["archived"])]
    if (label := params.get("label")) is not None:
        rows = [row for row in rows if row.get("label") == label]
    if search := str(params.get("search") or "").lower():
        rows = [row for row in rows if search in f"{row['key']} {row.get('label')} {row.get('derivedTitle')}".lower()]
    if minutes := params.get("activeMinutes"):
        rows = [row for row in rows if row["updatedAt"] >= call.gateway.now_ms() - minutes * 60_000]
    offset, limit = int(params.get("offset") or 0), int(params.get("limit") or 100)
    page = rows[offset : offset + limit]
    more = offset + len(page) < len(rows)
    answer: JSON = {"ts": call.gateway.now_ms(), "count": len(page), "sessions": [shown(call, row) for row in page]}
    answer["path"] = "/home/openclaw/.openclaw/agents/main/sessions/sessions.json"
    answer["defaults"] = {"modelProvider": "simulated", "model": "sim-1", "contextTokens": 128_000}
    if call.gateway.protocol == 4:
        answer |= {"totalCount": len(rows), "hasMore": more, "nextOffset": offset + len(page) if more else None}
    return answer


@method("sessions.describe")
def describe(call: Call) -> JSON:
    """One row, or null."""
    row = call.world.sessions.get(call.world.normal_key(call.text("key")))
    return {"session": shown(call, row) if row else None}


@method("sessions.resolve")
def resolve(call: Call) -> JSON:
    """The key behind an id or a label."""
    params = call.params
    for row in call.world.sessions.values():
        by_key = "key" in params and row["key"] == call.world.normal_key(params["key"])
        if by_key or row["sessionId"] == params.get("sessionId", "") or row.get("label") == params.get("label", ""):
            return {"ok": True, "key": row["key"]}
    raise RpcError("No session found")


@method("sessions.preview")
def preview(call: Call) -> JSON:
    """The last lines of some sessions."""
    limit = int(call.params.get("limit") or 12)
    previews = []
    for raw in call.params["keys"]:
        key = call.world.normal_key(raw)
        messages = call.world.transcript(key)[-limit:]
        items = [{"role": each["role"], "text": _text(each)} for each in messages]
        status = "ok" if items else ("empty" if key in call.world.sessions else "missing")
        previews.append({"key": key, "status": status, "items": items})
    return {"ts": call.gateway.now_ms(), "previews": previews}


@method("sessions.search")
def search(call: Call) -> JSON:
    """Messages that contain a text."""
    query, found = call.text("query").lower(), []
    for key in call.world.sessions:
        for message in call.world.transcript(key):
            text = _text(message)
            if query in text.lower():
                row = {"sessionKey": key, "agentId": agent_of(key), "role": message["role"], "snippet": text[:160]}
                found.append({**row, "timestamp": message["timestamp"]})
    limit = int(call.params.get("limit") or 20)
    return {"results": found[:limit], "truncated": len(found) > limit}


@method("sessions.create")
def create(call: Call) -> JSON:
    """A new session, perhaps with its first message."""
    params = call.params
    agent_id = str(params.get("agentId") or "main").lower()
    call.world.agent(agent_id)
    name = params.get("key")
    key = call.world.normal_key(name, agent_id) if name else f"agent:{agent_id}:dashboard:{call.gateway.new_id()}"
    fields = {name: params[name] for name in ("label", "model", "thinkingLevel", "category") if name in params}
    row = call.world.session(key, **fields)
    message = params.get("message") or params.get("task")
    if message:
        run_id = params.get("idempotencyKey") or call.gateway.new_id()
        call.gateway.runs.send(key, agent_id, message, run_id, call.connection)
    call.after(lambda: call.gateway.session_changed(key, reason="create"))
    answer: JSON = {
        "ok": True,
        "key": key,
        "sessionId": row["sessionId"],
        "entry": dict(row),
        "runStarted": bool(message),
    }
    answer["resolved"] = {"modelProvider": "simulated", "model": row["model"]}
    return answer


@method("sessions.patch")
def patch(call: Call) -> JSON:
    """Change a row; the session is made if it is new."""
    key = call.world.normal_key(call.text("key"), call.params.get("agentId"))
    changes = {name: value for name, value in call.params.items() if name in _PATCHABLE}
    row = call.world.session(key, **changes)
    if "archived" in changes:
        row["archivedAt"] = call.gateway.now_ms() if changes["archived"] else None
    call.after(lambda: call.gateway.session_changed(key, reason="patch"))
    resolved = {"modelProvider": "simulated", "model": row["model"]}
    return {"ok": True, "path": "", "key": key, "entry": dict(row), "resolved": resolved}


@method("sessions.reset")
def reset(call: Call) -> JSON:
    """Forget the transcript, keep the session."""
    key = call.world.normal_key(call.text("key"), call.params.get("agentId"))
    call.world.session(key)
    call.gateway.runs.abort(key)
    call.world.forget(key, keep_row=True)
    call.after(lambda: call.gateway.session_changed(key, reason="reset"))
    return {"ok": True, "key": key, "entry": call.world.row(key)}


@method("sessions.compact")
def compact(call: Call) -> JSON:
    """Replace the transcript by a summary."""
    key = call.world.normal_key(call.text("key"), call.params.get("agentId"))
    row = known(call, key)
    messages, before = call.world.transcript(key), row["totalTokens"]
    if len(messages) < 2:
        return {"ok": True, "key": key, "compacted": False, "reason": "nothing to compact"}
    summary = f"{len(messages)} messages, beginning with: {_text(messages[0])[:80]}"
    del messages[:]
    call.world.append_message(key, "assistant", summary)
    row["compactionCount"] += 1
    call.after(lambda: call.gateway.session_changed(key, reason="compact"))
    result = {"summary": summary, "tokensBefore": before, "tokensAfter": len(summary) // 4}
    return {"ok": True, "key": key, "compacted": True, "result": result}


@method("sessions.delete")
def delete(call: Call) -> JSON:
    """Remove a session; the main one stays."""
    key = call.world.normal_key(call.text("key"), call.params.get("agentId"))
    if key.endswith(":main") and key.count(":") == 2:
        raise RpcError(f"Cannot delete the main session ({key}).")
    existed = key in call.world.sessions
    call.gateway.runs.abort(key)
    session_id = call.world.sessions[key]["sessionId"] if existed else None
    call.world.forget(key)
    if existed:
        call.after(lambda: call.gateway.session_changed(key, reason="delete"))
    kept = existed and not call.params.get("deleteTranscript", True)
    return {"ok": True, "key": key, "deleted": existed, "archived": [f"{session_id}.jsonl.deleted"] if kept else []}


@method("sessions.subscribe")
def subscribe(call: Call) -> JSON:
    """Hear `sessions.changed`, `session.message`, `session.tool` of all sessions; a flag, not a count."""
    call.connection.sessions_subscribed = True
    if call.params:
        return {"subscribed": True, "list": listed(call)}
    return {"subscribed": True}


@method("sessions.messages.subscribe")
def messages_subscribe(call: Call) -> JSON:
    """Hear one session's messages; a flag, not a count."""
    key = call.world.normal_key(call.text("key"), call.params.get("agentId"))
    call.connection.message_keys.add(key)
    return {"subscribed": True, "key": key}


@method("sessions.messages.unsubscribe")
def messages_unsubscribe(call: Call) -> JSON:
    """One unsubscribe undoes any number of subscribes."""
    key = call.world.normal_key(call.text("key"), call.params.get("agentId"))
    call.connection.message_keys.discard(key)
    return {"subscribed": False, "key": key}


@method("sessions.viewers.set", "sessions.observer.visibility")
def viewers(call: Call) -> JSON:
    """Who looks: accepted and forgotten."""
    return {"ok": True}


def _text(message: Any) -> str:
    return "".join(block.get("text", "") for block in message["content"] if block.get("type") == "text")
