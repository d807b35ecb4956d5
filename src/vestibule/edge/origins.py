"""Decide whether a browser page may open a socket here, by its `Origin`.

Pure. Refuses unknown pages; whoever sends no Origin is no browser and is judged by its credential alone.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def origin_allowed(origin: str | None, *, host: str, public_url: str, allowed: Iterable[str]) -> bool:
    """Whether `origin` is the door's own, listed, or (on the same machine) as local as the door's address."""
    if origin is None or "*" in allowed:
        return True
    page = _address(origin)
    if page is None:  # "null": a sandboxed frame or a file
        return False
    scheme, name, _port = page
    here = _address(f"{scheme}://{host}")
    if here is not None and (here == page or (is_loopback(name) and is_loopback(here[1]))):
        return True
    return any(_address(known) == page for known in (public_url, *allowed))


def is_loopback(host: str) -> bool:
    """Whether `host` can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _address(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port, with the scheme's port where none is written."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.scheme not in _DEFAULT_PORTS:
        return None
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme]
