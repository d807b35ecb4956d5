"""What the door talks about: owners, members, principals, routes. Frozen, without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that must not reach a log, a client or a traceback; `reveal()` is the one way out."""

    _value: str = ""

    def reveal(self) -> str:
        """The text itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)" if self._value else "Secret()"

    __str__ = __repr__


class Role(StrEnum):
    """What a member may do at the owner's gateway, least first."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Member:
    """A person inside an owner. A personal owner has exactly one, of the same id."""

    id: str
    owner: str
    role: Role = Role.ADMIN
    generation: str = ""
    """Given by the directory when the member is added: credentials of an earlier membership do not fit a later one."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a credential says it is."""

    member: str
    owner: str
    role: Role
    scopes: frozenset[str]
    """OpenClaw scopes, e.g. `operator.read`; `operator.admin` implies all."""
    expires_at: float | None = None
    """Unix seconds; None: as long as the member exists."""
    runs_door: bool = False
    """May administer this Vestibule: routes, members, tokens."""
    generation: str | None = None
    """The membership this was made for; None: bound to no member (it only runs the door)."""


class RouteMode(StrEnum):
    """How the gateway is told who connects."""

    TOKEN = "token"
    """Shared or device token, and always a signed device."""
    TRUSTED_PROXY = "trusted-proxy"
    """An identity header on the upgrade; no token, no device."""


DEFAULT_IDENTITY_HEADER = "x-forwarded-user"


@dataclass(frozen=True, slots=True)
class Route:
    """How to reach an owner's gateway."""

    owner: str
    url: str
    """`ws://` or `wss://`, with port; path and query are kept."""
    mode: RouteMode = RouteMode.TOKEN
    token: Secret = Secret()
    """The gateway's shared token (or password in trusted-proxy mode's provisioning)."""
    device_seed: Secret = Secret()
    """base64url of the 32-byte Ed25519 seed; the route's device for ever."""
    device_token: Secret = Secret()
    """Given by the gateway when it paired the device; preferred over `token` once there."""
    identity: str = ""
    """trusted-proxy: the user the door connects as."""
    identity_header: str = DEFAULT_IDENTITY_HEADER
    """trusted-proxy: the gateway's `trustedProxy.userHeader`."""
    tls_pin: str = ""
    """Lowercase hex SHA-256 of the gateway's certificate (DER); empty: the system's trust store."""
    revision: int = 1
    """Grows with every change, so that a connection can tell that its route is old."""
    created_at: datetime | None = None
    """When the directory first heard of it, and when it last changed; None where nobody noted it."""
    updated_at: datetime | None = None


class GatewayState(StrEnum):
    """State of an owner's gateway as clients see it."""

    UNPROVISIONED = "unprovisioned"
    STOPPED = "stopped"
    STARTING = "starting"
    CONNECTING = "connecting"
    READY = "ready"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class GatewayStatus:
    """State with its reason: the body of a `status` frame."""

    state: GatewayState
    reason: str = ""
    """Public text: why, and what helps. Never an address or a secret."""
    retry_in_ms: int | None = None


@dataclass(frozen=True, slots=True)
class GatewayHello:
    """What a ready gateway said of itself in `hello-ok`."""

    protocol: int
    version: str
    methods: frozenset[str] = field(repr=False)
    events: frozenset[str] = field(repr=False)
    scopes: frozenset[str]
    max_payload_bytes: int
    tick_interval_ms: int
    policy: bytes = field(repr=False)
    """The gateway's `policy` object as raw JSON."""
    uptime_ms: float = 0
    """How long its process has been running."""
