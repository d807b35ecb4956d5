"""Who gets in: the gateway's answer to `connect`, as measured on 2026.9.6 (wire 4) and 2026.3.13 (wire 3).

Decides only; the connection sends the answer. Raises `Refused`, returns `Admitted`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from vestibule.testing import refusals
from vestibule.testing.devices import Device, Devices, verify_device
from vestibule.testing.wire import JSON, Refused, RpcError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLIENT_IDS_4 = frozenset(
    [
        "webchat-ui",
        "openclaw-control-ui",
        "openclaw-browser-copilot",
        "openclaw-tui",
        "webchat",
        "cli",
        "gateway-client",
        "openclaw-macos",
        "openclaw-linux",
        "openclaw-ios",
        "openclaw-watchos",
        "openclaw-android",
        "node-host",
        "openclaw-worker",
        "test",
        "fingerprint",
        "openclaw-probe",
    ]
)
CLIENT_IDS_3 = frozenset(
    [
        "webchat-ui",
        "openclaw-control-ui",
        "webchat",
        "cli",
        "gateway-client",
        "openclaw-macos",
        "openclaw-ios",
        "openclaw-android",
        "node-host",
        "test",
        "fingerprint",
        "openclaw-probe",
    ]
)
CLIENT_MODES_4 = frozenset(["webchat", "cli", "ui", "backend", "node", "worker", "probe", "test"])
CLIENT_MODES_3 = frozenset(["webchat", "cli", "ui", "backend", "node", "probe", "test"])
CONNECT_KEYS_3 = frozenset(
    [
        "minProtocol",
        "maxProtocol",
        "client",
        "caps",
        "commands",
        "permissions",
        "pathEnv",
        "role",
        "scopes",
        "device",
        "auth",
        "locale",
        "userAgent",
    ]
)
CLIENT_KEYS = frozenset(
    [
        "id",
        "version",
        "platform",
        "mode",
        "displayName",
        "buildId",
        "deviceFamily",
        "modelIdentifier",
        "timeZone",
        "instanceId",
    ]
)
AUTH_KEYS = frozenset(["token", "password", "deviceToken", "bootstrapToken"])
SILENTLY_PAIRED = frozenset({("cli", "cli"), ("test", "test"), ("openclaw-probe", "probe")})
KEEPS_SCOPES = frozenset({("gateway-client", "backend"), ("cli", "cli")})
BROWSER_IDS = frozenset({"openclaw-control-ui", "webchat", "webchat-ui"})
ALL_SCOPES = (
    "operator.admin", "operator.read", "operator.write", "operator.approvals", "operator.pairing", "operator.questions",
    "operator.talk",
)  # fmt: skip

FAILURES_BEFORE_LOCK = 10
FAILURE_WINDOW_MS = 60_000
LOCK_MS = 300_000


@dataclass(frozen=True, slots=True)
class TrustedProxy:
    """`gateway.auth.mode: trusted-proxy`: the identity header of the upgrade says who connects."""

    identity_scopes: Mapping[str, tuple[str, ...]]
    """Scopes by identity, e.g. `{"door@example": ("operator.admin",)}`."""
    user_header: str = "x-forwarded-user"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What the HTTP upgrade said, header names in lower case."""

    peer: str
    headers: Mapping[str, str]

    @property
    def forwarded(self) -> bool:
        """Whether a proxy left its mark."""
        return any(name in self.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))


@dataclass(frozen=True, slots=True)
class Admitted:
    """A connection's rights."""

    client: JSON
    role: str
    scopes: list[str]
    caps: frozenset[str]
    method: str
    device: Device | None = None
    device_token: str | None = None
    user: str | None = None


