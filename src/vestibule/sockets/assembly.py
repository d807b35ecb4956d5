"""Put the fragments of a WebSocket message together, and say when a peer breaks the rules.

Knows nothing of sockets or time: takes data frames, returns a message, `None` (more to come) or a `Violation`.
"""

from __future__ import annotations

from dataclasses import dataclass

from vestibule.protocol.codes import CloseCode

CONTINUATION = 0x0
TEXT = 0x1
BINARY = 0x2


@dataclass(frozen=True, slots=True)
class Violation:
    """The peer broke a rule; the connection ends with this code."""

    code: int
    reason: str


BAD_CLOSE_CODE = Violation(CloseCode.PROTOCOL_ERROR, "invalid close code")
RESERVED_BITS = Violation(CloseCode.PROTOCOL_ERROR, "reserved bits set")
STRAY_CONTINUATION = Violation(CloseCode.PROTOCOL_ERROR, "continuation of nothing")
INTERLEAVED = Violation(CloseCode.PROTOCOL_ERROR, "new message inside another")
TEXT_ONLY = Violation(CloseCode.UNSUPPORTED_DATA, "text frames only")
NOT_UTF8 = Violation(CloseCode.INVALID_TEXT, "not UTF-8")
TOO_LARGE = Violation(CloseCode.TOO_LARGE, "message too large")

Data = bytes | memoryview


def utf8_fault(message: bytes) -> Violation | None:
    """Whether a whole message is UTF-8. ASCII, nearly everything, is told without decoding it."""
    if message.isascii():
        return None
    try:
        message.decode()
    except UnicodeDecodeError:
        return NOT_UTF8
    return None


class MessageAssembler:
    """Messages of one direction of one socket.

    `payload` may be a view that dies after the call: what must be kept is copied. Without `check_text` messages are
    taken as they come, text or binary, UTF-8 or not: what a gateway says is judged by whoever reads it (P5).
    """

    __slots__ = ("_check_text", "_fragments", "_size", "max_bytes")

    def __init__(self, max_bytes: int, *, check_text: bool = True) -> None:
        self.max_bytes = max_bytes
        self._check_text = check_text
        self._fragments: list[bytes] | None = None
        self._size = 0

    @property
    def open(self) -> bool:
        """Whether a message has begun and not ended."""
        return self._fragments is not None

    def frame(self, opcode: int, *, fin: bool, reserved: int, payload: Data) -> bytes | Violation | None:
        """Take a data frame. After a violation the assembler is of no further use."""
        if reserved:
            return RESERVED_BITS
        if opcode == CONTINUATION:
            if self._fragments is None:
                return STRAY_CONTINUATION
        elif self._fragments is not None:
            return INTERLEAVED
        elif opcode != TEXT and self._check_text:
            return TEXT_ONLY
        self._size += len(payload)
        if self._size > self.max_bytes:
            self._fragments = None
            return TOO_LARGE
        if self._fragments is None:
            if fin:
                return self._whole(bytes(payload))
            self._fragments = []
        self._fragments.append(bytes(payload))
        return self._whole(b"".join(self._fragments)) if fin else None

    def _whole(self, message: bytes) -> bytes | Violation:
        self._fragments = None
        self._size = 0
        fault = utf8_fault(message) if self._check_text else None
        return fault or message
