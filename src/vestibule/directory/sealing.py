"""Seal secrets at rest: AES-256-GCM, a nonce per value, bound to the row and the field they belong to.

Opens nothing that was moved to another row or sealed with another key; never says what was in it.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vestibule.errors import BadConfiguration
from vestibule.model import Secret

_VERSION = "v1."
_NONCE_BYTES = 12


class Sealer:
    """Turns secrets into text that may lie in a database, and back."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, secret: Secret, *, owner: str, field: str) -> str:
        """`secret` as text for this owner's field; an empty one stays empty."""
        if not secret:
            return ""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, secret.reveal().encode(), _bound_to(owner, field))
        return _VERSION + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, *, owner: str, field: str) -> Secret:
        """The secret in `sealed`. Raises BadConfiguration when the key is not the one it was sealed with."""
        if not sealed:
            return Secret()
        if not sealed.startswith(_VERSION):
            raise BadConfiguration(
                "A stored secret was sealed in a way this version does not know.",
                remedy="install the newer version that wrote it",
            )
        try:
            raw = base64.urlsafe_b64decode(sealed[len(_VERSION) :])
            return Secret(
                self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound_to(owner, field)).decode()
            )
        except (InvalidTag, binascii.Error, ValueError):
            raise BadConfiguration(
                "Stored secrets cannot be opened with this secret key.",
                remedy="restore the secret.key (or VESTIBULE_SECRET_KEY) this database was used with; "
                "without it, add the gateways again with their tokens",
            ) from None


def _bound_to(owner: str, field: str) -> bytes:
    return f"{owner}\0{field}".encode()
