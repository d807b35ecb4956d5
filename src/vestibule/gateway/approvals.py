"""What a gateway without a list of its own waits to have approved: all that was heard of and is still open.

Decides nothing and asks nobody. Times are the door's: the gateway's clock only says how long an approval lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct
from msgspec.json import Decoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.protocol.frames import GatewayEvent

REQUESTED = "exec.approval.requested"
RESOLVED = "exec.approval.resolved"
EVENTS = frozenset({REQUESTED, RESOLVED})
"""The events this module wants to see."""
MOST = 256
MOST_BYTES = 1_048_576
"""Beyond either the oldest are forgotten."""
_LONGEST_S = 1_800.0
"""OpenClaw's own limit; of an approval that does not say how long it lasts."""


class _Approval(Struct):
    id: str
    createdAtMs: float | None = None
    expiresAtMs: float | None = None

    @property
    def lasts_s(self) -> float:
        if self.createdAtMs is None or self.expiresAtMs is None:
            return _LONGEST_S
        return min((self.expiresAtMs - self.createdAtMs) / 1_000, _LONGEST_S)


_approval = Decoder(_Approval)


@dataclass(frozen=True, slots=True)
class _Open:
    payload: bytes
    """As it came."""
    heard_at: float
    expires_at: float


class OpenApprovals:
    """The open exec approvals of one gateway."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def hear(self, event: GatewayEvent, now: float) -> None:
        """Take in one of `EVENTS`; what cannot be read is left out."""
        try:
            approval = _approval.decode(event.payload)
        except (DecodeError, UnicodeDecodeError):
            return
        self._open.pop(approval.id, None)
        if event.event == REQUESTED:
            self._open[approval.id] = _Open(bytes(event.payload), now, now + approval.lasts_s)
            self._make_room()

    def listed(self, now: float) -> bytes:
        """The answer of `exec.approval.list`: a plain array, the oldest first."""
        self.expire(now)
        return b"[" + b",".join(each.payload for each in self._open.values()) + b"]"

    def expire(self, now: float) -> None:
        """Forget those whose time is over."""
        self._keep(lambda each: each.expires_at > now)

    def began(self, at: float) -> None:
        """The gateway's process began then: it knows nothing of what was heard before."""
        self._keep(lambda each: each.heard_at >= at)

    def clear(self) -> None:
        """It is another gateway now."""
        self._open.clear()

    def _keep(self, wanted: Callable[[_Open], bool]) -> None:
        self._open = {id: each for id, each in self._open.items() if wanted(each)}

    def _make_room(self) -> None:
        while len(self._open) > MOST or sum(len(each.payload) for each in self._open.values()) > MOST_BYTES:
            del self._open[next(iter(self._open))]
