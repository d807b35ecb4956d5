"""What a route and a member must look like to be stored, whoever wrote them.

Looks at text only: dials nothing, resolves nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from vestibule.errors import ClientFault
from vestibule.model import Member, Route, RouteMode

_MAX_ID = 255
_MAX_TEXT = 4_096
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")
_PIN = re.compile(r"[0-9a-f]{64}")


def checked_route(route: Route) -> Route:
    """`route` with its spelling tidied. Raises ClientFault with what is wrong."""
    check_id("owner", route.owner)
    url = route.url.strip()
    if len(url) > _MAX_TEXT:
        raise ClientFault("url: too long.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ClientFault("url: not a URL.") from None
    if parts.scheme in ("http", "https"):
        raise ClientFault(f"url: must begin with ws:// or wss:// (write {_as_websocket(parts)}).")
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ClientFault("url: must look like ws://host:18789 or wss://host.")
    if parts.username is not None or parts.password is not None:
        raise ClientFault("url: must not contain a user name or password; give the gateway's token by itself.")
    if port == 0 or parts.fragment or any(character.isspace() or not character.isprintable() for character in url):
        raise ClientFault("url: not a URL a WebSocket can be opened to.")
    _check_secrets(route)
    identity_header = route.identity_header.strip().lower()
    if route.mode is RouteMode.TRUSTED_PROXY and not route.identity:
        raise ClientFault("identity: a trusted-proxy route needs the user the door connects as.")
    if not route.identity.isprintable() or len(route.identity) > _MAX_ID:
        raise ClientFault("identity: too long, or not printable.")
    if not _HEADER_NAME.fullmatch(identity_header):
        raise ClientFault("identityHeader: not the name of an HTTP header.")
    pin = route.tls_pin.replace(":", "").strip().lower()
    if pin and not _PIN.fullmatch(pin):
        raise ClientFault("tlsPin: must be the SHA-256 of the gateway's certificate, 64 hexadecimal digits.")
    if pin and parts.scheme != "wss":
        raise ClientFault("tlsPin: only a wss:// address has a certificate.")
    return replace(route, url=url, identity_header=identity_header, tls_pin=pin)


def checked_member(member: Member) -> Member:
    """`member` as it is. Raises ClientFault with what is wrong."""
    check_id("member", member.id)
    check_id("owner", member.owner)
    return member


def check_id(name: str, value: str) -> None:
    """Raise ClientFault unless `value` can name an owner or a member: printable, without spaces, not too long."""
    if not value:
        raise ClientFault(f"{name}: must not be empty.")
    if len(value) > _MAX_ID:
        raise ClientFault(f"{name}: longer than {_MAX_ID} characters.")
    if not value.isprintable() or any(character.isspace() for character in value):
        raise ClientFault(f"{name}: must be printable, without spaces.")


def _check_secrets(route: Route) -> None:
    for name, secret in (("token", route.token), ("deviceToken", route.device_token)):
        text = secret.reveal()
        if len(text) > _MAX_TEXT or "\0" in text:
            raise ClientFault(f"{name}: too long, or not text.")
    if seed := route.device_seed.reveal():
        try:
            raw = base64.urlsafe_b64decode(seed + "=" * (-len(seed) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != 32:
            raise ClientFault("deviceSeed: must be base64url of 32 bytes.")


def _as_websocket(parts: SplitResult) -> str:
    host = (parts.netloc or "host").rpartition("@")[2]
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{host}"
