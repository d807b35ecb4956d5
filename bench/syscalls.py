"""sys: how many system calls a unit takes. What noise cannot touch is counted, by strace."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from bench.cells import PLAIN
from bench.generator import Failed
from bench.relays import RELAYS, NotStarted, variant

if TYPE_CHECKING:
    from bench.generator import Generator
    from bench.relays import Relay
    from bench.results import Values


class Counted(NamedTuple):
    """A load of so many units, whatever time that takes under strace."""

    users: int
    tabs: int
    command: str
    options: dict[str, object]


COUNTED = {
    "sys-rpc1": Counted(1, 1, "rpc", {"inflight": 1, "count": 3_000, "method": PLAIN, "timeout": 60}),
    "sys-rpc64": Counted(32, 2, "rpc", {"inflight": 64, "count": 6_000, "method": PLAIN, "timeout": 60}),
    "sys-burst4": Counted(4, 4, "burst", {"size": 50, "count": 100, "timeout": 60}),
}
CELLS = tuple(COUNTED)
USERS = max(counted.users for counted in COUNTED.values())
STARTED = {**RELAYS, "ours": variant("ours", VESTIBULE_AUTH_CHECK_INTERVAL_S="3600")}
"""The check of live connections makes many calls at once, every two seconds: here or there by chance."""
ATTACH_S = 10.0


def measure(load: Generator, relay: Relay, cell: str) -> Values:
    """All calls of all threads while the load lasts, per unit."""
    users, tabs, command, options = COUNTED[cell]
    load.say("connect", **relay.target(), users=users, tabs=tabs)
    with Strace(relay.pid) as strace:
        answer = load.say(command, **options)
    return {"calls": strace.calls / answer["units"], "units": answer["units"]}


class Strace:
    """Counts the system calls of all threads of a process while the block lasts."""

    calls = 0

    def __init__(self, pid: int) -> None:
        program = shutil.which("strace")
        if program is None:
            raise NotStarted("strace is not installed: apt-get install strace")
        self._folder = tempfile.TemporaryDirectory(prefix="strace-")
        self._summary = Path(self._folder.name) / "summary"
        self._command = [program, "-f", "-c", "-o", str(self._summary), "-p", str(pid)]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        said = self._process.stderr.readline()
        if "attached" not in said:
            self._process.communicate(timeout=ATTACH_S)
            self._folder.cleanup()
            raise Failed(f"strace: {said.strip()}")
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=ATTACH_S)
        self.calls = _total(self._summary.read_text())
        self._folder.cleanup()


def _total(summary: str) -> int:
    """The calls in the last line of `strace -c`: `100.00  0.249366  20  12136  [errors]  total`."""
    lines = summary.strip().splitlines()
    return int(lines[-1].split()[3]) if lines else 0
