"""What is running, what is left, and about how long that takes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench.results import Row
    from bench.suites import Suite


class Progress:
    """Tells it through `say`: before the first suite, before each, and after each round."""

    def __init__(
        self, suites: Mapping[str, Suite], say: Callable[[str], None], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._left_s = {name: expected_s(suite) for name, suite in suites.items()}
        self._suites, self._say, self._now = suites, say, now
        plan = ", ".join(f"{name} {_minutes(seconds)}" for name, seconds in self._left_s.items())
        say(f"{plan}: {_minutes(sum(self._left_s.values()))} altogether")

    def suite(self, name: str) -> None:
        """It begins."""
        self._began, self._done = self._now(), 0
        suite = self._suites[name]
        self._say(f"{name}: {suite.about} ({', '.join(suite.relays)})")

    def round(self, name: str, rows: list[Row]) -> None:
        """One of its rounds is over."""
        self._done += 1
        of = self._suites[name].rounds
        self._left_s[name] = (self._now() - self._began) / self._done * (of - self._done)
        errors = [row for row in rows if row.error is not None]
        noisy = sum(row.error is None and not row.counts() for row in rows)
        told = [f"{name}: round {self._done} of {of}, {len(rows)} slices"]
        if noisy:
            told.append(f"{noisy} not counted, the machine was busy")
        told.append(f"{_minutes(sum(self._left_s.values()))} left")
        self._say("; ".join(told))
        for row in errors:
            self._say(f"  {row.cell}, {row.relay}: {row.error}")


def expected_s(suite: Suite) -> float:
    """About how long it takes."""
    return suite.rounds * len(suite.cells) * len(suite.relays) * suite.slice_s


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
