"""Number pushed frames as they leave, once for all clients that have the same in common.

Pure: knows neither clients nor sockets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vestibule.protocol.batch import Batch
from vestibule.protocol.codec import with_seq

if TYPE_CHECKING:
    from vestibule.hub.stream import Pushed


class Numbering:
    """Numbers the frames of clients that are written one after the other.

    Tabs that opened together and hear the same have the same frames under the same numbers: they share a batch.
    """

    __slots__ = ("_batch", "_items", "_last_seq", "_seq")

    def __init__(self) -> None:
        self._items: list[bytes | Pushed] | None = None
        self._seq = self._last_seq = 0
        self._batch: Batch

    def batch(self, items: list[bytes | Pushed], seq: int) -> tuple[Batch, int]:
        """The complete frames of a client whose last number was `seq`, and its last number now."""
        if seq != self._seq or items != self._items:
            self._items, self._seq = items, seq
            self._batch, self._last_seq = numbered(items, seq)
        return self._batch, self._last_seq


def numbered(items: list[bytes | Pushed], seq: int) -> tuple[Batch, int]:
    """Complete frames as they are, pushed ones with the numbers after `seq`; and the last number given."""
    messages: list[bytes] = []
    for item in items:
        if isinstance(item, bytes):
            messages.append(item)
        else:
            seq += 1
            messages.append(with_seq(item.head, seq))
    return Batch(messages), seq
