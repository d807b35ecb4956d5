from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from road.kit import Road
from vestibule.sockets.loop import LoopFactory, loop_factory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, LoopFactory]:
    return {"product": loop_factory()}


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    async with Road(tmp_path) as road:
        yield road


@pytest.fixture
async def http(road: Road) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever may come: no credential."""
    async with httpx.AsyncClient(base_url=road.replica.url, trust_env=False) as client:
        yield client


@pytest.fixture
async def runner(road: Road) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever runs the door."""
    token = (await road.replica.authenticator.issue("door", runs_door=True)).token
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=road.replica.url, headers=headers, trust_env=False) as client:
        yield client
