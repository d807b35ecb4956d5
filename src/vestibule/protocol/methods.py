"""Which scope each gateway method needs, and which methods are no gateway's business.

A table, generated from OpenClaw's published schema by tools/gen_methods.py. Decides nothing: that is policy's room.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from msgspec import Struct
from msgspec.json import decode

DYNAMIC = "dynamic"
"""In place of a scope: it depends on the parameters."""
NODE = "node"
"""In place of a scope: for OpenClaw's devices, not for people."""

DOOR_PREFIX = "door."
GATEWAY_METHOD = "door.gateway"
CLIENTS_METHOD = "door.clients"
START_METHOD = "door.start"
OWN_METHODS = frozenset({GATEWAY_METHOD, CLIENTS_METHOD, START_METHOD})
"""Answered by the door itself; no method that begins with `door.` ever goes up."""
APPROVAL_LIST = "exec.approval.list"
COMPLETED = frozenset({APPROVAL_LIST})
"""Answered by the door for a gateway that does not offer it; wire 3 has no list of approvals."""
NEVER_PROXIED = frozenset({"connect"})
"""The handshake is the door's own."""


class _Table(Struct):
    source: str
    scopes: dict[str, list[str]]
    unlisted: dict[str, list[str]]


_TABLE = decode(files(__package__).joinpath("methods.json").read_bytes(), type=_Table)
_SCOPE_BY_METHOD = {method: scope for scope, methods in _TABLE.scopes.items() for method in methods}

SOURCE = _TABLE.source
"""The package the table was made from."""
UNLISTED = {int(wire): frozenset(methods) for wire, methods in _TABLE.unlisted.items()}
"""By wire: what answers although `features.methods` does not name it."""


def scope_of(method: str) -> str | None:
    """The scope a method needs, DYNAMIC, NODE, or None: unknown, and so for admins only."""
    return _SCOPE_BY_METHOD.get(method)


@lru_cache(maxsize=1024)
def is_proxied(method: str) -> bool:
    """Whether a method may go up at all."""
    return method not in NEVER_PROXIED and not method.startswith(DOOR_PREFIX)


@lru_cache(maxsize=16)
def offered(advertised: frozenset[str], protocol: int) -> frozenset[str]:
    """What a gateway really offers: the methods of its hello and the unlisted ones of its wire."""
    return (advertised | UNLISTED.get(protocol, frozenset())) - NEVER_PROXIED
