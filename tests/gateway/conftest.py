from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gateway.harness import Bench, bench
from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def simulated() -> AsyncIterator[SimulatedGateway]:
    async with SimulatedGateway() as gateway:
        yield gateway


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made
