"""`exec.approval*`, `plugin.approval*`, `question.*`: what waits for a person."""

from __future__ import annotations

from vestibule.testing.methods import Call, method
from vestibule.testing.wire import JSON, RpcError


@method("exec.approval.list")
def listed(call: Call) -> list[JSON]:
    """What is open: a plain array."""
    return call.world.approvals.pending()


@method("plugin.approval.list", "openclaw.approval.list")
def empty(call: Call) -> list[JSON]:
    """Nothing: no plugins here."""
    return []


@method("approval.history")
def history(call: Call) -> JSON:
    """What was decided, the latest first."""
    return {"items": call.world.approvals.history()[: int(call.params.get("limit") or 50)]}


@method("exec.approval.get", "approval.get")
def get(call: Call) -> JSON:
    """One approval."""
    for row in [*call.world.approvals.pending(), *call.world.approvals.history()]:
        if row["id"] == call.params["id"]:
            return row
    raise RpcError("unknown or expired approval id", details={"reason": "APPROVAL_NOT_FOUND"})


@method("exec.approval.resolve", "approval.resolve")
def resolve(call: Call) -> JSON:
    """Decide: once, by whoever comes first."""
    admitted = call.connection.admitted
    by = admitted.client["id"] if admitted is not None else "unknown"
    found = call.world.approvals.resolve(call.text("id"), call.text("decision"), by)
    if found is not None:
        event = {
            "id": found.id,
            "decision": found.decision,
            "resolvedBy": by,
            "ts": call.gateway.now_ms(),
            "request": found.row["request"],
        }
        call.after(lambda: _tell(call, event))
    return {"ok": True}


def _tell(call: Call, event: JSON) -> None:
    call.gateway.broadcast_reviewers("exec.approval.resolved", event)


@method("plugin.approval.resolve")
def plugin_resolve(call: Call) -> JSON:
    """No plugin ever asks here."""
    raise RpcError("unknown or expired approval id", details={"reason": "APPROVAL_NOT_FOUND"})


@method("exec.approvals.get")
def policy(call: Call) -> JSON:
    """The host's approvals file."""
    approvals = call.world.approvals
    defaults = approvals.file.get("defaults", {})
    return {
        "path": "/home/openclaw/.openclaw/exec-approvals.json",
        "exists": True,
        "hash": _hash(call),
        "file": approvals.file,
        "resolvedDefaults": {
            "security": defaults.get("security", "allowlist"),
            "ask": defaults.get("ask", "on-miss"),
            "askFallback": defaults.get("askFallback", "deny"),
        },
    }


@method("exec.approvals.set")
def set_policy(call: Call) -> JSON:
    """Replace the approvals file."""
    if not isinstance(call.params["file"], dict):
        raise call.invalid("at /file: must be object")
    base = call.params.get("baseHash")
    if base != _hash(call):
        missing = "exec approvals base hash required; re-run exec.approvals.get and retry"
        stale = "exec approvals changed since last load; re-run exec.approvals.get and retry"
        raise RpcError(stale if base else missing)
    call.world.approvals.file = call.params["file"]
    call.world.approvals.revision += 1
    answer: JSON = policy(call)
    return answer


def _hash(call: Call) -> str:
    return f"simulated-{call.world.approvals.revision}"


@method("question.list")
def questions(call: Call) -> JSON:
    """Open questions; `gateway.world.questions` holds them."""
    return {"questions": list(call.world.questions.values())}


@method("question.resolve")
def answer(call: Call) -> JSON:
    """Answer or cancel a question."""
    question = call.world.questions.pop(call.text("id"), None)
    if question is None:
        raise RpcError("unknown or expired question id", details={"reason": "QUESTION_NOT_FOUND"})
    status = "cancelled" if call.params.get("cancel") else "answered"
    event = {"id": question["id"], "status": status, "answers": call.params.get("answers"), "ts": call.gateway.now_ms()}
    call.emit_after("question.resolved", event)
    return {"ok": True, "status": status}
