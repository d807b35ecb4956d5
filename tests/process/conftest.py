from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from process.harness import Vestibule, vestibule

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/process/" in item.nodeid:
            item.add_marker(pytest.mark.process)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Vestibule]:
    async with vestibule(tmp_path / "home") as made:
        yield made
