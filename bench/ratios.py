"""Medians of within-round ratios. Pure."""

from __future__ import annotations

from statistics import median
from typing import NamedTuple


class Band(NamedTuple):
    """A median with its 20th and 80th percentile."""

    median: float
    low: float
    high: float


def band(values: list[float]) -> Band:
    """The band of at least one value."""
    ordered = sorted(values)
    return Band(median(ordered), _percentile(ordered, 20), _percentile(ordered, 80))


def within_rounds(numerators: list[float | None], denominators: list[float | None]) -> Band | None:
    """Numerator over denominator, round by round; a round that lacks one of them does not count."""
    both = zip(numerators, denominators, strict=True)
    ratios = [above / below for above, below in both if above is not None and below]
    return band(ratios) if ratios else None


def _percentile(ordered: list[float], percent: int) -> float:
    """The value below which that many percent lie, between two neighbours in proportion."""
    at = (len(ordered) - 1) * percent / 100
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)
