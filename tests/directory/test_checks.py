from __future__ import annotations

from typing import Any

import pytest

from vestibule.directory.checks import checked_member, checked_route
from vestibule.errors import ClientFault
from vestibule.model import Member, Route, RouteMode, Secret

PROXY: dict[str, Any] = {"mode": RouteMode.TRUSTED_PROXY, "identity": "door@acme"}


@pytest.mark.parametrize("url", ["ws://h:18789", "wss://h", "ws://[::1]:18789/x?y=1", "  ws://h  ", "wss://ä.example"])
def test_addresses_a_websocket_can_be_opened_to(url: str) -> None:
    """Kept as they are, without the blanks around."""
    assert checked_route(Route("o", url)).url == url.strip()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "must look like"),
        ("h:18789", "must look like"),
        ("ws://", "must look like"),
        ("ftp://h", "must look like"),
        ("http://h:1/x", "write ws://h:1"),
        ("https://user:pw@h", "write wss://h"),
        ("ws://user:pw@h", "must not contain a user"),
        ("ws://h:99999", "not a URL"),
        ("ws://h:0", "not a URL a"),
        ("ws://h/a b", "not a URL a"),
        ("ws://h/\x7f", "not a URL a"),
        ("ws://h/#x", "not a URL a"),
        ("ws://[::1", "not a URL"),
        ("ws://h/" + "x" * 5_000, "too long"),
    ],
)
def test_addresses_that_are_none(url: str, problem: str) -> None:
    """Said before it is dialled, and what to write instead."""
    with pytest.raises(ClientFault, match=problem):
        checked_route(Route("o", url))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"token": Secret("x" * 5_000)}, "token: too long"),
        ({"device_token": Secret("a\0b")}, "deviceToken"),
        ({"device_seed": Secret("AAAA")}, "deviceSeed"),
        ({"device_seed": Secret("A")}, "deviceSeed"),
        ({"mode": RouteMode.TRUSTED_PROXY}, "identity: a trusted-proxy route needs"),
        ({**PROXY, "identity": "a\nb"}, "identity: too long, or not printable"),
        ({**PROXY, "identity_header": "x y"}, "identityHeader"),
        ({"tls_pin": "ab"}, "tlsPin: must be"),
        ({"tls_pin": "ab" * 32}, "tlsPin: only a wss"),
    ],
)
def test_fields_that_are_wrong(fields: dict[str, Any], problem: str) -> None:
    """Each names itself."""
    with pytest.raises(ClientFault, match=problem):
        checked_route(Route("o", "ws://h", **fields))


def test_spelling_is_tidied() -> None:
    """Pins as people copy them, header names in any case."""
    route = checked_route(Route("o", "wss://h", tls_pin=":".join(["AB"] * 32), identity_header=" X-User "))
    assert (route.tls_pin, route.identity_header) == ("ab" * 32, "x-user")


@pytest.mark.parametrize("name", ["", "a b", "a\u00a0b", "a\n", "x" * 256])
def test_names_that_are_none(name: str) -> None:
    """They stand in URLs, logs and command lines."""
    with pytest.raises(ClientFault, match="owner"):
        checked_route(Route(name, "ws://h"))
    with pytest.raises(ClientFault, match="member"):
        checked_member(Member(name, "o"))
    with pytest.raises(ClientFault, match="owner"):
        checked_member(Member("m", name))


@pytest.mark.parametrize("name", ["alice", "user_2abc", "auth0|5f7", "a@b.example", "https://id.example/u/1", "ällïce"])
def test_names_identity_providers_use(name: str) -> None:
    """All of them."""
    assert checked_member(Member(name, name)).id == name
