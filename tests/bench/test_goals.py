"""Whether a run reaches its goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bench.goals import Goal, Verdict, judge
from bench.results import Run
from bench.suites import SUITES

from bench import __main__, goals
from support.benchrows import failed, row

if TYPE_CHECKING:
    from pathlib import Path

    from bench.results import Row

LESS = Goal("rpc200", "us", "s", "less", 4.5, 7.0)
MOST = Goal("rpc200", "us", "nginx", "most", 2.0, 1.5)
OWN = Goal("hol", "answered_percent", "own", "least", 100.0)


def beside(relay: str, theirs: float, *ours: float) -> list[Row]:
    return [each for number, us in enumerate(ours) for each in (row(relay, number, theirs), row("ours", number, us))]


@pytest.mark.parametrize(
    ("goal", "rows", "verdict"),
    [
        (LESS, beside("s", 50, 10, 10, 10), Verdict.MET),
        (LESS, beside("s", 80, 10, 10, 10), Verdict.STRETCH),
        (LESS, beside("s", 40, 10, 10, 10), Verdict.SHORT),
        (LESS, beside("s", 50, 10, 10, 20), Verdict.SHAKY),
        (MOST, beside("nginx", 10, 19, 19, 19), Verdict.MET),
        (MOST, beside("nginx", 10, 14, 14, 14), Verdict.STRETCH),
        (MOST, beside("nginx", 10, 21, 21, 21), Verdict.SHORT),
        (MOST, beside("nginx", 10, 19, 19, 30), Verdict.SHAKY),
        (OWN, [row("ours", 0, 1, cell="hol", answered_percent=100.0)], Verdict.MET),
        (OWN, [row("ours", 0, 1, cell="hol", answered_percent=99.9)], Verdict.SHORT),
    ],
)
def test_a_goal_is_met_shaky_or_short(goal: Goal, rows: list[Row], verdict: Verdict) -> None:
    """Shaky: the median passes, the worse end of the band does not."""
    assert judge(goal, Run(rows)).verdict is verdict


def test_what_was_not_run_is_another_thing_than_what_has_no_round_that_counts() -> None:
    """A relay that was left out says nothing; one that always failed, or on a busy machine, was to show something."""
    assert judge(LESS, Run([row("ours", 0, 10)])).verdict is Verdict.MISSING
    assert judge(LESS, Run([row("s", 0, 50), failed("ours", 0)])).verdict is Verdict.UNCOUNTED
    assert judge(LESS, Run([row("s", 0, 50), row("ours", 0, 1, foreign=0.9)])).verdict is Verdict.UNCOUNTED


def test_every_goal_is_one_that_a_suite_measures() -> None:
    """A misspelt cell or relay would never be looked at."""
    for goal in goals.read():
        suite = next(suite for suite in SUITES.values() if goal.cell in suite.cells)
        assert "ours" in suite.relays
        assert goal.against in (*suite.relays, goals.OWN)
        assert goal.kind in (("most", "least") if goal.against == goals.OWN else ("less", "most"))


@pytest.mark.parametrize(
    ("ours", "code", "last"),
    [
        (row("ours", 0, 10.0), 0, "1 met."),
        (row("ours", 0, 20.0), 1, "1 short."),
        (failed("ours", 0), 1, "1 no round counts."),
    ],
)
def test_check_ends_with_1_where_a_goal_is_not_reached(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ours: Row, code: int, last: str
) -> None:
    (tmp_path / "goals.toml").write_text("[rpc200]\nus.s = { less = 4.5, stretch = 7 }\n")
    Run([row("s", 0, 50.0), ours]).write(tmp_path / "r.json")
    monkeypatch.setattr("sys.argv", ["bench", "check", f"{tmp_path}/r.json", "--goals", f"{tmp_path}/goals.toml"])

    assert __main__.main() == code
    assert capsys.readouterr().out.strip().splitlines()[-1] == last
