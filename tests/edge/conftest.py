from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.rawpeer import Visit
from vestibule.sockets.loop import LoopFactory, loop_factory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LOOPS = {"product": loop_factory()}


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, LoopFactory]:
    return LOOPS


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    """Makes raw peers, and hangs them up after the test."""
    visit = Visit()
    yield visit
    await visit.end()
