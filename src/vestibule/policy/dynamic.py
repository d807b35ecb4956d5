"""Scopes of the methods whose need depends on their parameters.

Stricter than the gateway where its rule needs facts the door does not have; never laxer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from vestibule.policy.roles import ADMIN, READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Callable

Params = dict[str, Any]

_RESET = re.compile(r"/(new|reset)(\s|$)", re.IGNORECASE)
_PATCH_ADDRESS = frozenset(
    {
        "key",
        "agentId",
        "expectedSessionId",
        "expectedLifecycleRevision",
        "expectedPermissionMode",
        "expectedMarkedUnreadAt",
    }
)
_PATCH_ORDINARY = frozenset(
    {
        "label", "autoLabel", "icon", "color", "category", "boardFace", "boardPresentation", "pinned", "archived",
        "unread", "model", "agentRuntime", "thinkingLevel", "fastMode", "permissionMode",
    }
)  # fmt: skip
_CREATE_SPECIAL = frozenset({"execNode", "toolOverrides", "cwd"})
_DELETE_ORDINARY = frozenset({"key", "agentId", "deleteTranscript", "expectedSessionId", "archivedOnly"})


def is_dynamic(method: str) -> bool:
    """Whether the method's scope depends on its parameters."""
    return method in _RULES


def scope_by_params(method: str, params: bytes) -> str:
    """The scope this call asks for."""
    try:
        decoded = msgspec.json.decode(params) if params else {}
    except (msgspec.MsgspecError, RecursionError):
        return ADMIN
    return _RULES[method](decoded) if isinstance(decoded, dict) else ADMIN


def _agent(params: Params) -> str:
    message = params.get("message")
    return ADMIN if isinstance(message, str) and _RESET.match(message) else WRITE


def _create(params: Params) -> str:
    keys = (params.get("key"), params.get("parentSessionKey"))
    special = (
        not params.keys().isdisjoint(_CREATE_SPECIAL)
        or params.get("permissionMode") == "full"
        or params.get("incognito") not in (None, False)
        or any(isinstance(key, str) and "incognito" in key.lower() for key in keys)
    )
    return ADMIN if special else WRITE


def _patch(params: Params) -> str:
    ordinary = params.keys() <= _PATCH_ADDRESS | _PATCH_ORDINARY and params.get("permissionMode") != "full"
    return WRITE if ordinary else ADMIN


def _patch_many(params: Params) -> str:
    patch = params.get("patch")
    ordinary = isinstance(patch, dict) and patch.keys() <= _PATCH_ORDINARY and patch.get("permissionMode") != "full"
    return WRITE if ordinary else ADMIN


def _delete(params: Params) -> str:
    return WRITE if params.get("archivedOnly") is True and params.keys() <= _DELETE_ORDINARY else ADMIN


def _talk_config(params: Params) -> str:
    return READ if params.get("includeSecrets") in (None, False) else ADMIN


def _pairing_approve(params: Params) -> str:
    return "operator.pairing" if params.get("bootstrapCommandOwner") in (None, False) else ADMIN


def _always_admin(_params: Params) -> str:
    return ADMIN


_RULES: dict[str, Callable[[Params], str]] = {
    "agent": _agent,
    "channels.pairing.approve": _pairing_approve,
    "fs.listDir": _always_admin,  # shows the host's folders
    "node.invoke": _always_admin,  # which commands are harmless is known to the gateway's version only
    "plugins.sessionAction": _always_admin,  # plugins declare what they need, to the gateway only
    "sessions.create": _create,
    "sessions.delete": _delete,
    "sessions.dispatch": _always_admin,
    "sessions.move": _always_admin,
    "sessions.patch": _patch,
    "sessions.patchMany": _patch_many,
    "talk.config": _talk_config,
}
