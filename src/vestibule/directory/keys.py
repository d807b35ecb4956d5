"""The door's secret key: from the settings, or from a file it makes once for itself.

Everything that needs a key derives its own from it by purpose; the key itself signs and seals nothing.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import tempfile
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vestibule.errors import BadConfiguration, StorageFault
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from pathlib import Path

log = get_logger(__name__)

_BYTES = 32
_FILE = "secret.key"


class SecretKey:
    """32 secret bytes, of which only derived keys come out."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _BYTES:
            raise BadConfiguration(
                f"The secret key has {len(key)} bytes, not {_BYTES}.",
                remedy="set VESTIBULE_SECRET_KEY to the output of: openssl rand -base64 32",
            )
        self._key = key

    def __repr__(self) -> str:
        return "SecretKey(***)"

    @classmethod
    def parse(cls, text: str, *, source: str = "VESTIBULE_SECRET_KEY") -> SecretKey:
        """A key written as base64, either alphabet, padded or not."""
        unpadded = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
        try:
            return cls(base64.b64decode(unpadded + "=" * (-len(unpadded) % 4), validate=True))
        except (binascii.Error, ValueError):
            raise BadConfiguration(
                f"The secret key in {source} is not base64.",
                remedy=f"put the output of `openssl rand -base64 32` into {source}",
            ) from None

    @classmethod
    def load(cls, home: Path, configured: str = "") -> SecretKey:
        """The configured key, else the one in the state folder, made now if there is none. Blocks: files."""
        if configured:
            return cls.parse(configured)
        path = home / _FILE
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            text = _read(path) or _create(path)
        except OSError as error:
            raise StorageFault(
                "The state folder cannot be used.",
                remedy=f"{path}: {error.strerror or error}. Make it writable, free some space, or set VESTIBULE_HOME.",
            ) from error
        return cls.parse(text, source=str(path))

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (`"tokens"`, `"sealing"`); the same every time."""
        return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=b"vestibule/" + purpose.encode()).derive(
            self._key
        )


def _read(path: Path) -> str:
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(1_024)
    except FileNotFoundError:
        return ""
    if mode & 0o077 and os.name == "posix":
        log.warning("key.readable_by_others", path=str(path), remedy=f"chmod 600 {path}")
    if not text.strip():
        raise BadConfiguration(
            "The secret key's file is empty.",
            remedy=f"restore {path} from a backup, or delete it: sealed gateway tokens are lost then",
        )
    return text


def _create(path: Path) -> str:
    """Write a new key beside `path` and link it there: other processes see all of it or nothing, and one wins."""
    text = base64.urlsafe_b64encode(secrets.token_bytes(_BYTES)).decode() + "\n"
    descriptor, temporary = tempfile.mkstemp(prefix=f".{_FILE}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        return _read(path)
    finally:
        os.unlink(temporary)
    return text
