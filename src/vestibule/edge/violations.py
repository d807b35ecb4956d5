"""What a client that broke a rule of the socket hears before its goodbye: code, message, what helps.

Pure. Who breaks the framing itself (1002) hears the close code alone: such a peer may not read frames either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vestibule.errors import ErrorCode
from vestibule.protocol.codec import error_frame
from vestibule.protocol.codes import CloseCode

if TYPE_CHECKING:
    from vestibule.sockets.assembly import Violation

TEXT_ONLY = "Only text messages are understood: send each frame as JSON text."
NOT_UTF8 = "A message must be UTF-8: encode the JSON text as UTF-8."


def too_large(max_message_bytes: int) -> str:
    """The limit, and what to do with more."""
    return f"A message may have at most {max_message_bytes} bytes: send large content in pieces."


def last_words(violation: Violation, *, max_message_bytes: int) -> bytes | None:
    """The `error` frame for a violation, or None where there is nothing to add to the close code."""
    match violation.code:
        case CloseCode.TOO_LARGE:
            return error_frame(too_large(max_message_bytes), ErrorCode.TOO_LARGE)
        case CloseCode.UNSUPPORTED_DATA:
            return error_frame(TEXT_ONLY, ErrorCode.INVALID_REQUEST)
        case CloseCode.INVALID_TEXT:
            return error_frame(NOT_UTF8, ErrorCode.INVALID_REQUEST)
        case _:
            return None
