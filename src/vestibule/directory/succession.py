"""What is stored in the place of what was there: the rules of `port`, for every directory that can be written.

Pure but for the fresh device of a new route.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from vestibule.directory.devices import fresh_seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vestibule.model import Member, Route, Secret


class Predecessor(NamedTuple):
    """What a route leaves to the one that is put in its place."""

    revision: int
    device_seed: Secret
    created_at: datetime | None


def successor(route: Route, old: Predecessor | None, now: datetime) -> Route:
    """What is stored when `route` is put where `old` was."""
    old = old or Predecessor(0, fresh_seed(), now)
    return replace(
        route,
        revision=old.revision + 1,
        device_seed=route.device_seed or old.device_seed,
        created_at=old.created_at,
        updated_at=now,
    )


def same_person(member: Member, old: Member | None, new_generation: Callable[[str], str]) -> Member:
    """`member` with the generation it had, or a new one if it is new in its owner."""
    stays = old is not None and old.owner == member.owner
    return replace(member, generation=old.generation if old and stays else new_generation(member.id))
