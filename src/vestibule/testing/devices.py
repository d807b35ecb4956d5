"""Devices a gateway knows: paired, pending, their tokens; and the check of a device's signature.

Writes nothing and asks nobody: time and randomness come from the caller.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from vestibule.testing.wire import JSON, RpcError

if TYPE_CHECKING:
    from collections.abc import Callable

SIGNATURE_WINDOW_MS = 120_000


@dataclass(slots=True)
class Device:
    """A paired device, or one that waits for approval."""

    id: str
    public_key: str
    platform: str
    device_family: str
    role: str
    scopes: list[str]
    client_id: str
    client_mode: str
    token: str = ""
    request_id: str = ""
    label: str = ""
    display_name: str = ""
    ts: int = 0
    seen_at_ms: int = 0
    token_issued_at_ms: int = 0

    def pending_row(self) -> JSON:
        """The row in `device.pair.list` `pending[]`."""
        return {
            "requestId": self.request_id,
            "deviceId": self.id,
            "publicKey": self.public_key,
            "platform": self.platform,
            "clientId": self.client_id,
            "clientMode": self.client_mode,
            "role": self.role,
            "roles": [self.role],
            "scopes": self.scopes,
            "isRepair": False,
            "ts": self.ts,
        }

    def paired_row(self) -> JSON:
        """The row in `device.pair.list` `paired[]`."""
        name = self.label or self.display_name
        return {
            "deviceId": self.id,
            "publicKey": self.public_key,
            **({"displayName": name} if name else {}),
            "platform": self.platform,
            "clientId": self.client_id,
            "clientMode": self.client_mode,
            "role": self.role,
            "roles": [self.role],
            "scopes": self.scopes,
            "approvedVia": "owner",
            "tokens": [{"role": self.role, "scopes": self.scopes, "createdAtMs": self.token_issued_at_ms}],
            "createdAtMs": self.ts,
            "approvedAtMs": self.token_issued_at_ms,
            "lastSeenAtMs": self.seen_at_ms or self.ts,
        }


@dataclass(slots=True)
class Devices:
    """The pairing store of one gateway."""

    new_id: Callable[[], str]
    new_token: Callable[[], str]
    now_ms: Callable[[], int]
    paired: dict[str, Device] = field(default_factory=dict)
    pending: dict[str, Device] = field(default_factory=dict)
    """By request id."""

    def token_of(self, device_id: str, token: str) -> Device | None:
        """The paired device this token belongs to."""
        device = self.paired.get(device_id)
        return device if device is not None and token and device.token == token else None

    def pair(self, device: Device) -> Device:
        """Approve: the device gets a token (its old one if it had one)."""
        known = self.paired.get(device.id)
        device.token = known.token if known is not None and known.token else self.new_token()
        device.token_issued_at_ms = known.token_issued_at_ms if known is not None else self.now_ms()
        device.label = known.label if known is not None else device.label
        device.request_id = ""
        self.paired[device.id] = device
        for request_id, waiting in tuple(self.pending.items()):
            if waiting.id == device.id:
                del self.pending[request_id]
        return device

    def ask(self, device: Device) -> tuple[str, bool]:
        """Put into the waiting list: request id, and whether it is new. The same key gets the same request id."""
        for request_id, waiting in self.pending.items():
            if waiting.id == device.id:
                return request_id, False
        device.request_id = self.new_id()
        device.ts = self.now_ms()
        self.pending[device.request_id] = device
        return device.request_id, True


def device_error(code: str, reason: str, message: str) -> RpcError:
    """A refusal of a device's proof."""
    return RpcError(message, details={"code": code, "reason": reason})


def verify_device(
    block: JSON, *, nonce: str, now_ms: int, client: JSON, role: str, scopes: list[str], token: str
) -> None:
    """Check id, freshness, nonce and Ed25519 signature (v3, or the older v2) of a device block; raises RpcError."""
    public_key = _unbase64(str(block.get("publicKey", "")))
    if public_key is None or len(public_key) != 32:
        raise device_error("DEVICE_AUTH_PUBLIC_KEY_INVALID", "device-public-key", "device public key invalid")
    if hashlib.sha256(public_key).hexdigest() != block.get("id"):
        raise device_error("DEVICE_AUTH_DEVICE_ID_MISMATCH", "device-id-mismatch", "device identity mismatch")
    signed_at = block.get("signedAt")
    if not isinstance(signed_at, int) or abs(now_ms - signed_at) > SIGNATURE_WINDOW_MS:
        raise device_error("DEVICE_AUTH_SIGNATURE_EXPIRED", "device-signature-stale", "device signature expired")
    given = str(block.get("nonce", "")).strip()
    if not given:
        raise device_error("DEVICE_AUTH_NONCE_REQUIRED", "device-nonce-missing", "device nonce required")
    if given != nonce:
        raise device_error("DEVICE_AUTH_NONCE_MISMATCH", "device-nonce-mismatch", "device nonce mismatch")
    signature = _unbase64(str(block.get("signature", "")))
    fields = [
        str(block["id"]),
        str(client["id"]),
        str(client["mode"]),
        role,
        ",".join(scopes),
        str(signed_at),
        token,
        nonce,
    ]
    about = [_plain(client.get("platform")), _plain(client.get("deviceFamily"))]
    key = Ed25519PublicKey.from_public_bytes(public_key)
    for payload in ("|".join(["v3", *fields, *about]), "|".join(["v2", *fields])):
        if signature is not None and _signed(key, signature, payload):
            return
    raise device_error("DEVICE_AUTH_SIGNATURE_INVALID", "device-signature", "device signature invalid")


def _signed(key: Ed25519PublicKey, signature: bytes, payload: str) -> bool:
    try:
        key.verify(signature, payload.encode())
    except InvalidSignature:
        return False
    return True


def _plain(text: object) -> str:
    return "".join(c.lower() if c.isascii() else c for c in str(text or "").strip())


def _unbase64(text: str) -> bytes | None:
    try:
        return base64.b64decode(
            text.replace("-", "+").replace("_", "/").rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        )
    except (binascii.Error, ValueError):
        return None
