"""Open a TCP or TLS connection to where a `ws://` or `wss://` URL points, and say why it failed.

Sends nothing: what goes over the connection is the caller's business, after the certificate has been checked.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import socket
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import aiofastnet

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["url", "dns", "refused", "unreachable", "tls", "pin", "http", "upgrade", "lost", "timeout"]

_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class ConnectFailed(Exception):
    """No socket. `detail` may name addresses: for the log and the operator, never for a client."""

    def __init__(self, kind: Kind, detail: str, *, status: int | None = None) -> None:
        self.kind: Kind = kind
        self.detail = detail
        self.status = status
        """HTTP status, when the peer answered the upgrade with one."""
        super().__init__(f"{kind}: {detail}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a WebSocket URL points."""

    secure: bool
    host: str
    port: int
    netloc: str
    """For the `Host` header: without user and password."""
    resource: str
    """Path and query."""


def parse_target(url: str) -> Target:
    """Read a WebSocket URL; anything else is a ConnectFailed of kind `url`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConnectFailed("url", str(error)) from error
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ConnectFailed("url", "the address must begin with ws:// or wss:// and name a host")
    if _CONTROL.search(url) or " " in url:
        raise ConnectFailed("url", "the address contains spaces or control characters")
    secure = parts.scheme == "wss"
    resource = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not resource.isascii():
        raise ConnectFailed("url", "path and query of the address must be ASCII")
    return Target(secure, parts.hostname, port or (443 if secure else 80), parts.netloc.rpartition("@")[2], resource)


def refuse_bad_headers(headers: Mapping[str, str]) -> None:
    """Header names and values go into the request as they are: none may break out of its line."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or _CONTROL.search(value):
            raise ConnectFailed("url", f"header {name!r} cannot be sent")


async def open_transport(target: Target, tls_pin: str) -> asyncio.Transport:
    """Connect, and check the certificate where there is one. Raises OSError or ConnectFailed."""
    transport, _ = await aiofastnet.create_connection(
        asyncio.get_running_loop(),
        asyncio.Protocol,
        target.host,
        target.port,
        ssl=_trust(bool(tls_pin)) if target.secure else None,
    )
    if target.secure and tls_pin:
        shown = transport.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
        if not hmac.compare_digest(hashlib.sha256(shown).hexdigest(), tls_pin.replace(":", "").lower()):
            transport.abort()
            raise ConnectFailed("pin", "the peer shows another certificate than the pinned one")
    return transport


@lru_cache(maxsize=2)
def _trust(pinned: bool) -> ssl.SSLContext:
    """Contexts are costly to make: one for the system's trust store, one for pinned certificates."""
    context = ssl.create_default_context()
    if pinned:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # no authority is asked: open_transport compares the certificate itself
    return context


def kind_of(error: OSError) -> Kind:
    """Name the reason of a failed connect."""
    if isinstance(error, socket.gaierror):
        return "dns"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ConnectionError):
        return "lost"
    return "unreachable"
