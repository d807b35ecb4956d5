"""Messages that are written together.

Pure: knows no sockets, and nothing of what the messages say.
"""

from __future__ import annotations


class Batch:
    """Messages in order, never changed. Several clients may be given the same one."""

    __slots__ = ("encoded", "messages", "size")

    def __init__(self, messages: list[bytes]) -> None:
        self.messages = messages
        self.size = sum(map(len, messages))
        """Bytes of all messages."""
        self.encoded: bytes | None = None
        """Where an edge keeps what goes on its wire, so that the next client with this batch costs a write only."""
