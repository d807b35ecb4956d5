"""How long to wait before the next attempt: full jitter, and what the gateway asked for.

Pure: chance is handed in, time is not asked.
"""

from __future__ import annotations

import random

_AGAIN_SOON = frozenset({1012, 1013})
"""Service restart, try again later: the gateway lives and says so."""
_LARGEST_EXPONENT = 16


class Backoff:
    """Delays between attempts of one connection, in seconds."""

    def __init__(self, *, base_s: float, cap_s: float, rng: random.Random) -> None:
        self._base_s = base_s
        self._cap_s = cap_s
        self._rng = rng
        self.failures = 0
        """Attempts in a row that did not end in `hello-ok`."""

    def succeeded(self) -> None:
        """The gateway greeted us."""
        self.failures = 0

    def after_failure(self, *, at_least_ms: int | None = None) -> float:
        """The delay after an attempt failed; not shorter than what the gateway asked for, spread by a tenth."""
        self.failures += 1
        if at_least_ms is not None:
            return at_least_ms / 1_000 * (1 + self._rng.random() / 10)
        return self._jitter(self.failures - 1)

    def after_loss(self, *, code: int, restart_expected_ms: int | None = None) -> float:
        """The delay after a live connection was lost."""
        if restart_expected_ms is not None:
            return restart_expected_ms / 1_000 * (1 + self._rng.random() / 10)
        return self._jitter(1 if code in _AGAIN_SOON else 0)

    def _jitter(self, exponent: int) -> float:
        return self._rng.uniform(0, min(self._cap_s, self._base_s * 2 ** min(exponent, _LARGEST_EXPONENT)))
