"""WebSocket close codes of the door protocol, and which of them are final.

A client comes back after every code that is not final. 4500-4999 are reserved as final.
"""

from __future__ import annotations

from enum import IntEnum


class CloseCode(IntEnum):
    """Why the door closes a client's socket."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    INVALID_TEXT = 1007
    RESTARTING = 1012
    OVERLOADED = 1013
    UNAUTHENTICATED = 4001
    FORBIDDEN = 4003
    TOO_SLOW = 4008
    TOO_LARGE = 4009
    RATE_LIMITED = 4029


_FINAL = frozenset({CloseCode.UNAUTHENTICATED, CloseCode.FORBIDDEN})
_FINAL_RANGE = range(4500, 5000)


def is_final(code: int) -> bool:
    """Whether a client must not come back by itself after this close code."""
    return code in _FINAL or code in _FINAL_RANGE
