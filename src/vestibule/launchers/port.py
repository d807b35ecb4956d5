"""What can start, stop and watch a gateway: the port behind which a process, a container or a cloud stands.

Says nothing of connections: a route that a launcher returns is dialled by others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from vestibule.errors import GatewayFault

if TYPE_CHECKING:
    from vestibule.deadline import Deadline
    from vestibule.model import Route


class LaunchState(StrEnum):
    """Where an owner's gateway is in its life, as its launcher sees it."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    EXITED = "exited"
    """Ended by itself; it is started again after a pause."""
    FAILED = "failed"
    """Does not start, and starting it again would change nothing."""


@dataclass(frozen=True, slots=True)
class LaunchStatus:
    """The state with what there is to say about it."""

    owner: str
    state: LaunchState
    text: str = ""
    """For the operator: what is being done, or why it ended. May name paths; never for clients."""


Watcher = Callable[[LaunchStatus], None]


class LaunchFailed(GatewayFault):
    """The gateway could not be started; `remedy` tells the operator why."""

    default = "The gateway could not be started. Ask whoever runs it."


class Launcher(Protocol):
    """Starts, stops and watches the gateways of owners."""

    async def start(self, owner: str) -> Route:
        """The owner's gateway, running and ready; joins a start that is under way, and ends the pause before one.

        Raises LaunchFailed.
        """

    async def stop(self, owner: str, deadline: Deadline | None = None) -> None:
        """End the owner's gateway and everything it started, by the deadline. Nothing happens if there is none."""

    async def close(self, deadline: Deadline | None = None) -> None:
        """Stop all gateways, by the deadline."""

    def status(self, owner: str) -> LaunchStatus:
        """How it is with the owner's gateway now."""

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` at every change and progress, on the loop. Returns what ends it."""
