"""Read a WebSocket upgrade request: what the client wants, or why it is turned away.

Pure. Verifies no credential; a credential is never part of what a refusal says.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from vestibule.auth.credentials import Credential, find_credential, offered_subprotocols, select_subprotocol
from vestibule.edge.origins import is_loopback, origin_allowed
from vestibule.protocol.frames import Resume

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vestibule.settings import Settings

PATHS = frozenset({"/", "/ws", "/api/v1/ws"})
"""`/` for `wss://host?token=...`."""
_LARGEST_OFFSET = 2**53
_LONGEST_AGENT = 256


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A request that may become a socket."""

    key: str = field(repr=False)
    """`Sec-WebSocket-Key`."""
    subprotocol: str | None
    credential: Credential | None
    resume: Resume | None
    remote: str
    """The client's address, as far as it is known."""
    agent: str = ""
    """The program, as it names itself: `User-Agent`."""


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A request that gets an HTTP answer instead."""

    status: HTTPStatus
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()

    def body(self) -> bytes:
        """The answer in the shape of all HTTP errors of the door."""
        return msgspec.json.encode({"error": {"code": self.code, "message": self.message}})


NO_SUCH_PATH = TurnedAway(HTTPStatus.NOT_FOUND, "NOT_FOUND", "No WebSocket here.")
WRONG_ORIGIN = TurnedAway(HTTPStatus.FORBIDDEN, "FORBIDDEN", "This page may not connect here.")
WRONG_METHOD = TurnedAway(HTTPStatus.METHOD_NOT_ALLOWED, "INVALID_REQUEST", "Use GET.", (("Allow", "GET"),))
NO_KEY = TurnedAway(HTTPStatus.BAD_REQUEST, "INVALID_REQUEST", "Sec-WebSocket-Key is missing or wrong.")
WRONG_VERSION = TurnedAway(
    HTTPStatus.UPGRADE_REQUIRED, "INVALID_REQUEST", "Use WebSocket version 13.", (("Sec-WebSocket-Version", "13"),)
)

NO_UPGRADE = TurnedAway(
    HTTPStatus.UPGRADE_REQUIRED,
    "INVALID_REQUEST",
    "This is a WebSocket: connect to it with a WebSocket client.",
    (("Upgrade", "websocket"), ("Connection", "Upgrade")),
)
"""For an ordinary request at the socket's address."""


def read_upgrade(
    *, method: str, path: str, query: str, headers: Mapping[str, str], peer: str, settings: Settings
) -> Upgrade | TurnedAway:
    """Judge the request. `headers` has lower-case names, repeated ones joined by commas."""
    if path not in PATHS:
        return NO_SUCH_PATH
    if method != "GET":
        return WRONG_METHOD
    if headers.get("sec-websocket-version") != "13":
        return WRONG_VERSION
    key = headers.get("sec-websocket-key", "")
    if not _is_key(key):
        return NO_KEY
    if not origin_allowed(
        headers.get("origin"),
        host=headers.get("host", ""),
        public_url=settings.public_url,
        allowed=settings.allowed_origins,
    ):
        return WRONG_ORIGIN
    offered = offered_subprotocols(headers.get("sec-websocket-protocol"))
    return Upgrade(
        key=key,
        subprotocol=select_subprotocol(offered),
        credential=find_credential(authorization=headers.get("authorization"), subprotocols=offered, query=query),
        resume=_resume(query),
        remote=_remote(peer, headers.get("x-forwarded-for", "")),
        agent=headers.get("user-agent", "")[:_LONGEST_AGENT],
    )


def join_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as `read_upgrade` wants them."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def _resume(query: str) -> Resume | None:
    """`?epoch=&offset=`; anything unreadable means a fresh start."""
    found = dict(parse_qsl(query))
    epoch, offset = found.get("epoch"), found.get("offset", "")
    if not epoch or not (offset.isascii() and offset.isdigit()) or len(offset) > 16 or int(offset) > _LARGEST_OFFSET:
        return None
    return Resume(epoch=epoch, offset=int(offset))


def _remote(peer: str, forwarded_for: str) -> str:
    """Behind a proxy on this machine: whom that proxy saw. Nobody else's word is taken."""
    nearest = forwarded_for.rpartition(",")[2].strip()
    return nearest if nearest and is_loopback(peer) else peer
