"""Remember for a few seconds what is asked at every connect, and announce every write.

Remembers nothing that is missing (a user just added is there at once) and nothing read while a write was under way.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, TypeVar

from vestibule.bus.port import MEMBER_CHANGED, MEMBER_REMOVED, OWNER_REMOVED, ROUTE_CHANGED, Bus, Message
from vestibule.directory.gathered import Gathered
from vestibule.errors import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence

    from vestibule.directory.port import Directory
    from vestibule.model import Member, Route, Secret

T = TypeVar("T")
_LIMIT = 50_000


class CachedDirectory:
    """A directory in front of a slower one, and the place its changes are announced from."""

    def __init__(
        self, inner: Directory, bus: Bus, *, ttl_s: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._inner = inner
        self._bus = bus
        self._routes: _Remembered[Route] = _Remembered(ttl_s, clock)
        self._members: _Remembered[Member] = _Remembered(ttl_s, clock)
        self._route: Gathered[Route] = Gathered(inner.routes_by_owner)
        self._member: Gathered[Member] = Gathered(inner.members_by_id)
        self._unsubscribe: list[Callable[[], None]] = []

    @property
    def read_only(self) -> bool:
        """As the directory behind it."""
        return self._inner.read_only

    async def start(self) -> None:
        """Start the directory behind it, and listen for what other replicas change."""
        await self._inner.start()
        self._route = Gathered(self._inner.routes_by_owner)
        self._member = Gathered(self._inner.members_by_id)
        self._unsubscribe = [
            self._bus.subscribe(topic, heard)
            for topic, heard in (
                (ROUTE_CHANGED, self._route_changed),
                (OWNER_REMOVED, self._owner_removed),
                (MEMBER_CHANGED, self._member_changed),
                (MEMBER_REMOVED, self._member_changed),
            )
        ]

    async def close(self) -> None:
        """Stop listening and close the directory behind it."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()
        await self._route.close()
        await self._member.close()
        await self._inner.close()

    async def route(self, owner: str) -> Route | None:
        """How to reach the owner's gateway, or None."""
        return await self._routes.get(owner, self._read_route)

    async def _read_route(self, owner: str) -> Route | None:
        try:
            return await self._route.get(owner)
        except BadConfiguration:  # one that cannot be opened: perhaps another's, asked for at the same time
            return await self._inner.route(owner)

    async def routes_by_owner(self, owners: Collection[str]) -> dict[str, Route]:
        """Those of `owners` that have a route: never remembered ones."""
        return await self._inner.routes_by_owner(owners)

    async def routes(self) -> list[Route]:
        """All routes, by owner."""
        return await self._inner.routes()

    async def put_route(self, route: Route) -> Route:
        """Add or replace the owner's route; returns it as stored."""
        return (await self.put_routes([route]))[0]

    async def put_routes(self, routes: Sequence[Route]) -> list[Route]:
        """`put_route` for many in one transaction."""
        stored = await self._inner.put_routes(routes)
        for route in stored:
            self._routes.drop(route.owner)
            self._bus.publish(ROUTE_CHANGED, {"owner": route.owner})
        return stored

    async def remove_owner(self, owner: str) -> bool:
        """Remove the owner: its route and its members."""
        removed = await self._inner.remove_owner(owner)
        self._owner_removed({"owner": owner})
        if removed:
            self._bus.publish(OWNER_REMOVED, {"owner": owner})
        return removed

    async def save_device_token(self, owner: str, token: Secret) -> None:
        """Keep what the gateway gave the route's device. Not announced: nobody's connection is wrong because of it."""
        await self._inner.save_device_token(owner, token)
        self._routes.drop(owner)

    async def member(self, id: str) -> Member | None:
        """The member, or None."""
        return await self._members.get(id, self._member.get)

    async def members(self) -> list[Member]:
        """All members, by id."""
        return await self._inner.members()

    async def members_by_id(self, ids: Collection[str]) -> dict[str, Member]:
        """Those of `ids` that exist: never remembered ones."""
        return await self._inner.members_by_id(ids)

    async def put_member(self, member: Member) -> Member:
        """Add or replace a member; returns it as stored."""
        return (await self.put_members([member]))[0]

    async def put_members(self, members: Sequence[Member]) -> list[Member]:
        """`put_member` for many in one transaction."""
        stored = await self._inner.put_members(members)
        for member in stored:
            self._members.drop(member.id)
            self._bus.publish(MEMBER_CHANGED, {"member": member.id, "owner": member.owner})
        return stored

    async def remove_member(self, id: str) -> bool:
        """Remove a member."""
        removed = await self._inner.remove_member(id)
        self._members.drop(id)
        if removed:
            self._bus.publish(MEMBER_REMOVED, {"member": id})
        return removed

    def _route_changed(self, message: Message) -> None:
        self._routes.drop(message["owner"])

    def _owner_removed(self, message: Message) -> None:
        self._routes.drop(message["owner"])
        self._members.clear()  # whose members they were is not known here

    def _member_changed(self, message: Message) -> None:
        self._members.drop(message["member"])


class _Remembered(Generic[T]):
    """Answers by name, each for a short time."""

    def __init__(self, ttl_s: float, clock: Callable[[], float]) -> None:
        self._ttl_s = ttl_s
        self._clock = clock
        self._known: dict[str, tuple[float, T]] = {}
        self._drops = 0

    async def get(self, name: str, ask: Callable[[str], Awaitable[T | None]]) -> T | None:
        """What is known of `name`, else what `ask` says."""
        known = self._known.get(name)
        if known is not None and known[0] > self._clock():
            return known[1]
        drops = self._drops
        answer = await ask(name)
        if answer is not None and drops == self._drops:  # else it may have been read before the write that dropped it
            if len(self._known) >= _LIMIT:
                self._known.clear()
            self._known[name] = (self._clock() + self._ttl_s, answer)
        return answer

    def drop(self, name: str) -> None:
        self._drops += 1
        self._known.pop(name, None)

    def clear(self) -> None:
        self._drops += 1
        self._known.clear()
