"""The real gateways as fixtures: one process of each version per test process, started when a test asks for it.

What cannot be had (npm out of reach) fails every test with the same one line. Nothing is skipped.
Every test loads this file: what it needs is imported when a gateway is asked for.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.openclaw import RealGateway
    from vestibule.errors import VestibuleError
    from vestibule.launchers.install import Package


@pytest.fixture(scope="session")
def openclaw(tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]) -> Iterator[RealGateway]:
    """OpenClaw 2026.9.6: wire protocol 4."""
    from support.openclaw import NEW

    yield from running(NEW, tmp_path_factory, say)


@pytest.fixture(scope="session")
def old_openclaw(tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]) -> Iterator[RealGateway]:
    """OpenClaw 2026.3.13: wire protocol 3."""
    from support.openclaw import OLD

    yield from running(OLD, tmp_path_factory, say)


@pytest.fixture(scope="session")
def say(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Shown at once: an installation takes a minute, and silence looks like a hang."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    def write(text: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"\n{text}", end="", file=sys.stderr, flush=True)

    return write


def running(
    package: Package, tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]
) -> Iterator[RealGateway]:
    from support.openclaw import RealGateway

    gateway = RealGateway(
        package, tmp_path_factory.mktemp("gw"), lambda text: say(f"openclaw {package.version}: {text}")
    )
    try:
        if failed := begun(gateway):
            # pytest keeps the outcome of a session fixture: every test shows this line, none tries again.
            pytest.fail(f"OpenClaw {package.version}: {failed.message} {failed.remedy or ''}", pytrace=False)
        yield gateway
    finally:
        gateway.end()


def begun(gateway: RealGateway) -> VestibuleError | None:
    from vestibule.errors import VestibuleError

    try:
        gateway.begin()
    except VestibuleError as error:
        return error
    return None
