"""What this side says, as bytes: encoded where the caller stands, so that what cannot be said harms nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from vestibule.client.frames import Frame

_encode = msgspec.json.Encoder().encode


def encode(frame: Frame) -> bytes:
    """A frame as JSON. Raises ValueError for what JSON or UTF-8 cannot say."""
    try:
        return _encode(frame)
    except UnicodeEncodeError as error:
        raise ValueError(f"This text is not Unicode: {error.reason} (character {error.start}).") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"This cannot be written as JSON: {error}.") from None


def request(call_id: str, timeout_ms: int, fields: bytes) -> bytes:
    """The encoded fields of a `req`, with what is known only when it leaves."""
    return b'%b,"id":"%b","timeoutMs":%d}' % (fields[:-1], call_id.encode(), timeout_ms)


def seconds(**named: float | None) -> None:
    """Raises ValueError for a length of time that is none; None stands for ever."""
    for name, value in named.items():
        if value is not None and not value > 0:
            raise ValueError(f"{name} must be more than 0, not {value!r}")
