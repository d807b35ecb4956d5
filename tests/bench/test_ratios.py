"""Ratios within rounds: what differs from round to round differs for both."""

from __future__ import annotations

import pytest
from bench.ratios import Band, band, within_rounds
from bench.report import costs
from bench.results import Run

from support.benchrows import failed, row


def test_the_median_of_ratios_is_not_the_ratio_of_medians() -> None:
    """A round on a machine half as fast doubles both, and changes nothing."""
    assert within_rounds([10.0, 20.0, 10.0], [5.0, 10.0, 5.0]) == Band(2.0, 2.0, 2.0)


def test_a_round_that_lacks_one_of_both_does_not_count() -> None:
    assert within_rounds([10.0, None, 30.0], [10.0, 10.0, 10.0]) == Band(2.0, 1.4, 2.6)
    assert within_rounds([None], [1.0]) is None


def test_the_band_is_from_the_20th_to_the_80th_percentile() -> None:
    assert band([5.0, 1.0, 2.0, 3.0, 4.0, 6.0]) == pytest.approx((3.5, 2.0, 5.0))


def test_the_table_shows_how_many_times_less_ours_costs_and_what_failed() -> None:
    """A busy slice and one that went wrong do not count; the second is shown."""
    rows = [
        row("s", 0, 30.0),
        row("ours", 0, 10.0),
        row("s", 1, 80.0),
        row("ours", 1, 20.0),
        row("nginx", 1, 1.0, foreign=0.5),
        failed("node", 1),
    ]
    line = "| rpc200 | 2 | 15.00 | **3.50** [3.20..3.80] | - | - | - | - | - | node 1 |"
    assert line in costs(Run(rows), ["rpc200"])
