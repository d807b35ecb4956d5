"""Single-use tickets for WebSockets: what a page may put into a URL without harm (S2).

Live in this process's memory only, die after seconds, and are gone with the first use.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from vestibule.errors import Overloaded, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.model import Principal


class Tickets:
    """Tickets given out and not yet used."""

    def __init__(
        self, *, ttl_s: float = 30.0, limit: int = 50_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ttl_s = ttl_s
        self._limit = limit
        self._clock = clock
        self._open: dict[str, tuple[float, Principal]] = {}  # in order of expiry: all live equally long

    def __len__(self) -> int:
        return len(self._open)

    def issue(self, principal: Principal) -> str:
        """A new ticket for `principal`. Raises Overloaded when far too many are open."""
        self._forget_expired()
        if len(self._open) >= self._limit:
            raise Overloaded("Too many sign-ins at once. Try again in a moment.")
        ticket = secrets.token_urlsafe(32)
        self._open[ticket] = (self._clock() + self._ttl_s, principal)
        return ticket

    def redeem(self, ticket: str) -> Principal:
        """Whom `ticket` was for. Works once; raises Unauthenticated for a used, unknown or expired one."""
        found = self._open.pop(ticket, None)
        if found is None:
            raise Unauthenticated("Not authenticated")
        ends, principal = found
        if ends <= self._clock():
            raise Unauthenticated("Sign-in has expired.")
        return principal

    def _forget_expired(self) -> None:
        now = self._clock()
        while self._open:
            oldest = next(iter(self._open))
            if self._open[oldest][0] > now:
                return
            del self._open[oldest]
