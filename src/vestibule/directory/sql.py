"""The directory in a database: SQLite by default, PostgreSQL for several replicas.

Keeps no copy of anything: what is hot is cached by `CachedDirectory` around it. Secrets enter and leave it sealed.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Row, Table, delete, insert, select, update

from vestibule.directory import migrations
from vestibule.directory.checks import checked_member, checked_route
from vestibule.directory.sealing import Sealer
from vestibule.directory.succession import Predecessor, same_person, successor
from vestibule.directory.tables import FactRow, MemberRow, RouteRow
from vestibule.errors import BadConfiguration
from vestibule.model import Member, Role, Route, RouteMode, Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from vestibule.directory.database import Database
    from vestibule.directory.keys import SecretKey

T = TypeVar("T")
_CHUNK = 500
"""Rows per statement: below every driver's limit of parameters, and the loop breathes in between."""
_KEY_CHECK = "key-check"

_routes = cast("Table", RouteRow.__table__)
_members = cast("Table", MemberRow.__table__)


class SqlDirectory:
    """Routes and members in two tables."""

    read_only = False

    def __init__(
        self, database: Database, key: SecretKey, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._sealer = Sealer(key.derive("sealing"))
        self._now = now

    async def start(self) -> None:
        """Migrate, and see that the secret key is the one the database was sealed with."""
        await self._database.prepare()
        async with self._database.writing() as connection:
            await connection.run_sync(migrations.upgrade)
            sealed = await connection.scalar(select(FactRow.value).where(FactRow.name == _KEY_CHECK))
            if sealed is None:
                sealed = self._sealer.seal(Secret(_KEY_CHECK), owner="", field=_KEY_CHECK)
                await connection.execute(insert(FactRow).values(name=_KEY_CHECK, value=sealed))
            self._sealer.open(sealed, owner="", field=_KEY_CHECK)

    async def close(self) -> None:
        """Close the connections to the database."""
        await self._database.close()

    async def route(self, owner: str) -> Route | None:
        """How to reach the owner's gateway, or None."""
        return (await self.routes_by_owner([owner])).get(owner)

    async def routes_by_owner(self, owners: Collection[str]) -> dict[str, Route]:
        """Those of `owners` that have a route."""
        rows: list[Row[Any]] = []
        async with self._database.reading() as connection:
            for chunk in _chunks(list(owners)):
                rows += await connection.execute(select(_routes).where(RouteRow.owner.in_(chunk)))
        return {route.owner: route for route in await _aside(rows, self._route)}

    async def routes(self) -> list[Route]:
        """All routes, by owner."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(_routes).order_by(RouteRow.owner))).all()
        return await _aside(rows, self._route)

    async def put_route(self, route: Route) -> Route:
        """Add or replace the owner's route; returns it as stored."""
        return (await self.put_routes([route]))[0]

    async def put_routes(self, routes: Sequence[Route]) -> list[Route]:
        """`put_route` for many in one transaction."""
        asked = {route.owner: route for route in await _aside(routes, checked_route)}
        async with self._database.writing() as connection:
            old = await self._old_routes(connection, asked)
            now = self._now()
            stored = [successor(route, old.get(route.owner), now) for route in asked.values()]
            sealed = await _aside(stored, self._columns)
            await _replace(connection, _routes, "owner", sealed)
        return stored

    async def remove_owner(self, owner: str) -> bool:
        """Remove the owner: its route and its members."""
        async with self._database.writing() as connection:
            route = await connection.execute(delete(_routes).where(RouteRow.owner == owner))
            members = await connection.execute(delete(_members).where(MemberRow.owner == owner))
        return route.rowcount + members.rowcount > 0

    async def save_device_token(self, owner: str, token: Secret) -> None:
        """Keep what the gateway gave the route's device."""
        sealed = self._sealer.seal(token, owner=owner, field="device_token")
        async with self._database.writing() as connection:
            await connection.execute(update(_routes).where(RouteRow.owner == owner).values(device_token=sealed))

    async def member(self, id: str) -> Member | None:
        """The member, or None."""
        return (await self.members_by_id([id])).get(id)

    async def members(self) -> list[Member]:
        """All members, by id."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(_members).order_by(MemberRow.id))).all()
        return await _aside(rows, _member)

    async def members_by_id(self, ids: Collection[str]) -> dict[str, Member]:
        """Those of `ids` that exist."""
        async with self._database.reading() as connection:
            return await self._present(connection, ids)

    async def put_member(self, member: Member) -> Member:
        """Add or replace a member; returns it as stored."""
        return (await self.put_members([member]))[0]

    async def put_members(self, members: Sequence[Member]) -> list[Member]:
        """`put_member` for many in one transaction."""
        asked = {member.id: checked_member(member) for member in members}
        async with self._database.writing() as connection:
            old = await self._present(connection, asked)
            stored = [same_person(member, old.get(member.id), _new_generation) for member in asked.values()]
            rows = [
                {"id": each.id, "owner": each.owner, "role": each.role.value, "generation": each.generation}
                for each in stored
            ]
            await _replace(connection, _members, "id", rows)
        return stored

    async def remove_member(self, id: str) -> bool:
        """Remove a member."""
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(_members).where(MemberRow.id == id))
        return gone.rowcount > 0

    async def _old_routes(self, connection: AsyncConnection, owners: Collection[str]) -> dict[str, Predecessor]:
        old: dict[str, Predecessor] = {}
        columns = (RouteRow.owner, RouteRow.revision, RouteRow.device_seed, RouteRow.created_at)
        for chunk in _chunks(list(owners)):
            question = select(*columns).where(RouteRow.owner.in_(chunk))
            for owner, revision, sealed, created_at in await connection.execute(question):
                seed = self._sealer.open(sealed, owner=owner, field="device_seed")
                old[owner] = Predecessor(revision, seed, _utc(created_at))
        return old

    async def _present(self, connection: AsyncConnection, ids: Collection[str]) -> dict[str, Member]:
        found: dict[str, Member] = {}
        for chunk in _chunks(list(ids)):
            rows = await connection.execute(select(_members).where(MemberRow.id.in_(chunk)))
            found.update((row.id, _member(row)) for row in rows)
        return found

    def _columns(self, route: Route) -> dict[str, Any]:
        owner, seal = route.owner, self._sealer.seal
        return {
            "owner": owner,
            "url": route.url,
            "mode": route.mode.value,
            "token": seal(route.token, owner=owner, field="token"),
            "device_seed": seal(route.device_seed, owner=owner, field="device_seed"),
            "device_token": seal(route.device_token, owner=owner, field="device_token"),
            "identity": route.identity,
            "identity_header": route.identity_header,
            "tls_pin": route.tls_pin,
            "revision": route.revision,
            "created_at": route.created_at,
            "updated_at": route.updated_at,
        }

    def _route(self, row: Row[Any]) -> Route:
        owner, unseal = row.owner, self._sealer.open
        return Route(
            owner=owner,
            url=row.url,
            mode=_known(RouteMode, row.mode),
            token=unseal(row.token, owner=owner, field="token"),
            device_seed=unseal(row.device_seed, owner=owner, field="device_seed"),
            device_token=unseal(row.device_token, owner=owner, field="device_token"),
            identity=row.identity,
            identity_header=row.identity_header,
            tls_pin=row.tls_pin,
            revision=row.revision,
            created_at=_utc(row.created_at),
            updated_at=_utc(row.updated_at),
        )


def _utc(stored: datetime | None) -> datetime | None:
    """A time as it was put: SQLite forgets the zone, and all of ours are in UTC."""
    return stored.replace(tzinfo=UTC) if stored is not None else None


def _new_generation(_member: str) -> str:
    return secrets.token_urlsafe(9)


def _member(row: Row[Any]) -> Member:
    return Member(id=row.id, owner=row.owner, role=_known(Role, row.role), generation=row.generation)


Kind = TypeVar("Kind", Role, RouteMode)


def _known(kind: type[Kind], value: str) -> Kind:
    try:
        return kind(value)
    except ValueError:
        raise BadConfiguration(
            f"The database contains a {kind.__name__.lower()} this version does not know: {value[:64]!r}.",
            remedy="install the newer version that wrote it",
        ) from None


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


async def _aside(items: Sequence[Any], work: Callable[[Any], T]) -> list[T]:
    """`work` for each item: here when they are few, on a thread when they would hold up the loop."""
    if len(items) <= 64:
        return [work(item) for item in items]
    return await asyncio.to_thread(lambda: [work(item) for item in items])


async def _replace(connection: AsyncConnection, table: Table, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Put whole rows in the place of those with their keys: by far quicker than as many updates."""
    for chunk in _chunks(rows):
        await connection.execute(delete(table).where(table.c[key].in_([row[key] for row in chunk])))
        await connection.execute(insert(table), list(chunk))
