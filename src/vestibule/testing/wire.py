"""Frames and errors as the simulated gateway puts them on the wire.

Knows no socket and keeps no state.
"""

from __future__ import annotations

from typing import Any

import msgspec

JSON = dict[str, Any]

encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode

REDACTED = "__OPENCLAW_REDACTED__"


class NotJson(ValueError):
    """The bytes are not JSON."""


def decode(data: bytes | bytearray | memoryview) -> Any:
    """JSON as Python values; raises NotJson."""
    try:
        return _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotJson(str(error)) from None


class RpcError(Exception):
    """An error object of the gateway: `{code, message, details?, retryable?, retryAfterMs?}`."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "INVALID_REQUEST",
        details: JSON | None = None,
        retryable: bool | None = None,
        retry_after_ms: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.details = details
        self.retryable = retryable
        self.retry_after_ms = retry_after_ms

    def body(self) -> JSON:
        """The error as it stands in a `res`."""
        body: JSON = {"code": self.code, "message": self.message}
        if self.details is not None:
            body["details"] = self.details
        if self.retryable is not None:
            body["retryable"] = self.retryable
        if self.retry_after_ms is not None:
            body["retryAfterMs"] = self.retry_after_ms
        return body


class Refused(Exception):
    """A connect that fails: the error to answer with and the close code that follows."""

    def __init__(self, error: RpcError, close_code: int = 1008, reason: str | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.close_code = close_code
        self.reason = (reason if reason is not None else error.message)[:120]


def ok_frame(request_id: Any, payload: Any) -> bytes:
    """`{"type":"res","id":…,"ok":true,"payload":…}`."""
    return encode({"type": "res", "id": request_id, "ok": True, "payload": payload})


def error_frame(request_id: Any, error: RpcError) -> bytes:
    """`{"type":"res","id":…,"ok":false,"error":…}`."""
    return encode({"type": "res", "id": request_id, "ok": False, "error": error.body()})


def event_frame(event: str, payload: bytes, seq: int | None, state_version: bytes | None = None) -> bytes:
    """`{"type":"event","event":…,"payload":…,"seq":…}` around an encoded payload."""
    tail = b"}" if seq is None else b',"seq":%d}' % seq
    if state_version is not None:
        tail = b"%s,%s" % (tail[:-1], b'"stateVersion":' + state_version + b"}")
    return b'{"type":"event","event":%s,"payload":%s%s' % (encode(event), payload, tail)
