"""The suites: which cells belong together, on which relays, how often, and how one slice of them is measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench import cells, hol, memory, slowtab, storm, syscalls, verify
from bench.relays import RELAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bench.generator import Generator
    from bench.relays import Relay, Start
    from bench.results import Values

MULTIPLEXING = ("s", "node", "floor", "ours")
ALL = ("nginx", *MULTIPLEXING)


@dataclass(frozen=True)
class Suite:
    """Slices of one kind."""

    about: str
    cells: tuple[str, ...]
    measure: Callable[[Generator, Relay, str], Values]
    rounds: int
    users: int
    slice_s: float
    """About how long a slice takes: for saying how much is left."""
    relays: tuple[str, ...] = ALL
    together: bool = False
    """All relays live through all rounds; else each slice is a fresh relay's, for what cannot be done to one twice."""
    start: Mapping[str, Start] = field(default_factory=lambda: RELAYS)


def _steady(about: str, names: tuple[str, ...], relays: tuple[str, ...] = ALL, slice_s: float = 1.7) -> Suite:
    return Suite(about, names, cells.measure, 6, cells.MOST_USERS, slice_s, relays, together=True)


SUITES: dict[str, Suite] = {
    "pair": _steady("CPU per call and per frame, relays side by side", tuple(cells.ROAD)),
    "lat": _steady("latency with one call in flight", tuple(cells.LATENCY)),
    "variants": _steady(
        "ours with one thing off",
        ("rpc200", "rpc4k", "fan4", "tokens", "burst4"),
        ("ours", "ours-no-resume", "ours-no-logs", "ours-no-metrics", "ours-asgi"),
    ),
    "chat": _steady("agent_chat through the hub", tuple(cells.CHAT), ("ours", "ours-no-resume", "ours-asgi"), 3),
    "storm": Suite("users who come all at once", storm.CELLS, storm.measure, 6, storm.USERS, 7),
    "mem": Suite("memory per user", memory.CELLS, memory.measure, 2, memory.USERS, 35),
    "hol": Suite("gateways that hang", hol.CELLS, hol.measure, 4, hol.USERS, 15, MULTIPLEXING),
    "slowtab": Suite("a tab that reads nothing", slowtab.CELLS, slowtab.measure, 3, slowtab.USERS, 36),
    "verify": Suite("bytes and ids", verify.CELLS, verify.measure, 1, verify.USERS, 8),
    "sys": Suite("system calls", syscalls.CELLS, syscalls.measure, 1, syscalls.USERS, 9, start=syscalls.STARTED),
}
