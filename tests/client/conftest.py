from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.waiting import eventually
from vestibule.client.backoff import Backoff
from vestibule.client.door import Door
from vestibule.testing.door import FakeDoor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from vestibule.client.connection import Token


def quick(fake: FakeDoor, token: Token = None, **options: object) -> Door:
    """A door of the SDK that comes back within milliseconds."""
    return Door(fake.url, token or fake.token, backoff=Backoff(base_s=0.01, cap_s=0.05), **options)  # type: ignore[arg-type]


async def gone_offline(fake: FakeDoor, door: Door) -> None:
    """The door's server stops and its client has noticed."""
    await fake.stop()
    await eventually(lambda: not door.is_connected)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDoor]:
    async with FakeDoor() as fake:
        yield fake


@pytest.fixture
async def door(fake: FakeDoor) -> AsyncIterator[Door]:
    async with quick(fake) as door:
        yield door
