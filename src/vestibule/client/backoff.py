"""How long to wait before the next attempt: full jitter, doubling, forgiving only after a stable connection.

Pure but for the random numbers it is given.
"""

from __future__ import annotations

import random

STABLE_S = 10.0
"""A connection that lived this long resets the delays; a flapping door does not (W3)."""


class Backoff:
    """Delays between attempts to connect."""

    def __init__(self, *, base_s: float = 0.5, cap_s: float = 30.0, rng: random.Random | None = None) -> None:
        self._base = base_s
        self._cap = cap_s
        self._rng = rng or random.Random()
        self._failures = 0

    def next(self) -> float:
        """The delay before the next attempt, drawn from zero to a ceiling that doubles up to the cap."""
        ceiling = min(self._cap, self._base * 2 ** min(self._failures, 32))
        self._failures += 1
        return self._rng.uniform(0, ceiling)

    def lived(self, seconds: float) -> None:
        """A connection ended after this time."""
        if seconds >= STABLE_S:
            self._failures = 0
