"""Every test here runs over both edges, on the loop the product runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.certificates import Certificate, make_certificate
from support.edges import Opener, Running, running
from support.rawpeer import Visit
from vestibule.sockets.loop import LoopFactory, loop_factory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

EDGES = ("native", "asgi")


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, LoopFactory]:
    return {"product": loop_factory()}


@pytest.fixture(params=EDGES)
def edge(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_door(edge: str, tmp_path: Path) -> Opener:
    """A door with settings of the test's own."""

    def opener(**wanted: Any) -> AbstractAsyncContextManager[Running]:
        return running(edge, tmp_path, **wanted)

    return opener


@pytest.fixture
async def door(open_door: Opener) -> AsyncIterator[Running]:
    async with open_door() as door:
        yield door


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    """Makes raw peers, and hangs them up after the test."""
    visit = Visit()
    yield visit
    await visit.end()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))
