"""Build the frames a server sends: unmasked, unfragmented, uncompressed.

Pure: bytes in, bytes out.
"""

from __future__ import annotations

_PING = 0x89
_PONG = 0x8A
_CLOSE = 0x88
_REASON_BYTES = 123
"""A control frame holds 125 bytes, two of them the code."""

_SHORT = [bytes((0x81, size)) for size in range(126)]


def text_header(size: int) -> bytes:
    """What goes before a text message of `size` bytes."""
    if size < 126:
        return _SHORT[size]
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big")
    return b"\x81\x7f" + size.to_bytes(8, "big")


def ping_frame() -> bytes:
    """A ping; its answer needs no telling apart from others."""
    return bytes((_PING, 0))


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping with this payload."""
    return bytes((_PONG, len(payload))) + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """The goodbye; a reason that is too long is cut."""
    said = clip_reason(reason)
    return bytes((_CLOSE, 2 + len(said))) + code.to_bytes(2, "big") + said


def clip_reason(reason: str) -> bytes:
    """`reason` as UTF-8, cut to what a close frame can carry."""
    return reason.encode()[:_REASON_BYTES].decode(errors="ignore").encode()
