"""Find the credential a client brought with its upgrade or HTTP request.

Verifies nothing, and looks only at places that are documented: whoever hides a token elsewhere is anonymous.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from collections.abc import Sequence

SUBPROTOCOL = "vestibule.v1"
"""The one subprotocol the door ever selects."""
_TOKEN_SUBPROTOCOL = "vestibule.token."
_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token, as the client sent it."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A single-use ticket for one WebSocket, as the client sent it."""

    value: str = field(repr=False)


Credential = Token | Ticket


def find_credential(
    *, authorization: str | None = None, subprotocols: Sequence[str] = (), query: str | bytes = ""
) -> Credential | None:
    """The credential of a request, or None.

    The first of: `Authorization: Bearer`, subprotocol `vestibule.token.<token>`, `?ticket=`, `?token=`. The
    last one stays in other people's access logs (S2): it is there for compatibility.
    """
    return (
        _from_header(authorization or "")
        or _from_subprotocols(subprotocols)
        or _from_query(query)  # most private first
    )


def offered_subprotocols(header: str | None) -> tuple[str, ...]:
    """The names in a `Sec-WebSocket-Protocol` header, in the client's order."""
    return tuple(name for name in (part.strip() for part in (header or "").split(",")) if name)


def select_subprotocol(offered: Sequence[str]) -> str | None:
    """What to answer: the door's own name if it was offered, and never one that carries a token."""
    return SUBPROTOCOL if SUBPROTOCOL in offered else None


def _from_header(authorization: str) -> Token | None:
    if authorization[: len(_BEARER)].lower() != _BEARER:
        return None
    value = authorization[len(_BEARER) :].strip()
    return Token(value) if value else None


def _from_subprotocols(offered: Sequence[str]) -> Token | None:
    for name in offered:
        if name.startswith(_TOKEN_SUBPROTOCOL) and len(name) > len(_TOKEN_SUBPROTOCOL):
            return Token(name[len(_TOKEN_SUBPROTOCOL) :])
    return None


def _from_query(query: str | bytes) -> Credential | None:
    """Names must be literal: an escaped name (`%74oken`) would pass by the log's scrubbing."""
    text = query.decode("ascii", "replace") if isinstance(query, bytes) else query
    found: dict[str, str] = {}
    for part in text.removeprefix("?").split("&"):
        name, _, value = part.partition("=")
        if name in ("ticket", "token") and value:
            found.setdefault(name, unquote_plus(value))
    if "ticket" in found:
        return Ticket(found["ticket"])
    return Token(found["token"]) if "token" in found else None
