"""The Ed25519 identity by which a gateway recognises a route, and the signature it asks for.

Keeps the private key to itself; knows nothing of frames or of where seeds are stored.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vestibule.errors import BadConfiguration
from vestibule.model import RouteMode, Secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vestibule.model import Route

SEED_BYTES = 32
_SEED = re.compile(r"[A-Za-z0-9_-]{43}=?")


class DeviceIdentity:
    """A device: its id, its public key, and a way to sign."""

    __slots__ = ("_key", "id", "public_key")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        raw = key.public_key().public_bytes_raw()
        self._key = key
        self.id = hashlib.sha256(raw).hexdigest()
        """Lowercase hex SHA-256 of the public key."""
        self.public_key = _base64url(raw)

    @classmethod
    def generate(cls) -> DeviceIdentity:
        """A device nobody has seen before."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: Secret) -> DeviceIdentity:
        """The device of a route's `device_seed` (base64url of 32 bytes)."""
        text = seed.reveal()
        if not _SEED.fullmatch(text):
            raise BadConfiguration(
                "The device key of this gateway cannot be read.",
                remedy="Remove the gateway's route and add it again; its device must then be paired anew.",
            )
        return cls(Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(text.rstrip("=") + "=")))

    @property
    def seed(self) -> Secret:
        """What `from_seed` takes."""
        return Secret(_base64url(self._key.private_bytes_raw()))

    def sign(self, payload: str) -> str:
        """The signature over the payload, base64url without padding."""
        return _base64url(self._key.sign(payload.encode()))


def device_of(route: Route) -> DeviceIdentity | None:
    """The device the door presents on this route. Behind a trusted proxy the upgrade's headers say who it is."""
    return None if route.mode is RouteMode.TRUSTED_PROXY else DeviceIdentity.from_seed(route.device_seed)


def signature_payload(
    *,
    device_id: str,
    client_id: str,
    client_mode: str,
    role: str,
    scopes: Sequence[str],
    signed_at: int,
    token: str,
    nonce: str,
    platform: str,
    device_family: str = "",
) -> str:
    """The v3 text a gateway rebuilds from a `connect` and checks the signature against.

    `token` is what goes into `auth`, empty if nothing does; `scopes` in the order of the request.
    """
    return "|".join(
        (
            "v3",
            device_id,
            client_id,
            client_mode,
            role,
            ",".join(scopes),
            str(signed_at),
            token,
            nonce,
            _metadata(platform),
            _metadata(device_family),
        )
    )


def _metadata(text: str) -> str:
    """Trimmed and lower-cased in ASCII only, as the gateway does it."""
    return re.sub(r"[A-Z]", lambda letter: letter[0].lower(), text.strip())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
