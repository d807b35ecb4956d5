"""Roles and the OpenClaw scopes they stand for.

Knows no method: which scope a method asks for is `protocol.methods`' table.
"""

from __future__ import annotations

from vestibule.model import Role

READ = "operator.read"
WRITE = "operator.write"
APPROVALS = "operator.approvals"
QUESTIONS = "operator.questions"
ADMIN = "operator.admin"

_SCOPES = {
    Role.VIEWER: frozenset({READ}),
    Role.OPERATOR: frozenset({READ, WRITE, APPROVALS, QUESTIONS}),
    Role.ADMIN: frozenset({ADMIN}),
}
_CONTAINED = {READ: {WRITE}, "operator.talk": {WRITE}}
"""Scopes that come with others, as the gateway sees it: who may write may read."""


def scopes_of(role: Role) -> frozenset[str]:
    """The OpenClaw scopes of a role."""
    return _SCOPES[role]


def satisfies(scopes: frozenset[str], needed: str) -> bool:
    """Whether somebody with `scopes` has `needed`."""
    return needed in scopes or ADMIN in scopes or not scopes.isdisjoint(_CONTAINED.get(needed, ()))
