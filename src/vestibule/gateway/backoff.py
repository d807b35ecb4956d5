"""How long to wait before the next attempt: full jitter, and what the gateway itself asked for.

Knows no clock and no socket; chance comes from the `rng` it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

OVERLOADED = 1013


class Backoff:
    """The delays of one gateway connection, in seconds."""

    def __init__(self, base_s: float, cap_s: float, rng: random.Random) -> None:
        self._base_s = base_s
        self._cap_s = cap_s
        self._rng = rng
        self._attempt = 0

    def after_failure(self, *, retry_after_ms: int | None = None) -> float:
        """Before the next dial. What the gateway asked for is waited in full; the jitter comes on top."""
        if retry_after_ms is None:
            return self._grown()
        return retry_after_ms / 1_000 + self._rng.uniform(0.0, min(self._base_s, self._cap_s))

    def after_loss(self, code: int, *, lived_s: float, restart_expected_ms: int | None = None) -> float:
        """Before dialling again a gateway that was ready for `lived_s` and closed with `code`.

        Only a connection that lasted starts the growth anew: a gateway that greets and dies is not hammered.
        """
        if lived_s >= self._cap_s:
            self._attempt = 0
        if restart_expected_ms is not None:
            return self.after_failure(retry_after_ms=restart_expected_ms)
        if code == OVERLOADED:
            return min(self._base_s, self._cap_s) + self._grown()
        return self._grown()

    def reset(self) -> None:
        """Another route: its history is not this one's."""
        self._attempt = 0

    def _grown(self) -> float:
        window_s = self._cap_s
        if self._attempt < 64:  # beyond it the power only costs digits
            window_s = min(self._cap_s, self._base_s * 2**self._attempt)
        self._attempt += 1
        return self._rng.uniform(0.0, window_s)
