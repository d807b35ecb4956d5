from __future__ import annotations

import pytest

from support.certificates import Certificate, make_certificate
from vestibule.sockets.loop import LoopFactory, loop_factory

LOOPS = {"product": loop_factory()}


def pytest_asyncio_loop_factories(config: object, item: object) -> dict[str, LoopFactory]:
    return LOOPS


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))
