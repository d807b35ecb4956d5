"""The directory as a file somebody writes by hand, read again whenever it changes.

Writes nothing: every change asked of it is refused with where to make it. A file that became wrong changes nothing.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from vestibule.bus.port import MEMBER_CHANGED, MEMBER_REMOVED, OWNER_REMOVED, ROUTE_CHANGED, Bus
from vestibule.directory.devices import derived_seed
from vestibule.directory.fleet import Fleet, read_fleet
from vestibule.errors import BadConfiguration, Conflict
from vestibule.model import Member, Route, Secret
from vestibule.tasks import Tasks
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from vestibule.directory.keys import SecretKey

log = get_logger(__name__)


class FileDirectory:
    """Routes and members of a fleet file, all in memory.

    A route's device follows from the secret key, and what the gateway gave it when it paired lives as long as the
    process: a paired device is let in with the shared token as well.
    """

    read_only = True

    def __init__(
        self,
        path: Path,
        key: SecretKey,
        bus: Bus,
        *,
        interval_s: float = 1.0,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._path = path
        self._key = key
        self._bus = bus
        self._interval_s = interval_s
        self._environ = environ
        self._fleet = Fleet()
        self._seen: object = None
        self._tasks = Tasks(lambda name, error: log.error("directory.watch_failed", task=name, error=str(error)))

    async def start(self) -> None:
        """Read the file; raises BadConfiguration if it has a mistake. From then on watch it."""
        self._seen = await asyncio.to_thread(self._look)
        fleet = await asyncio.to_thread(read_fleet, self._path, environ=self._environ)
        self._fleet = replace(fleet, routes={owner: self._settled(route) for owner, route in fleet.routes.items()})
        self._tasks.spawn(self._watch(), name="directory:watch")

    async def close(self) -> None:
        """Stop watching."""
        await self._tasks.cancel_all()

    async def route(self, owner: str) -> Route | None:
        """How to reach the owner's gateway, or None."""
        return self._fleet.routes.get(owner)

    async def routes_by_owner(self, owners: Collection[str]) -> dict[str, Route]:
        """Those of `owners` that have a route."""
        return {owner: self._fleet.routes[owner] for owner in owners if owner in self._fleet.routes}

    async def routes(self) -> list[Route]:
        """All routes, by owner."""
        return [self._fleet.routes[owner] for owner in sorted(self._fleet.routes)]

    async def put_route(self, route: Route) -> Route:
        """Refused."""
        self._refuse()

    async def put_routes(self, routes: Sequence[Route]) -> list[Route]:
        """Refused."""
        self._refuse()

    async def remove_owner(self, owner: str) -> bool:
        """Refused."""
        self._refuse()

    async def save_device_token(self, owner: str, token: Secret) -> None:
        """Keep it in memory."""
        if (route := self._fleet.routes.get(owner)) is not None:
            self._fleet.routes[owner] = replace(route, device_token=token)

    async def member(self, id: str) -> Member | None:
        """The member, or None."""
        return self._fleet.members.get(id)

    async def members(self) -> list[Member]:
        """All members, by id."""
        return [self._fleet.members[id] for id in sorted(self._fleet.members)]

    async def members_by_id(self, ids: Collection[str]) -> dict[str, Member]:
        """Those of `ids` that exist."""
        return {id: self._fleet.members[id] for id in ids if id in self._fleet.members}

    async def put_member(self, member: Member) -> Member:
        """Refused."""
        self._refuse()

    async def put_members(self, members: Sequence[Member]) -> list[Member]:
        """Refused."""
        self._refuse()

    async def remove_member(self, id: str) -> bool:
        """Refused."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Conflict(
            "Gateways and users are kept in a static file here; change them there.",
            remedy=f"edit {self._path}: it is read again within {self._interval_s:g} s",
        )

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._interval_s)
            seen = await asyncio.to_thread(self._look)
            if seen == self._seen:
                continue
            self._seen = seen
            try:
                fleet = await asyncio.to_thread(read_fleet, self._path, environ=self._environ)
            except BadConfiguration as fault:
                log.error("directory.file_wrong", remedy=fault.remedy, consequence="the fleet stays as it was")
                continue
            await self._take(fleet)

    def _look(self) -> object:
        """What the file and the files it refers to look like from outside."""
        looks: list[tuple[int, int, int] | None] = []
        for file in sorted({self._path, *self._fleet.files}):
            try:
                status = file.stat()
            except OSError:
                looks.append(None)
            else:
                looks.append((status.st_mtime_ns, status.st_size, status.st_ino))
        return looks

    async def _take(self, fleet: Fleet) -> None:
        """Replace the fleet and announce what is different."""
        old = self._fleet
        routes = {owner: self._settled(route, old.routes.get(owner)) for owner, route in fleet.routes.items()}
        self._fleet = replace(fleet, routes=routes)
        self._seen = await asyncio.to_thread(self._look)  # it may refer to other files now
        changed = [owner for owner, route in routes.items() if route is not old.routes.get(owner)]
        removed = old.routes.keys() - routes.keys()
        moved = [member for id, member in fleet.members.items() if member != old.members.get(id)]
        left = old.members.keys() - fleet.members.keys()
        log.info("directory.file_read", routes=len(routes), changed=len(changed), removed=len(removed))
        for owner in changed:
            self._bus.publish(ROUTE_CHANGED, {"owner": owner})
        for owner in removed:
            self._bus.publish(OWNER_REMOVED, {"owner": owner})
        for member in moved:
            self._bus.publish(MEMBER_CHANGED, {"member": member.id, "owner": member.owner})
        for id in left:
            self._bus.publish(MEMBER_REMOVED, {"member": id})

    def _settled(self, route: Route, old: Route | None = None) -> Route:
        """`route` with its device and revision; `old` itself where nothing is different."""
        route = replace(route, device_seed=route.device_seed or derived_seed(self._key, route.owner))
        if old is None:
            return route
        if route.device_token or replace(old, device_token=Secret(), revision=route.revision) != route:
            if replace(old, revision=route.revision) == route:
                return old
            return replace(route, revision=old.revision + 1)
        return old
