"""Slices on real relays: what goes wrong with one ends neither the round nor the others."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bench.progress import Progress
from bench.relays import RELAYS, NotStarted, Relay, free_port
from bench.suites import SUITES

from bench import generator, goals, hol, runner, slowtab, storm

if TYPE_CHECKING:
    from pathlib import Path

    from bench.suites import Suite

pytestmark = pytest.mark.process


def deaf(_gateway_port: int, folder: Path, _users: int) -> Relay:
    """An HTTP server that knows no WebSocket."""
    port = free_port()
    return Relay("deaf", [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)], port, folder)


def absent(_gateway_port: int, _folder: Path, _users: int) -> Relay:
    raise NotStarted("absent is not installed")


def with_broken_ones(name: str, cell: str, rounds: int) -> Suite:
    start = {"floor": RELAYS["floor"], "deaf": deaf, "absent": absent}
    return replace(SUITES[name], start=start, relays=tuple(start), cells=(cell,), rounds=rounds)


@pytest.mark.parametrize("name", ["storm", "hol", "slowtab", "verify"])
def test_a_suite_measures_what_its_goals_are_about(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the floor, and shorter than in earnest."""
    monkeypatch.setattr(storm, "FRESH", 200)
    monkeypatch.setattr(hol, "SECONDS", 0.5)
    monkeypatch.setattr(slowtab, "LOAD", {"mbytes": 4, "seconds": 0.4, "stall": 0.5, "after": 0})
    generator.build()
    suite = replace(SUITES[name], relays=("floor",), rounds=1)

    (rows,) = runner.rounds(suite)

    assert [(row.relay, row.error) for row in rows] == [("floor", None)]
    assert {goal.value for goal in goals.read() if goal.cell == name} <= rows[0].values.keys()


def test_relays_that_live_through_all_rounds() -> None:
    """Every slice has its row, with what was measured or why not; progress says the latter at once."""
    generator.build()
    suite, said = with_broken_ones("pair", "burst1", 2), list[str]()
    progress = Progress({"pair": suite}, said.append)
    progress.suite("pair")
    rows = []
    for measured in runner.rounds(suite, first=3):
        rows += measured
        progress.round("pair", measured)

    assert [row.round for row in rows] == [3] * 3 + [4] * 3
    for row in rows:
        if row.relay == "floor":
            assert row.error is None
            assert row.values["us"] > 0
            assert row.values["units"] == 400 * 50
        elif row.relay == "deaf":
            assert row.error is not None
            assert "closed 1006" in row.error
        else:
            assert row.error == "absent is not installed"
    assert said[0] == "pair 10 s: 10 s altogether"
    assert "pair: round 2 of 2, 3 slices" in " ".join(said)
    assert said.count("  burst1, absent: absent is not installed") == 2


def test_a_fresh_relay_for_each_slice() -> None:
    """Each user costs a relay memory."""
    generator.build()
    by_relay = {row.relay: row for measured in runner.rounds(with_broken_ones("mem", "mem1k", 1)) for row in measured}

    assert by_relay["floor"].error is None
    assert 1 < by_relay["floor"].values["kib"] < 200
    assert "closed 1006" in str(by_relay["deaf"].error)
    assert by_relay["absent"].error == "absent is not installed"
