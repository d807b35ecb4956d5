"""A replica in front of the real gateway, on the loop the product runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.realroad import real_road
from vestibule.sockets.loop import loop_factory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from support.openclaw import RealGateway
    from support.realroad import RealRoad
    from vestibule.sockets.loop import LoopFactory


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, LoopFactory]:
    """The loop the product runs on."""
    return {"product": loop_factory()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/openclaw/" in item.nodeid:
            item.add_marker(pytest.mark.openclaw)


@pytest.fixture
async def road(tmp_path: Path, openclaw: RealGateway) -> AsyncIterator[RealRoad]:
    """A replica whose owner `ada` has the real gateway."""
    async with real_road(tmp_path, openclaw) as road:
        yield road
