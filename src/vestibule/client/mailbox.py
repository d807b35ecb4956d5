"""A bounded queue between the socket's reader and one iterator.

Putting never waits. When full, pieces of text are joined; if that does not make room, everything is
dropped and the reader of the mailbox gets one `Resync` instead: it never sees a part and takes it for all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Mailbox(Generic[T]):
    """What waits for one iterator."""

    def __init__(
        self, limit: int, *, when_full: Callable[[], T], join: Callable[[list[T]], list[T]] = lambda items: items
    ) -> None:
        self._limit = limit
        self._when_full = when_full
        self._join = join
        self._items: deque[T] = deque()
        self._arrived = asyncio.Event()
        self._closed = False
        self._error: Exception | None = None

    def put(self, item: T) -> None:
        """Add an item; after `close` nothing is added any more."""
        if self._closed:
            return
        if len(self._items) >= self._limit:
            self._items = deque(self._join(list(self._items)))
            if len(self._items) > self._limit // 2:
                self._items = deque([self._when_full()])
        self._items.append(item)
        self._arrived.set()

    def close(self, error: Exception | None = None) -> None:
        """Nothing more will come; what waits is still delivered, then `error` or the end."""
        if not self._closed:
            self._closed = True
            self._error = error
            self._arrived.set()

    async def take(self) -> T:
        """The next item. Raises StopAsyncIteration, or the error it was closed with, at the end."""
        while not self._items:
            if self._closed:
                if self._error is not None:
                    raise self._error
                raise StopAsyncIteration
            self._arrived.clear()
            await self._arrived.wait()
        return self._items.popleft()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed
