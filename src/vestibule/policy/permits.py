"""Whether a principal may call a method: the gateway's own scope rules, enforced here.

Has to be strict: behind the door every call has the rights of an admin (S4). What is not known asks for admin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vestibule.errors import Forbidden, UnknownMethod
from vestibule.policy.dynamic import is_dynamic, scope_by_params
from vestibule.policy.roles import ADMIN, satisfies
from vestibule.protocol.methods import is_proxied, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.model import Principal

_NOT_A_SCOPE = frozenset({"dynamic", "node"})
"""What the published table says of methods whose scope depends, or that are for device hosts only."""


_READS_THE_LOG = "logs.tail"


def permits(
    principal: Principal,
    method: str,
    params: bytes | None = None,
    *,
    has_own_log: Callable[[str], bool] = lambda owner: False,
) -> None:
    """Raise Forbidden unless `principal` may call `method` of a gateway, UnknownMethod where nobody may.

    `params` (raw JSON, empty for none) decide where the gateway looks at them too; None is unknown: judged strictly.
    `has_own_log` says whether the log of an owner's gateway is its alone. All gateways of a host share one unless they
    are told not to: then it tells of other owners, and is for admins.
    """
    if not is_proxied(method):
        raise UnknownMethod()
    if ADMIN in principal.scopes:
        return
    demands(principal, needed_scope(method, params))
    if method == _READS_THE_LOG and not has_own_log(principal.owner):
        demands(principal, ADMIN)


def demands(principal: Principal, needed: str) -> None:
    """Raise Forbidden unless `principal` holds a scope."""
    if not satisfies(principal.scopes, needed):
        raise Forbidden(
            f"missing scope: {needed}",
            details={"code": "MISSING_SCOPE", "missingScope": needed, "requiredScopes": [needed]},
        )


def needed_scope(method: str, params: bytes | None = None) -> str:
    """The scope a call asks for; admin where nobody knows."""
    if is_dynamic(method):
        return ADMIN if params is None else scope_by_params(method, params)
    scope = scope_of(method)
    return ADMIN if scope is None or scope in _NOT_A_SCOPE else scope
