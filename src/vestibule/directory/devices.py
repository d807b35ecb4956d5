"""Seeds of the Ed25519 device a route signs with: fresh ones, and ones that follow from the secret key.

Makes seeds only: signing is the protocol's affair.
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from vestibule.model import Secret

if TYPE_CHECKING:
    from vestibule.directory.keys import SecretKey

SEED_BYTES = 32


def fresh_seed() -> Secret:
    """A new random device."""
    return _written(secrets.token_bytes(SEED_BYTES))


def derived_seed(key: SecretKey, owner: str) -> Secret:
    """The owner's device where nothing can be stored: the same after each restart, as pairing needs."""
    return _written(key.derive(f"device/{owner}"))


def _written(seed: bytes) -> Secret:
    return Secret(base64.urlsafe_b64encode(seed).rstrip(b"=").decode())
