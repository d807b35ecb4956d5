"""Every test here runs over both edges, on the loop the product runs on.

Tests share a door (and a loop) by module and edge; one with settings of its own opens its own.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from support.certificates import Certificate, make_certificate
from support.edges import Opener, Running, running
from support.rawpeer import Visit
from vestibule.sockets.loop import LoopFactory, loop_factory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

EDGES = ("native", "asgi")
LOOPS = {"product": loop_factory()}  # always the same object, or pytest makes a new loop for each test


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, LoopFactory]:
    return LOOPS


@pytest.fixture(params=EDGES)
def edge(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_door(edge: str, tmp_path: Path) -> Opener:
    """A door with settings of the test's own."""

    def opener(**wanted: Any) -> AbstractAsyncContextManager[Running]:
        return running(edge, tmp_path, **wanted)

    return opener


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Running]]:
    """A running door per edge."""
    async with AsyncExitStack() as stack:
        home = tmp_path_factory.mktemp("door")
        yield {edge: await stack.enter_async_context(running(edge, home)) for edge in EDGES}


@pytest_asyncio.fixture(loop_scope="module")
async def door(doors: dict[str, Running], edge: str) -> AsyncIterator[Running]:
    """The shared door with nobody in it."""
    door = doors[edge]
    door.gate.reset()
    yield door
    door.connections.close_all(1001, "the test is over")
    assert await door.connections.wait_empty(5.0)


@pytest_asyncio.fixture(loop_scope="module")
async def visit() -> AsyncIterator[Visit]:
    """Makes raw peers, and hangs them up after the test."""
    visit = Visit()
    yield visit
    await visit.end()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))
