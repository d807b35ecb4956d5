from __future__ import annotations

import json
from typing import Any

import pytest

from vestibule.errors import Forbidden, UnknownMethod
from vestibule.model import Principal, Role
from vestibule.policy import permits, scopes_of
from vestibule.policy.dynamic import is_dynamic
from vestibule.policy.permits import needed_scope
from vestibule.policy.roles import satisfies
from vestibule.protocol import methods

VIEWER, OPERATOR, ADMIN = (Principal("m", "o", role, scopes_of(role)) for role in Role)


def may(principal: Principal, method: str, params: Any = None) -> bool:
    try:
        permits(principal, method, None if params is None else json.dumps(params).encode())
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize(
    ("method", "viewer", "operator"),
    [
        ("health", True, True),
        ("config.get", True, True),
        ("chat.history", True, True),
        ("chat.send", False, True),
        ("chat.abort", False, True),
        ("exec.approval.resolve", False, True),
        ("config.patch", False, False),
        ("exec.approvals.get", False, False),
        ("device.pair.list", False, False),
        ("node.event", False, False),
        ("no.such.method", False, False),
        ("", False, False),
    ],
)
def test_roles_reach_what_their_scopes_reach(method: str, viewer: bool, operator: bool) -> None:
    """S4: by the gateway's own table; what it does not know is for admins."""
    assert (may(VIEWER, method), may(OPERATOR, method), may(ADMIN, method)) == (viewer, operator, True)


def test_a_log_that_may_tell_of_other_owners_is_for_admins() -> None:
    """R1: all gateways of a host share one, unless whoever starts them sees to it."""
    permits(VIEWER, "logs.tail", has_own_log=lambda owner: owner == "o")
    permits(ADMIN, "logs.tail", has_own_log=lambda owner: False)

    with pytest.raises(Forbidden) as refused:
        permits(VIEWER, "logs.tail", has_own_log=lambda owner: False)

    assert refused.value.details is not None
    assert refused.value.details["missingScope"] == "operator.admin"


@pytest.mark.parametrize("method", ["connect", "door.gateway", "door.clients", "door.nonsense"])
def test_what_is_no_gateways_business_is_nobodys(method: str) -> None:
    """S4: `connect` and the door's own methods never go up, for admins neither."""
    for principal in (VIEWER, OPERATOR, ADMIN):
        with pytest.raises(UnknownMethod):
            permits(principal, method)


def test_a_refusal_says_what_is_missing_as_the_gateway_does() -> None:
    """Panels gate on it."""
    with pytest.raises(Forbidden) as refused:
        permits(VIEWER, "chat.send")
    assert refused.value.message == "missing scope: operator.write"
    assert refused.value.details == {
        "code": "MISSING_SCOPE",
        "missingScope": "operator.write",
        "requiredScopes": ["operator.write"],
    }


def test_some_scopes_contain_others() -> None:
    """As the gateway sees it."""
    assert satisfies(frozenset({"operator.write"}), "operator.read")
    assert satisfies(frozenset({"operator.write"}), "operator.talk")
    assert satisfies(frozenset({"operator.admin"}), "anything")
    assert not satisfies(frozenset({"operator.read"}), "operator.write")
    assert not satisfies(frozenset({"operator.write"}), "operator.approvals")
    assert not satisfies(frozenset(), "operator.read")


@pytest.mark.parametrize(
    ("method", "params", "needed"),
    [
        ("agent", {"message": "hello"}, "operator.write"),
        ("agent", {"message": "/newspaper, please"}, "operator.write"),
        ("agent", {"message": "/New"}, "operator.admin"),
        ("agent", {"message": "/reset\nnow"}, "operator.admin"),
        ("agent", {"message": ["/reset"]}, "operator.write"),
        ("agent", [], "operator.admin"),
        ("sessions.create", None, "operator.write"),
        ("sessions.create", {"label": "x", "agentId": "main"}, "operator.write"),
        ("sessions.create", {"permissionMode": "full"}, "operator.admin"),
        ("sessions.create", {"incognito": True}, "operator.admin"),
        ("sessions.create", {"parentSessionKey": "agent:main:Incognito:1"}, "operator.admin"),
        ("sessions.create", {"cwd": "/"}, "operator.admin"),
        ("sessions.create", {"execNode": None}, "operator.admin"),
        ("sessions.patch", {"key": "k", "label": "x"}, "operator.write"),
        ("sessions.patch", {"key": "k", "execSecurity": "full"}, "operator.admin"),
        ("sessions.patch", {"key": "k", "permissionMode": "full"}, "operator.admin"),
        ("sessions.patchMany", {"keys": ["k"], "patch": {"pinned": True}}, "operator.write"),
        ("sessions.patchMany", {"keys": ["k"], "patch": {"sandboxMode": 1}}, "operator.admin"),
        ("sessions.patchMany", {"keys": ["k"]}, "operator.admin"),
        ("sessions.delete", {"key": "k"}, "operator.admin"),
        ("sessions.delete", {"key": "k", "archivedOnly": True}, "operator.write"),
        ("sessions.delete", {"key": "k", "archivedOnly": True, "emitLifecycleHooks": False}, "operator.admin"),
        ("talk.config", {}, "operator.read"),
        ("talk.config", {"includeSecrets": True}, "operator.admin"),
        ("channels.pairing.approve", {"channel": "x"}, "operator.pairing"),
        ("channels.pairing.approve", {"bootstrapCommandOwner": True}, "operator.admin"),
        ("fs.listDir", {}, "operator.admin"),
        ("node.invoke", {"command": "camera.snap"}, "operator.admin"),
        ("sessions.move", {}, "operator.admin"),
    ],
)
def test_some_methods_depend_on_their_parameters(method: str, params: Any, needed: str) -> None:
    """S4: never laxer than the gateway."""
    assert needed_scope(method, b"" if params is None else json.dumps(params).encode()) == needed


def test_parameters_that_cannot_be_read_ask_for_admin() -> None:
    """Whoever hides what it asks for gets the strictest answer."""
    assert needed_scope("agent", b'{"message":') == "operator.admin"
    assert needed_scope("agent") == "operator.admin"
    assert not may(OPERATOR, "agent")
    assert may(OPERATOR, "agent", {"message": "hello"})


def test_every_dynamic_method_of_the_table_has_its_rule() -> None:
    """When a newer schema brings one, somebody has to decide."""
    dynamic = {name for name, scope in methods._SCOPE_BY_METHOD.items() if scope == methods.DYNAMIC}
    assert {name for name in dynamic if not is_dynamic(name)} == set()
