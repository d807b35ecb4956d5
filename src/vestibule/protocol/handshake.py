"""The one handshake with a gateway, for wire 3 and wire 4: frames in, actions out.

Knows no socket and no clock: `signedAt` is the challenge's own time. Raises only BadFrame.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import DecodeError, Raw, Struct
from msgspec import field as struct_field
from msgspec.json import Decoder, encode

from vestibule.model import GatewayHello, Route, RouteMode, Secret
from vestibule.protocol.decoding import decode_gateway
from vestibule.protocol.device import DeviceIdentity, device_of, signature_payload
from vestibule.protocol.encoding import encode_request
from vestibule.protocol.frames import GatewayEvent, GatewayResponse
from vestibule.protocol.refusals import Refused, judge, missing_scopes, unreadable
from vestibule.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_PROTOCOL, MAX_PROTOCOL = 3, 4
ROLE = "operator"
ADMIN = "operator.admin"
PLATFORM = "linux"
"""Part of every signature: a device whose platform changes must be approved again. Never change it."""
CAPS = ("tool-events", "approvals", "exec-approvals")
"""What all clients of an owner need together. Without an approvals cap the gateway denies every exec approval at once;
`session-scoped-events` is left out on purpose: with it nothing arrives that nobody subscribed to."""
CONNECT_ID = "0"
"""Digits, so that the answer takes the fast path; calls count from 1."""

_DEFAULT_MAX_PAYLOAD = 25 * 1024 * 1024
_DEFAULT_TICK_MS = 30_000


@lru_cache(maxsize=16)
def _shared(names: tuple[str, ...]) -> frozenset[str]:
    """One set for all gateways of a version: hundreds of names a gateway, thousands of gateways."""
    return frozenset(names)


@dataclass(frozen=True, slots=True)
class Send:
    """Write this frame. It carries the token, so it does not show itself."""

    frame: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Event:
    """An event that came before the gateway had greeted us."""

    event: GatewayEvent


@dataclass(frozen=True, slots=True)
class Welcome:
    """We are in."""

    hello: GatewayHello
    device_token: str | None = field(repr=False)
    """Given when the gateway has paired the device: keep it, it is better than the shared token."""

    @property
    def scopes(self) -> frozenset[str]:
        """What was granted; on wire 3, which may not say, what was asked for."""
        return self.hello.scopes


Action = Send | Event | Welcome | Refused
_Outcome = TypeVar("_Outcome", Refused, Welcome | Refused)


@dataclass(frozen=True, slots=True)
class ClientKind:
    """How we introduce ourselves."""

    id: str
    mode: str


RELAY = ClientKind("gateway-client", "backend")
"""Keeps its scopes on loopback and, with a paired device, from anywhere."""
PAIRING = ClientKind("cli", "cli")
"""Over loopback the gateway pairs this one's device silently and gives it a device token."""


class State(Enum):
    """Where the handshake is."""

    CHALLENGE = "waiting for the challenge"
    HELLO = "waiting for the answer to connect"
    OVER = "over"


class _Challenge(Struct):
    nonce: str
    ts: int


class _Server(Struct):
    version: str = ""


class _Features(Struct):
    methods: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


class _Auth(Struct):
    scopes: tuple[str, ...] | None = None
    deviceToken: str | None = None


class _Snapshot(Struct):
    uptimeMs: float = 0


class _Policy(Struct):
    maxPayload: int = _DEFAULT_MAX_PAYLOAD
    tickIntervalMs: int = _DEFAULT_TICK_MS


class _HelloOk(Struct, tag_field="type", tag="hello-ok"):
    protocol: int
    server: _Server = struct_field(default_factory=_Server)
    features: _Features = struct_field(default_factory=_Features)
    auth: _Auth | None = None
    snapshot: _Snapshot = struct_field(default_factory=_Snapshot)
    policy: Raw = Raw(b"{}")


class _Answer(Struct):
    payload: _HelloOk


_challenge = Decoder(_Challenge)
_answer = Decoder(_Answer)
_policy = Decoder(_Policy)


