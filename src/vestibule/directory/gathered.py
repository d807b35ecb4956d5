"""Ask together what many ask at the same time: thousands of clients come back at once, a database answers one by one.

Keeps no answer: whoever asks after the question went out is in the next one.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from vestibule.tasks import Tasks
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

T = TypeVar("T")
log = get_logger(__name__)


class Gathered(Generic[T]):
    """Names waiting to be asked for, and at most one question under way."""

    def __init__(self, ask: Callable[[Collection[str]], Awaitable[Mapping[str, T]]]) -> None:
        self._ask = ask
        self._waiting: dict[str, asyncio.Future[T | None]] = {}
        self._under_way = False
        self._tasks = Tasks(lambda name, error: log.error("directory.gathering_failed", task=name, error=str(error)))

    async def get(self, name: str) -> T | None:
        """What the next question answers for `name`. Raises what the question raises."""
        answer = self._waiting.get(name)
        if answer is None:
            answer = self._waiting[name] = asyncio.get_running_loop().create_future()
        if not self._under_way:
            self._under_way = True
            self._tasks.spawn(self._ask_all(), name="directory:gathered")
        return await asyncio.shield(answer)  # one who stops waiting does not stop the others

    async def close(self) -> None:
        """Ask no more; who still waits is cancelled."""
        await self._tasks.cancel_all()

    async def _ask_all(self) -> None:
        asked: dict[str, asyncio.Future[T | None]] = {}
        try:
            while self._waiting:
                asked, self._waiting = self._waiting, {}
                try:
                    found = await self._ask(asked.keys())
                except Exception as error:  # belongs to those who asked
                    for answer in asked.values():
                        answer.set_exception(error)
                else:
                    for name, answer in asked.items():
                        answer.set_result(found.get(name))
        finally:
            self._under_way = False
            for answer in (*asked.values(), *self._waiting.values()):
                answer.cancel()  # without effect on those that have their answer
