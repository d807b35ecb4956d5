"""The bus: how parts of the door, and later replicas, tell each other that something changed.

Announcements only: whoever misses one is late, never wrong. No requests, no answers, no order across topics.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

ROUTE_CHANGED = "route.changed"
"""`{"owner"}`: the owner's route is new or another."""
OWNER_REMOVED = "owner.removed"
"""`{"owner"}`: the owner, its route and its members are gone."""
MEMBER_CHANGED = "member.changed"
"""`{"member", "owner"}`: a member is new, or has another owner or role."""
MEMBER_REMOVED = "member.removed"
"""`{"member"}`."""

Message = dict[str, Any]
Subscriber = Callable[[Message], None]
"""Called on the loop; must not block. What it raises is logged and ends there."""


class Bus(Protocol):
    """Topics with any number of subscribers."""

    async def start(self) -> None:
        """Be ready to publish."""

    async def close(self) -> None:
        """Forget all subscribers."""

    def publish(self, topic: str, message: Message) -> None:
        """Tell everybody who subscribed to `topic`, here and on other replicas. Never blocks and never raises."""

    def subscribe(self, topic: str, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` with each message on `topic`, until the function returned here is called."""