class Handshake:
    """One attempt to be let in."""

    def __init__(
        self,
        *,
        token: Secret = Secret(),
        device: DeviceIdentity | None = None,
        device_token: Secret = Secret(),
        identity: str = "",
        kind: ClientKind = RELAY,
        scopes: Sequence[str] = (ADMIN,),
        caps: Sequence[str] = CAPS,
    ) -> None:
        self.state = State.CHALLENGE
        self._token = token
        self._device = device
        self._device_token = device_token if device else Secret()
        self._identity = identity
        self._kind = kind
        self._scopes = tuple(scopes)
        self._caps = tuple(caps)

    @classmethod
    def for_route(cls, route: Route, *, pairing: bool = False) -> Handshake:
        """The handshake a route calls for; `pairing` is the variant that gets its device paired over loopback."""
        if route.mode is RouteMode.TRUSTED_PROXY:
            # The upgrade's headers say who we are. A device would have to be paired, a token is not looked at.
            return cls(identity=route.identity)
        return cls(
            token=route.token,
            device=device_of(route),
            device_token=Secret() if pairing else route.device_token,
            kind=PAIRING if pairing else RELAY,
        )

    def receive(self, frame: bytes | memoryview) -> list[Action]:
        """What to do about a frame from the gateway. After Welcome or Refused the handshake is over."""
        match decode_gateway(frame):
            case GatewayEvent(event="connect.challenge", payload=payload) if self.state is State.CHALLENGE:
                return [self._connect(payload)]
            case GatewayEvent() as event:
                return [Event(event)]
            case GatewayResponse(ok=False, body=body) if self.state is not State.OVER:
                return [self._end(judge(body, used_device_token=bool(self._device_token)))]
            case GatewayResponse(upstream_id=id_, body=body) if self.state is State.HELLO and id_ == CONNECT_ID:
                return [self._end(self._greeted(body))]
            case _:
                return []

    def _connect(self, payload: Raw) -> Send | Refused:
        try:
            challenge = _challenge.decode(payload)
        except (DecodeError, UnicodeDecodeError):
            return self._end(unreadable("its challenge has no nonce or no time"))
        self.state = State.HELLO
        params: dict[str, Any] = {
            "minProtocol": MIN_PROTOCOL,
            "maxProtocol": MAX_PROTOCOL,
            "client": {
                "id": self._kind.id,
                "displayName": "Vestibule",
                "version": __version__,
                "platform": PLATFORM,
                "mode": self._kind.mode,
            },
            "role": ROLE,
            "scopes": self._scopes,
            "caps": self._caps,
        }
        if self._device_token:
            params["auth"] = {"deviceToken": self._device_token.reveal()}
        elif self._token:
            params["auth"] = {"token": self._token.reveal()}
        if self._device:
            params["device"] = self._signed(self._device, challenge)
        return Send(encode_request(CONNECT_ID, "connect", encode(params), None))

    def _signed(self, device: DeviceIdentity, challenge: _Challenge) -> dict[str, Any]:
        signature = device.sign(
            signature_payload(
                device_id=device.id,
                client_id=self._kind.id,
                client_mode=self._kind.mode,
                role=ROLE,
                scopes=self._scopes,
                signed_at=challenge.ts,
                token=(self._device_token or self._token).reveal(),
                nonce=challenge.nonce,
                platform=PLATFORM,
            )
        )
        return {
            "id": device.id,
            "publicKey": device.public_key,
            "signature": signature,
            "signedAt": challenge.ts,
            "nonce": challenge.nonce,
        }

    def _greeted(self, body: bytes) -> Welcome | Refused:
        try:
            hello = _answer.decode(b"{" + body[1:]).payload
            policy = _policy.decode(hello.policy)
        except (DecodeError, UnicodeDecodeError, RecursionError):
            return unreadable("its hello is not one")
        if not MIN_PROTOCOL <= hello.protocol <= MAX_PROTOCOL:
            return unreadable("it greets in a protocol nobody asked for")
        granted = self._granted(hello)
        missing = [] if ADMIN in granted else [scope for scope in self._scopes if scope not in granted]
        if missing:
            return missing_scopes(missing, identity=self._identity)
        return Welcome(
            GatewayHello(
                protocol=hello.protocol,
                version=hello.server.version,
                methods=_shared(hello.features.methods),
                events=_shared(hello.features.events),
                scopes=granted,
                max_payload_bytes=policy.maxPayload if policy.maxPayload > 0 else _DEFAULT_MAX_PAYLOAD,
                tick_interval_ms=policy.tickIntervalMs if policy.tickIntervalMs > 0 else _DEFAULT_TICK_MS,
                policy=bytes(hello.policy),
                uptime_ms=hello.snapshot.uptimeMs,
            ),
            device_token=hello.auth.deviceToken if hello.auth else None,
        )

    def _granted(self, hello: _HelloOk) -> frozenset[str]:
        if hello.auth is None or hello.auth.scopes is None:
            # Wire 3 reports scopes only together with a new device token; wire 4 always.
            return frozenset(self._scopes if hello.protocol == MIN_PROTOCOL else ())
        return _shared(hello.auth.scopes)

    def _end(self, outcome: _Outcome) -> _Outcome:
        self.state = State.OVER
        return outcome
