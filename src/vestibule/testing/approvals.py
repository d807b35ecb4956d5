"""Exec approvals of the simulated gateway: what is open, what was decided, by whom.

Keeps them; asking and telling is done by runs and methods.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vestibule.testing.wire import JSON, RpcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.testing.chatscript import Approval


@dataclass(slots=True)
class OpenApproval:
    """A command that waits for somebody's decision."""

    id: str
    row: JSON
    decided: asyncio.Future[str]
    decision: str | None = None
    resolved_by: str | None = None
    resolved_at_ms: int = 0


class Approvals:
    """All approvals of one gateway."""

    def __init__(self, *, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._all: dict[str, OpenApproval] = {}
        self.file: JSON = {"version": 1, "defaults": {"security": "allowlist", "ask": "on-miss"}, "agents": {}}
        self.revision = 1

    def request(
        self, approval: Approval, agent_id: str, session_key: str, run_id: str, tool_call_id: str, approval_id: str
    ) -> OpenApproval:
        """Open one."""
        now = self._now_ms()
        row: JSON = {
            "approvalKind": "exec",
            "id": approval_id,
            "request": {
                "command": approval.command,
                "cwd": approval.cwd,
                "host": "gateway",
                "security": "allowlist",
                "ask": "always",
                "agentId": agent_id,
                "resolvedPath": "/usr/bin/" + (approval.command.split() or ["sh"])[0],
                "sessionKey": session_key,
                "runId": run_id,
                "toolCallId": tool_call_id,
                "allowedDecisions": list(approval.allowed_decisions),
            },
            "createdAtMs": now,
            "expiresAtMs": now + approval.expires_in_ms,
        }
        opened = OpenApproval(approval_id, row, asyncio.get_running_loop().create_future())
        self._all[approval_id] = opened
        return opened

    def pending(self) -> list[JSON]:
        """Rows of what is open and has not expired."""
        now = self._now_ms()
        return [each.row for each in self._all.values() if each.decision is None and each.row["expiresAtMs"] > now]

    def history(self) -> list[JSON]:
        """What was decided, the latest first."""
        decided = [_decided(each) for each in self._all.values() if each.decision is not None]
        return sorted(decided, key=lambda row: row["resolvedAtMs"], reverse=True)

    def resolve(self, approval_id: str, decision: str, by: str) -> OpenApproval | None:
        """Decide; None when the same decision had been made before. Raises as the gateway does."""
        found = self._all.get(approval_id)
        if found is None or (found.decision is None and found.row["expiresAtMs"] <= self._now_ms()):
            raise RpcError("unknown or expired approval id", details={"reason": "APPROVAL_NOT_FOUND"})
        if decision not in found.row["request"]["allowedDecisions"]:
            raise RpcError(f"invalid decision: {decision}")
        if found.decision is not None:
            if found.decision == decision:
                return None
            raise RpcError(
                "approval already resolved",
                details={"reason": "APPROVAL_ALREADY_RESOLVED", "resolvedBy": found.resolved_by},
            )
        found.decision, found.resolved_by, found.resolved_at_ms = decision, by, self._now_ms()
        if not found.decided.done():
            found.decided.set_result(decision)
        return found


def _decided(approval: OpenApproval) -> JSON:
    row, request = approval.row, approval.row["request"]
    return {
        "id": approval.id,
        "status": "denied" if approval.decision == "deny" else "allowed",
        "decision": approval.decision,
        "reason": "user",
        "presentation": {
            "kind": "exec",
            "commandText": request["command"],
            "host": request["host"],
            "agentId": request["agentId"],
            "allowedDecisions": request["allowedDecisions"],
        },
        "urlPath": f"/approve/{approval.id}",
        "createdAtMs": row["createdAtMs"],
        "expiresAtMs": row["expiresAtMs"],
        "resolvedAtMs": approval.resolved_at_ms,
        "source": {"agentId": request["agentId"], "sessionKey": request["sessionKey"]},
        "resolver": {"kind": "runtime", "id": approval.resolved_by},
    }
