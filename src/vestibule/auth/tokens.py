"""Bearer tokens: JWT signed with HS256 by the door, read back by the door.

Accepts no other algorithm, no other issuer and no token without an end. Knows no member: it says what was
signed, the authenticator says whether that still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt

from vestibule.errors import BadConfiguration, Unauthenticated

ISSUER = "vestibule"
EXPIRED = "Sign-in has expired."
REFUSED = "Not authenticated"
_ALGORITHM = "HS256"
_MAX_LENGTH = 4_096
"""Ours have some 250 characters; nothing longer is worth a signature check."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token of ours says."""

    subject: str
    expires_at: float
    runs_door: bool
    generation: str | None
    """The membership it was issued for; None: it is bound to no member."""


class Tokens:
    """Signs and reads the door's bearer tokens."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise BadConfiguration("The token key is shorter than 32 bytes.")
        self._key = key

    def sign(self, claims: Claims, *, issued_at: float) -> str:
        """`claims` as a token."""
        payload: dict[str, Any] = {
            "iss": ISSUER,
            "sub": claims.subject,
            "iat": int(issued_at),
            "exp": int(claims.expires_at),
        }
        if claims.runs_door:
            payload["adm"] = True
        if claims.generation is not None:
            payload["gen"] = claims.generation
        return jwt.encode(payload, self._key, algorithm=_ALGORITHM)

    def read(self, token: str, *, now: float) -> Claims:
        """What `token` says. Raises Unauthenticated unless we signed it and it has not expired at `now`."""
        if len(token) > _MAX_LENGTH:
            raise Unauthenticated(REFUSED)
        try:
            payload = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                issuer=ISSUER,
                # time is judged below by the caller's clock
                options={
                    "require": ["iss", "sub", "exp"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, ValueError):  # ValueError: not base64, not UTF-8
            raise Unauthenticated(REFUSED) from None
        claims = _claims(payload)
        if claims.expires_at <= now:
            raise Unauthenticated(EXPIRED)
        return claims


def _claims(payload: dict[str, Any]) -> Claims:
    subject, ends, generation = payload["sub"], payload["exp"], payload.get("gen")
    if not subject or not isinstance(subject, str) or type(ends) not in (int, float):
        raise Unauthenticated(REFUSED)
    if generation is not None and not isinstance(generation, str):
        raise Unauthenticated(REFUSED)
    return Claims(subject, float(ends), payload.get("adm") is True, generation)
