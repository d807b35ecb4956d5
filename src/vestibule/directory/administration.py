"""Routes and members from what people write: a command, a JSON body, a file of JSON lines.

Keeps every good line of a file and reports every bad one by its number; a bad line loses nobody else's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from vestibule.directory.checks import checked_member, checked_route
from vestibule.errors import ClientFault, NotFound
from vestibule.model import DEFAULT_IDENTITY_HEADER, Member, Role, Route, RouteMode, Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vestibule.directory.port import Directory

_ROUTE_FIELDS = ("owner", "url", "token", "mode", "identity", "identityHeader", "tlsPin", "deviceSeed", "deviceToken")
_MEMBER_FIELDS = ("member", "owner", "role")

Row = TypeVar("Row")


@dataclass(slots=True)
class ImportReport:
    """What became of a file's lines."""

    added: int = 0
    updated: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)
    """`{"line": number from 1, "error": text}`"""


def no_gateway(owner: str) -> NotFound:
    """Nobody of this name has one."""
    return NotFound(f"There is no gateway of {owner!r}.", remedy="`vestibule gateway list` shows all")


def no_user(member: str) -> NotFound:
    """Nobody of this name may come in."""
    return NotFound(f"There is no user {member!r}.", remedy="`vestibule user list` shows all")


async def remove_owner(directory: Directory, owner: str) -> list[str]:
    """Remove an owner; the members who went with it. Raises NotFound."""
    members = [member.id for member in await directory.members() if member.owner == owner]
    if not await directory.remove_owner(owner):
        raise no_gateway(owner)
    return members


def route_from(fields: dict[str, Any]) -> Route:
    """A route from `{owner, url, token?, mode?, identity?, identityHeader?, tlsPin?, ...}`. Raises ClientFault."""
    text = _texts(fields, _ROUTE_FIELDS)
    mode = text.get("mode", RouteMode.TOKEN)
    if mode not in list(RouteMode):
        raise ClientFault(f"mode: must be one of {', '.join(RouteMode)}.")
    return checked_route(
        Route(
            owner=text.get("owner", ""),
            url=text.get("url", ""),
            mode=RouteMode(mode),
            token=Secret(text.get("token", "")),
            device_seed=Secret(text.get("deviceSeed", "")),
            device_token=Secret(text.get("deviceToken", "")),
            identity=text.get("identity", ""),
            identity_header=text.get("identityHeader") or DEFAULT_IDENTITY_HEADER,
            tls_pin=text.get("tlsPin", ""),
        )
    )


def member_from(fields: dict[str, Any]) -> Member:
    """A member from `{member, owner?, role?}`. Without owner it is its own, and then by default its admin.

    Raises ClientFault.
    """
    text = _texts(fields, _MEMBER_FIELDS)
    own = text.get("owner") in (None, "", text.get("member"))
    role = text.get("role") or (Role.ADMIN if own else Role.OPERATOR)
    if role not in list(Role):
        raise ClientFault(f"role: must be one of {', '.join(Role)}.")
    name = text.get("member", "")
    return checked_member(Member(id=name, owner=text.get("owner") or name, role=Role(role)))


async def import_routes(directory: Directory, lines: Iterable[str]) -> ImportReport:
    """Store a route per JSON line in one transaction."""
    report, rows = ImportReport(), _rows(lines, route_from)
    routes = _good(rows, report)
    known = {route.owner for route in await directory.routes()} if routes else set()
    stored = await directory.put_routes(routes) if routes else []
    report.updated = sum(route.owner in known for route in stored)
    report.added = len(stored) - report.updated
    return report


async def import_members(directory: Directory, lines: Iterable[str]) -> ImportReport:
    """Store a member per JSON line in one transaction."""
    report, rows = ImportReport(), _rows(lines, member_from)
    members = _good(rows, report)
    known = {member.id for member in await directory.members()} if members else set()
    stored = await directory.put_members(members) if members else []
    report.updated = sum(member.id in known for member in stored)
    report.added = len(stored) - report.updated
    return report


def _rows(lines: Iterable[str], read: Callable[[dict[str, Any]], Row]) -> list[tuple[int, Row | str]]:
    """Each line's number with what it says, or with what is wrong with it."""
    rows: list[tuple[int, Row | str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            if not isinstance(fields, dict):
                raise ClientFault("not a JSON object.")
            rows.append((number, read(fields)))
        except ValueError as error:
            rows.append((number, f"not JSON: {error}"))
        except RecursionError:
            rows.append((number, "not JSON: nested too deep"))
        except ClientFault as error:
            rows.append((number, error.message))
    return rows


def _good(rows: list[tuple[int, Row | str]], report: ImportReport) -> list[Row]:
    good: list[Row] = []
    for number, row in rows:
        if isinstance(row, str):
            report.failed.append({"line": number, "error": row})
        else:
            good.append(row)
    return good


def _texts(fields: dict[str, Any], known: tuple[str, ...]) -> dict[str, str]:
    if unknown := sorted(set(fields) - set(known)):
        raise ClientFault(f"unknown field {unknown[0]!r}; known are {', '.join(known)}.")
    texts = {name: value for name, value in fields.items() if value is not None}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise ClientFault(f"{name}: must be text.")
    return texts
