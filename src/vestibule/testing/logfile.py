"""The log behind `logs.tail`: JSON lines and a byte cursor.

In memory; nothing touches the disk.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vestibule.testing.wire import JSON, encode

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "/tmp/openclaw/openclaw.log"


class LogFile:
    """A growing log that can be rotated."""

    def __init__(self, *, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._bytes = bytearray()

    def write(self, level: str, name: str, message: str) -> None:
        """One line as the gateway's logger writes it."""
        time = datetime.fromtimestamp(self._now_ms() / 1000, UTC).isoformat(timespec="milliseconds")
        meta = {"logLevelName": level.upper(), "name": name, "date": time}
        self.write_raw(encode({"0": message, "message": message, "time": time, "_meta": meta}).decode())

    def write_raw(self, line: str) -> None:
        """One line as it is."""
        self._bytes += line.encode() + b"\n"

    def rotate(self) -> None:
        """Start anew: old cursors are told `reset`."""
        self._bytes.clear()

    def tail(self, *, cursor: int | None, limit: int, max_bytes: int) -> JSON:
        """The answer of `logs.tail`."""
        size = len(self._bytes)
        reset = cursor is not None and cursor > size
        start = max(0, size - max_bytes) if cursor is None or reset else cursor
        skipped = max(0, size - start - max_bytes)
        start += skipped
        text = bytes(self._bytes[start:]).decode("utf-8", "replace")
        lines = text.splitlines()
        truncated = skipped > 0 or len(lines) > limit or (cursor is None and start > 0)
        answer: JSON = {
            "file": PATH,
            "cursor": size,
            "size": size,
            "lines": lines[-limit:],
            "truncated": truncated,
            "reset": reset,
        }
        if skipped:
            answer["skippedBytes"] = skipped
        return answer
