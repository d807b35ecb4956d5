"""The real gateways: one process of each version per test run, started when the first test asks for it.

What cannot be had (npm out of reach) fails every test with the same one line. Nothing is skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.openclaw import NEW, OLD, RealGateway
from support.realroad import real_road
from vestibule.errors import VestibuleError
from vestibule.sockets.loop import loop_factory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from support.realroad import RealRoad
    from vestibule.launchers.install import Package
    from vestibule.sockets.loop import LoopFactory


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, LoopFactory]:
    """The loop the product runs on."""
    return {"product": loop_factory()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/openclaw/" in item.nodeid:
            item.add_marker(pytest.mark.openclaw)


def running(package: Package, tmp_path_factory: pytest.TempPathFactory, config: pytest.Config) -> Iterator[RealGateway]:
    terminal = config.pluginmanager.getplugin("terminalreporter")
    capture = config.pluginmanager.getplugin("capturemanager")

    def say(text: str) -> None:
        """Shown at once: an installation takes a minute, and silence looks like a hang."""
        with capture.global_and_fixture_disabled():
            terminal.write_line(f"openclaw {package.version}: {text}")

    gateway = RealGateway(package, tmp_path_factory.mktemp("gw"), say)
    try:
        if failed := begun(gateway):
            # pytest keeps the outcome of a session fixture: every test shows this line, none tries again.
            pytest.fail(f"OpenClaw {package.version}: {failed.message} {failed.remedy or ''}", pytrace=False)
        yield gateway
    finally:
        gateway.end()


def begun(gateway: RealGateway) -> VestibuleError | None:
    try:
        gateway.begin()
    except VestibuleError as error:
        return error
    return None


@pytest.fixture(scope="session")
def openclaw(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[RealGateway]:
    """OpenClaw 2026.9.6: wire protocol 4."""
    yield from running(NEW, tmp_path_factory, pytestconfig)


@pytest.fixture(scope="session")
def old_openclaw(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[RealGateway]:
    """OpenClaw 2026.3.13: wire protocol 3."""
    yield from running(OLD, tmp_path_factory, pytestconfig)


@pytest.fixture
async def road(tmp_path: Path, openclaw: RealGateway) -> AsyncIterator[RealRoad]:
    """A replica whose owner `ada` has the real gateway."""
    async with real_road(tmp_path, openclaw) as road:
        yield road
