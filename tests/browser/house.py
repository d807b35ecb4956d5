"""A door that people visit: `vestibule up` in front of a gateway that already runs.

Its address stays the same when it is stopped and started again, as an operator's does.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Protocol, Self

from process.harness import Vestibule

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

OWNER = "local"
"""The one owner of `vestibule up`."""

BRISK = {
    "VESTIBULE_LOG_LEVEL": "warning",  # nobody reads the process's output before it ends
    "VESTIBULE_RPC_TIMEOUT_S": "60",
    "VESTIBULE_PING_INTERVAL_S": "3",
    "VESTIBULE_RECONNECT_BASE_S": "0.2",
    "VESTIBULE_RECONNECT_CAP_S": "1",
}
"""A lost line is noticed and mended within a test's patience, not within a person's."""


class Gateway(Protocol):
    """What a house stands in front of: the real gateway or a simulated one."""

    @property
    def url(self) -> str: ...

    @property
    def token(self) -> str: ...


class House:
    """The process, and the ways in."""

    def __init__(self, home: Path, gateway: Gateway) -> None:
        self.gateway = gateway
        self._vestibule = Vestibule(home)
        self._port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def link(self) -> str:
        """What `vestibule up` prints to sign in."""
        return self.link_with(self._vestibule.server["token"])

    def link_with(self, token: str) -> str:
        return f"{self.url}/#token={token}"

    async def start(self) -> None:
        gateway = self.gateway
        await self._vestibule.start(
            "up", "--gateway", gateway.url, "--gateway-token", gateway.token, "--port", str(self._port), **BRISK
        )

    async def stop(self) -> None:
        """SIGTERM: it drains and ends."""
        self._vestibule.signal()
        await self._vestibule.ended()

    async def link_for(self, member: str, role: str) -> str:
        """A link for somebody else of the same owner."""
        await self.give(member, role)
        return self.link_with((await self._run("user", "token", member)).strip())

    async def give(self, member: str, role: str) -> None:
        """The role of somebody new, or another one for who is in already."""
        await self._run("user", "add", member, "--owner", OWNER, "--role", role)

    async def revoke(self, member: str) -> None:
        """Nobody of this name may come in any more, not even who is in."""
        await self._run("user", "remove", member)

    async def pair(self) -> None:
        """Its key is paired with the gateway, as for a gateway that is to move elsewhere later."""
        gateway = self.gateway
        await self._run("gateway", "add", OWNER, "--url", gateway.url, "--token", gateway.token, "--pair")

    async def _run(self, *args: str) -> str:
        code, output = await self._vestibule.run(*args)
        assert code == 0, output
        return output

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._vestibule.kill()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
