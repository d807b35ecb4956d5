"""The directory: which owners exist, how their gateways are reached, and who their members are.

Every method raises StorageFault when the storage cannot be used; none of them retries or waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from vestibule.model import Member, Route, Secret


class Directory(Protocol):
    """Owners' routes and members."""

    @property
    def read_only(self) -> bool:
        """Whether every write raises Conflict: the content is somebody's file."""

    async def start(self) -> None:
        """Open the storage and bring it up to date."""

    async def close(self) -> None:
        """Let go of the storage."""

    async def route(self, owner: str) -> Route | None:
        """How to reach the owner's gateway, or None."""

    async def routes_by_owner(self, owners: Collection[str]) -> dict[str, Route]:
        """Those of `owners` that have a route, read from the storage itself."""

    async def routes(self) -> list[Route]:
        """All routes, by owner."""

    async def put_route(self, route: Route) -> Route:
        """Add or replace the owner's route; returns it as stored.

        `revision` is 1 for a new route and grows by one with each put. Without a `device_seed` a new route gets
        a fresh one and an old one keeps its own. The device token is forgotten unless given: it may be another
        gateway's. `created_at` and `updated_at` are the directory's own.
        """

    async def put_routes(self, routes: Sequence[Route]) -> list[Route]:
        """`put_route` for many in one transaction: all or none. Of several for one owner the last counts."""

    async def remove_owner(self, owner: str) -> bool:
        """Remove the owner: its route and its members. False if there was nothing."""

    async def save_device_token(self, owner: str, token: Secret) -> None:
        """Keep what the gateway gave the route's device. Not a change of the route: `revision` stays."""

    async def member(self, id: str) -> Member | None:
        """The member, or None."""

    async def members(self) -> list[Member]:
        """All members, by id."""

    async def members_by_id(self, ids: Collection[str]) -> dict[str, Member]:
        """Those of `ids` that exist, read from the storage itself."""

    async def put_member(self, member: Member) -> Member:
        """Add or replace a member; returns it as stored.

        A new one, or one that moved to another owner, gets a new `generation`; whatever was given is ignored.
        """

    async def put_members(self, members: Sequence[Member]) -> list[Member]:
        """`put_member` for many in one transaction: all or none. Of several with one id the last counts."""

    async def remove_member(self, id: str) -> bool:
        """Remove a member. False if there was none."""
