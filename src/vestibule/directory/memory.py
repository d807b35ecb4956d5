"""The directory of a door that is only tried out: in memory, gone with the process.

Announces nothing: that is `CachedDirectory`'s part.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vestibule.directory.checks import checked_member, checked_route
from vestibule.directory.succession import Predecessor, same_person, successor

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from vestibule.model import Member, Route, Secret


class MemoryDirectory:
    """Routes and members in two dictionaries.

    The first generation of a member has the same name in every process: who was signed in before a restart still is.
    """

    read_only = False

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._routes: dict[str, Route] = {}
        self._members: dict[str, Member] = {}
        self._generations: Counter[str] = Counter()
        """How often each id became somebody new."""

    async def start(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def route(self, owner: str) -> Route | None:
        """How to reach the owner's gateway, or None."""
        return self._routes.get(owner)

    async def routes_by_owner(self, owners: Collection[str]) -> dict[str, Route]:
        """Those of `owners` that have a route."""
        return {owner: self._routes[owner] for owner in owners if owner in self._routes}

    async def routes(self) -> list[Route]:
        """All routes, by owner."""
        return [self._routes[owner] for owner in sorted(self._routes)]

    async def put_route(self, route: Route) -> Route:
        """Add or replace the owner's route; returns it as stored."""
        return (await self.put_routes([route]))[0]

    async def put_routes(self, routes: Sequence[Route]) -> list[Route]:
        """`put_route` for many: all or none."""
        asked = {route.owner: route for route in map(checked_route, routes)}
        now = self._now()
        stored = [successor(route, self._predecessor(route.owner), now) for route in asked.values()]
        self._routes.update((route.owner, route) for route in stored)
        return stored

    async def remove_owner(self, owner: str) -> bool:
        """Remove the owner: its route and its members."""
        route = self._routes.pop(owner, None)
        members = [member.id for member in self._members.values() if member.owner == owner]
        for id in members:
            del self._members[id]
        return route is not None or bool(members)

    async def save_device_token(self, owner: str, token: Secret) -> None:
        """Keep what the gateway gave the route's device."""
        if (route := self._routes.get(owner)) is not None:
            self._routes[owner] = replace(route, device_token=token)

    async def member(self, id: str) -> Member | None:
        """The member, or None."""
        return self._members.get(id)

    async def members(self) -> list[Member]:
        """All members, by id."""
        return [self._members[id] for id in sorted(self._members)]

    async def members_by_id(self, ids: Collection[str]) -> dict[str, Member]:
        """Those of `ids` that exist."""
        return {id: self._members[id] for id in ids if id in self._members}

    async def put_member(self, member: Member) -> Member:
        """Add or replace a member; returns it as stored."""
        return (await self.put_members([member]))[0]

    async def put_members(self, members: Sequence[Member]) -> list[Member]:
        """`put_member` for many: all or none."""
        asked = {member.id: member for member in map(checked_member, members)}
        stored = [same_person(each, self._members.get(each.id), self._next_generation) for each in asked.values()]
        self._members.update((member.id, member) for member in stored)
        return stored

    async def remove_member(self, id: str) -> bool:
        """Remove a member."""
        return self._members.pop(id, None) is not None

    def _predecessor(self, owner: str) -> Predecessor | None:
        old = self._routes.get(owner)
        return None if old is None else Predecessor(old.revision, old.device_seed, old.created_at)

    def _next_generation(self, id: str) -> str:
        self._generations[id] += 1
        return str(self._generations[id])