@dataclass(slots=True)
class Admission:
    """The door policy of one simulated gateway."""

    protocol: int
    token: str
    devices: Devices
    now_ms: Callable[[], int]
    remote: bool = False
    allowed_origins: tuple[str, ...] = ()
    trusted_proxy: TrustedProxy | None = None
    on_pairing_request: Callable[[Device], None] = lambda _device: None
    failures: dict[str, deque[int]] = field(default_factory=dict)
    locked_until_ms: dict[str, int] = field(default_factory=dict)

    def admit(self, params: Any, upgrade: Upgrade, nonce: str) -> Admitted:
        """The rights this `connect` gets; raises Refused."""
        params = self._well_formed(params)
        self._protocol_agreed(params)
        client: JSON = params["client"]
        who = (client["id"], client["mode"])
        role = params.get("role", "operator")
        if role not in ("operator", "node"):
            raise Refused(RpcError("invalid role"))
        scopes = list(params.get("scopes") or [])
        caps = frozenset(params.get("caps") or [])
        auth: JSON = params.get("auth") or {}
        origin = self._origin(upgrade, client["id"])
        if self.trusted_proxy is not None and not (auth.get("password") == self.token and not self.remote):
            return self._by_header(self.trusted_proxy, upgrade, params, client, role, scopes, caps)
        remote = self.remote or (self.protocol == 3 and upgrade.forwarded)
        block = params.get("device")
        given = auth.get("token") or auth.get("deviceToken") or auth.get("bootstrapToken") or ""
        device = self._device(block, client, role, scopes)
        if device is not None:
            try:
                verify_device(
                    block, nonce=nonce, now_ms=self.now_ms(), client=client, role=role, scopes=scopes, token=str(given)
                )
            except RpcError as error:
                raise Refused(error) from None
        method = self._credential(auth, str(given), device, upgrade, remote)
        if device is None:
            return self._without_device(who, role, scopes, caps, client, method, remote, origin)
        return self._with_device(device, who, role, scopes, caps, client, method, remote)

    def device_of(self, params: JSON) -> Device:
        """The device of a connect as it stands there, unverified."""
        client = params.get("client") or {}
        client = {"id": client.get("id", ""), "mode": client.get("mode", ""), **client}
        block = params.get("device") or {"id": "0" * 64}
        device = self._device(block, client, params.get("role", "operator"), list(params.get("scopes") or []))
        assert device is not None
        return device

    # the steps, in the order of the gateway

    def _well_formed(self, params: Any) -> JSON:
        problems: list[str] = []
        if not isinstance(params, dict):
            problems.append("at root: must be object")
            params = {}
        for key in ("minProtocol", "maxProtocol", "client"):
            if key not in params:
                problems.append(f"at root: must have required property '{key}'")
        for key in ("minProtocol", "maxProtocol"):
            if key in params and (not isinstance(params[key], int) or isinstance(params[key], bool) or params[key] < 1):
                problems.append(f"at /{key}: must be integer")
        if self.protocol == 3:
            problems += [f"at root: unexpected property '{key}'" for key in params if key not in CONNECT_KEYS_3]
        client = params.get("client", {})
        ids, modes = (CLIENT_IDS_4, CLIENT_MODES_4) if self.protocol == 4 else (CLIENT_IDS_3, CLIENT_MODES_3)
        if not isinstance(client, dict):
            problems.append("at /client: must be object")
        elif "client" in params:
            for key in ("id", "version", "platform", "mode"):
                if not isinstance(client.get(key), str) or not client[key]:
                    problems.append(f"at /client: must have required property '{key}'")
            problems += [f"at /client: unexpected property '{key}'" for key in client if key not in CLIENT_KEYS]
            if isinstance(client.get("id"), str) and client["id"] not in ids:
                problems.append("at /client/id: must be equal to one of the allowed values")
            if isinstance(client.get("mode"), str) and client["mode"] not in modes:
                problems.append("at /client/mode: must be equal to one of the allowed values")
        for key in ("scopes", "caps"):
            value = params.get(key, [])
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                problems.append(f"at /{key}: must be array")
        auth = params.get("auth", {})
        if not isinstance(auth, dict):
            problems.append("at /auth: must be object")
        else:
            problems += [f"at /auth: unexpected property '{key}'" for key in auth if key not in AUTH_KEYS]
        device = params.get("device")
        if device is not None:
            if not isinstance(device, dict):
                problems.append("at /device: must be object")
            else:
                for key in ("id", "publicKey", "signature", "signedAt", "nonce"):
                    if key not in device:
                        problems.append(f"at /device: must have required property '{key}'")
        if problems:
            raise Refused(RpcError(f"invalid connect params: {'; '.join(problems)}"))
        return dict(params)

    def _protocol_agreed(self, params: JSON) -> None:
        low, high = params["minProtocol"], params["maxProtocol"]
        if not low <= self.protocol <= high:
            raise Refused(refusals.protocol_mismatch(self.protocol, low, high), 1002)

    def _origin(self, upgrade: Upgrade, client_id: str) -> str | None:
        origin = upgrade.headers.get("origin")
        if origin is None:
            if client_id in BROWSER_IDS:
                raise Refused(refusals.origin_refused("origin missing"))
            return None
        own = urlsplit(origin).netloc == upgrade.headers.get("host") and not self.remote
        if not own and origin not in self.allowed_origins and "*" not in self.allowed_origins:
            raise Refused(refusals.origin_refused("origin not allowed"))
        return origin

    def _by_header(
        self,
        proxy: TrustedProxy,
        upgrade: Upgrade,
        params: JSON,
        client: JSON,
        role: str,
        scopes: list[str],
        caps: frozenset[str],
    ) -> Admitted:
        if "x-forwarded-for" not in upgrade.headers:
            raise Refused(refusals.device_required())
        user = upgrade.headers.get(proxy.user_header.lower(), "").strip()
        if not user:
            raise Refused(
                RpcError(
                    "unauthorized: trusted proxy identity missing",
                    details={"code": "AUTH_UNAUTHORIZED", "authReason": "trusted_proxy_user_missing"},
                )
            )
        device = self._device(params.get("device"), client, role, scopes)
        if device is not None and device.id not in self.devices.paired:
            raise self._not_paired(device, "not-paired")
        granted = proxy.identity_scopes.get(user, ())
        return Admitted(client, role, covered(scopes, granted), caps, "trusted-proxy", user=user)

    def _device(self, block: JSON | None, client: JSON, role: str, scopes: list[str]) -> Device | None:
        if block is None:
            return None
        return Device(
            id=str(block.get("id", "")),
            public_key=str(block.get("publicKey", "")),
            platform=str(client.get("platform", "")),
            device_family=str(client.get("deviceFamily", "")),
            role=role,
            scopes=scopes,
            client_id=client["id"],
            client_mode=client["mode"],
            display_name=str(client.get("displayName", "")),
            ts=self.now_ms(),
        )

    def _credential(self, auth: JSON, given: str, device: Device | None, upgrade: Upgrade, remote: bool) -> str:
        peer = upgrade.peer
        now = self.now_ms()
        if remote and self.locked_until_ms.get(peer, 0) > now:
            raise Refused(refusals.rate_limited(self.locked_until_ms[peer] - now))
        if not self.token:
            return "none"
        password = auth.get("password")
        if given == self.token or password == self.token:
            return "token" if given == self.token else "password"
        if device is not None and self.devices.token_of(device.id, given) is not None:
            return "device-token"
        if not given and not password:
            if device is None:
                raise Refused(refusals.device_required())
            error = refusals.unauthorized("AUTH_TOKEN_MISSING", "token_missing", "unauthorized: gateway token missing")
        else:
            error = refusals.token_mismatch(can_retry=device is not None and bool(auth.get("deviceToken") or device))
        if remote:
            recent = self.failures.setdefault(peer, deque())
            recent.append(now)
            while recent and recent[0] < now - FAILURE_WINDOW_MS:
                recent.popleft()
            if len(recent) >= FAILURES_BEFORE_LOCK:
                self.locked_until_ms[peer] = now + LOCK_MS
                recent.clear()
        raise Refused(error)

    def _without_device(
        self,
        who: tuple[str, str],
        role: str,
        scopes: list[str],
        caps: frozenset[str],
        client: JSON,
        method: str,
        remote: bool,
        origin: str | None,
    ) -> Admitted:
        if who[0] == "openclaw-tui" or (who[0] in BROWSER_IDS and remote):
            raise Refused(
                RpcError(
                    "control ui requires device identity (use HTTPS or localhost secure context)",
                    details={"code": "CONTROL_UI_DEVICE_IDENTITY_REQUIRED"},
                )
            )
        keeps = self.protocol == 4 and not remote and origin is None and who in KEEPS_SCOPES
        return Admitted(client, role, scopes if keeps else [], caps, method)

    def _with_device(
        self,
        device: Device,
        who: tuple[str, str],
        role: str,
        scopes: list[str],
        caps: frozenset[str],
        client: JSON,
        method: str,
        remote: bool,
    ) -> Admitted:
        known = self.devices.paired.get(device.id)
        if known is None:
            if remote:
                raise self._not_paired(device, "not-paired")
            if who in SILENTLY_PAIRED or who[0] in BROWSER_IDS or who[0] == "openclaw-tui":
                known = self.devices.pair(device)
                return Admitted(client, role, scopes, caps, method, known, known.token)
            return Admitted(client, role, scopes, caps, method, device)
        own_backend = not remote and who == ("gateway-client", "backend") and method == "token"
        if not own_backend and (known.platform, known.device_family) != (device.platform, device.device_family):
            raise self._not_paired(device, "metadata-upgrade", approved=known.scopes)
        if not own_backend and covered(scopes, tuple(known.scopes)) != scopes:
            if remote:
                raise self._not_paired(device, "scope-upgrade", approved=known.scopes)
            known.scopes = sorted({*known.scopes, *scopes})
        known.seen_at_ms = self.now_ms()
        return Admitted(client, role, scopes, caps, method, known, known.token)

    def _not_paired(self, device: Device, reason: str, approved: list[str] | None = None) -> Refused:
        request_id, is_new = self.devices.ask(device)
        if is_new:
            self.on_pairing_request(device)
        return Refused(refusals.not_paired(device, request_id, reason, approved))


def covered(asked: list[str], granted: tuple[str, ...]) -> list[str]:
    """The asked scopes that the granted ones cover; admin covers every operator scope, write covers read."""
    have = set(granted)
    if "operator.admin" in have:
        return [each for each in asked if each.startswith("operator.")]
    if "operator.write" in have:
        have.add("operator.read")
    return [each for each in asked if each in have]
