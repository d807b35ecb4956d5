"""Results are kept in files, and several files count together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench.ratios import Band
from bench.results import Run

from bench import goals, machine, report
from support.benchrows import failed, row

if TYPE_CHECKING:
    from pathlib import Path


def test_rounds_of_several_files_count_together(tmp_path: Path) -> None:
    """Each ratio stays within its own file's round."""
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    Run([row("s", 0, 30.0), row("ours", 0, 10.0)], ["monday"]).write(paths[0])
    Run([row("s", 0, 80.0), row("ours", 0, 20.0), failed("node", 0)], ["tuesday"]).write(paths[1])

    both = Run.of_files(paths)

    assert both.about == ["monday", "tuesday"]
    assert (both.rounds, both.used("rpc200", "ours")) == (2, 2)
    assert both.ratio("rpc200", "s", "ours") == Band(3.5, 3.2, 3.8)
    assert both.errors("rpc200") == {"node": ["node is not there"]}


def test_how_busy_the_machine_may_have_been_is_the_readers_choice() -> None:
    rows = [row("ours", 0, 10.0, foreign=0.5)]
    assert Run(rows).used("rpc200", "ours") == 0
    assert Run(rows, most_foreign=0.6).used("rpc200", "ours") == 1


def test_a_run_says_what_it_was_made_on() -> None:
    """Numbers without it cannot be compared."""
    about = machine.described()
    for what in ("commit", "Python", "Node", "ws", "nginx", "picows", "uvloop", "load average"):
        assert re.search(rf"{what} [\w.]+", about), what


def test_the_report_has_a_table_for_each_kind_of_cell() -> None:
    """Absolute values, ratios, what ours costs with one thing off, goals and errors; nothing of what was not run."""
    rows = [
        row("ours", 0, 12.0),
        row("ours-no-resume", 0, 10.0),
        row("nginx", 0, 100.0, cell="lat200"),
        row("ours", 0, 130.0, cell="lat200"),
        row("ours", 0, 1.0, cell="slowtab", grown_mib=2.5, close_code=4008.0),
        failed("s", 0, cell="slowtab"),
    ]
    text = report.report(Run(rows, ["here and now"]), goals.read(), "## Why\n\nIt is so.\n")

    assert "- here and now" in text
    assert "| lat200 | 1 | 100 | 130 | - |" in text
    assert "| ours | 1 | 1 | 1 | - | - | 2.5 | 4008 | 0 |" in text
    assert "| rpc200 | **1.20** [1.20..1.20] |" in text
    assert "| slowtab | s | 1 | s is not there |" in text
    assert "| lat200 | p50_us: ours/nginx <= 1.35 | 1.2 | **1.30** [1.30..1.30] | met |" in text
    assert "memory per user" not in text
    assert text.endswith("\n\n## Why\n\nIt is so.\n")
