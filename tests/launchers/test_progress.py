"""launchers/progress.py: lines where there is no terminal, bars where there is one."""

from __future__ import annotations

import io
import os
import pty

from vestibule.launchers.install import Progress
from vestibule.launchers.progress import InstallDisplay

STEPS = [
    Progress("Asking npm", 0.0),
    Progress("Installing OpenClaw 2026.9.6", 1.0, 0, 331),
    Progress("Installing OpenClaw 2026.9.6", 2.0, 7, 331),
    Progress("Installing OpenClaw 2026.9.6", 12.0, 90, 331),
    Progress("Putting it in place", 20.0),
]


def test_a_line_per_phase_and_one_every_ten_seconds():
    stream = io.StringIO()
    with InstallDisplay(stream) as display:
        for step in STEPS:
            display(step)

    assert stream.getvalue().splitlines() == [
        "Asking npm … (0 s)",
        "Installing OpenClaw 2026.9.6 … (1 s)",
        "Installing OpenClaw 2026.9.6 90 of 331 packages (12 s)",
        "Putting it in place … (20 s)",
    ]


def test_nothing_to_tell_prints_nothing():
    stream = io.StringIO()
    with InstallDisplay(stream):
        pass

    assert stream.getvalue() == ""


def test_a_terminal_gets_bars(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    theirs, ours = pty.openpty()
    with open(ours, "w") as stream:
        with InstallDisplay(stream) as display:
            for step in STEPS:
                display(step)
        shown = os.read(theirs, 65536).decode()
    os.close(theirs)

    assert "331" in shown
    assert "\x1b[" in shown
