"""Tell whether JSON is nested deeper than a limit, at the speed of C and without recursion.

Knows nothing of frames; what is not JSON gets some answer and never an exception.
"""

from __future__ import annotations

_SHORT = 4096
_OPENERS = (b"[", b"{")
_BRACKETS_AS_BITS = bytes.maketrans(b"[{]}", b"1100")
_ALL_BUT_BRACKETS_AND_QUOTES = bytes(c for c in range(256) if c not in b'[]{}"')


def _climb(brackets: int) -> tuple[int, int]:
    """Highest level reached within eight brackets (1 opens, 0 closes), and the level after them."""
    level = highest = 0
    for bit in range(7, -1, -1):
        level += 1 if brackets >> bit & 1 else -1
        highest = max(highest, level)
    return highest, level


_PEAK, _NET = zip(*(_climb(byte) for byte in range(256)), strict=True)


def deeper_than(data: bytes, limit: int) -> bool:
    """Whether arrays and objects in `data` are nested more than `limit` levels deep."""
    if not _has_more_openers(data, limit):
        return False
    bits = _brackets_outside_strings(data)
    bits += b"0" * (-len(bits) % 8)
    level = 0
    for byte in int(bits or b"0", 2).to_bytes(len(bits) // 8, "big"):
        if level + _PEAK[byte] > limit:
            return True
        level += _NET[byte]
    return False


def _has_more_openers(data: bytes, limit: int) -> bool:
    """The cheap question that lets nearly every frame pass."""
    if len(data) < _SHORT:
        return data.count(b"[") + data.count(b"{") > limit
    # `count` would visit every bracket of a hostile 25 MiB.
    found = 0
    for opener in _OPENERS:
        at = data.find(opener)
        while at >= 0:
            found += 1
            if found > limit:
                return True
            at = data.find(opener, at + 1)
    return False


def _brackets_outside_strings(data: bytes) -> bytes:
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = data.translate(_BRACKETS_AS_BITS, _ALL_BUT_BRACKETS_AND_QUOTES).replace(b'""', b"")
    return b"".join(brackets.split(b'"')[::2])
