"""The goals of `goals.toml`, and whether a run reaches them. Pure, but for reading that file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.results import OURS

if TYPE_CHECKING:
    from bench.ratios import Band
    from bench.results import Run

GOALS = Path(__file__).with_name("goals.toml")
OWN = "own"


class Verdict(StrEnum):
    """How a goal fares."""

    STRETCH = "stretch"
    MET = "met"
    SHAKY = "shaky"
    SHORT = "short"
    UNCOUNTED = "no round counts"
    MISSING = "not measured"


UNSHOWN = (Verdict.SHORT, Verdict.UNCOUNTED)
"""What a run that was to show it did not show."""


@dataclass(frozen=True)
class Goal:
    """A bound for one value of a cell: of ours beside a relay's, or (`own`) by itself."""

    cell: str
    value: str
    against: str
    kind: str
    """`less`: how many times less ours is, at least. `most`, `least`: what ours is at most, at least."""
    bound: float
    stretch: float | None = None

    def measured(self, run: Run) -> Band | None:
        """What the rounds say; None if no round counts."""
        if self.against == OWN:
            return run.band(self.cell, OURS, self.value)
        if self.kind == "less":
            return run.ratio(self.cell, self.against, OURS, self.value)
        return run.ratio(self.cell, OURS, self.against, self.value)

    def reached(self, value: float, bound: float) -> bool:
        """Whether that is good enough."""
        return value <= bound if self.kind == "most" else value >= bound


class Judged(NamedTuple):
    """A goal and what became of it."""

    goal: Goal
    band: Band | None
    verdict: Verdict


def read(path: Path = GOALS) -> list[Goal]:
    """All goals of a file."""
    kept = tomllib.loads(path.read_text())
    return [
        Goal(cell, value, against, kind, bound, words.get("stretch"))
        for cell, values in kept.items()
        for value, bounds in values.items()
        for against, words in bounds.items()
        for kind, bound in words.items()
        if kind != "stretch"
    ]


def judge(goal: Goal, run: Run) -> Judged:
    """A median that passes while the worse end of its band misses is shaky."""
    both = {OURS, goal.against} - {OWN}
    if not all(run.measured(goal.cell, relay) for relay in both):
        return Judged(goal, None, Verdict.MISSING)
    band = goal.measured(run)
    if band is None:
        return Judged(goal, band, Verdict.UNCOUNTED)
    if not goal.reached(band.median, goal.bound):
        return Judged(goal, band, Verdict.SHORT)
    if not goal.reached(band.high if goal.kind == "most" else band.low, goal.bound):
        return Judged(goal, band, Verdict.SHAKY)
    stretched = goal.stretch is not None and goal.reached(band.median, goal.stretch)
    return Judged(goal, band, Verdict.STRETCH if stretched else Verdict.MET)
