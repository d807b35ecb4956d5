"""The whole road, on the loop the product runs on."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from road.kit import Road
from vestibule.sockets.loop import LoopFactory, loop_factory
from vestibule.telemetry.log import configure

if TYPE_CHECKING:
    from pathlib import Path

OpenRoad = Callable[..., Road]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/road/" in item.nodeid:
            item.add_marker(pytest.mark.road)


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, LoopFactory]:
    return {"product": loop_factory()}


@pytest.fixture
def open_road(tmp_path: Path) -> OpenRoad:
    """A road with settings of the test's own."""

    def opener(**wanted: Any) -> Road:
        return Road(tmp_path, **wanted)

    return opener


@pytest.fixture
async def road(open_road: OpenRoad) -> AsyncIterator[Road]:
    async with open_road() as road:
        yield road


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, at the lowest level, as the product writes it."""
    before = logging.getLogger().handlers[:], logging.getLogger().level
    written = io.StringIO()
    configure(level="debug", style="json", stream=written)
    structlog.configure(cache_logger_on_first_use=False)
    yield written
    logging.getLogger().handlers[:], level = before
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def quiet_road(log: io.StringIO, open_road: OpenRoad) -> AsyncIterator[Road]:
    """A road whose log is read."""
    async with open_road() as road:
        yield road
