"""The table of methods."""

from __future__ import annotations

import pytest

from vestibule.protocol.methods import (
    DYNAMIC,
    NEVER_PROXIED,
    NODE,
    OWN_METHODS,
    SOURCE,
    UNLISTED,
    is_proxied,
    offered,
    scope_of,
)


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("health", "operator.read"),
        ("chat.send", "operator.write"),
        ("config.patch", "operator.admin"),
        ("exec.approval.resolve", "operator.approvals"),
        ("device.pair.list", "operator.pairing"),
        ("sessions.patch", DYNAMIC),
        ("node.event", NODE),
        ("invented.method", None),
        ("", None),
    ],
)
def test_scopes(method, scope):
    """S4: each method asks for the scope OpenClaw gives it; one nobody knows is for admins."""
    assert scope_of(method) == scope


def test_the_table_is_whole():
    """It is that of a published package, not a hand-made one."""
    assert SOURCE.startswith("@openclaw/gateway-protocol ")


@pytest.mark.parametrize(
    ("method", "proxied"), [("connect", False), ("door.gateway", False), ("door.anything", False), ("health", True)]
)
def test_what_never_goes_up(method, proxied):
    """S4: `connect` and the door's own methods are no gateway's business."""
    assert is_proxied(method) is proxied
    assert not any(is_proxied(own) for own in OWN_METHODS | NEVER_PROXIED)


def test_the_list_is_completed():
    """Gateways answer more than they list: panels learn of it, by wire."""
    assert {"health", "sessions.usage", "chat.inject", "web.login.wait"} <= offered(frozenset({"health", "connect"}), 4)
    assert "sessions.steer" not in offered(frozenset({"health"}), 3)
    assert offered(frozenset({"health"}), 99) == {"health"}
    assert "connect" not in offered(frozenset({"connect"}), 4)
    for methods in UNLISTED.values():
        assert all(scope_of(method) not in (None, NODE) for method in methods)
