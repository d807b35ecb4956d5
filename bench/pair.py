"""Relays side by side: all alive, short slices in random order, round after round."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING, Any, TypeVar

from bench.cells import CELLS
from bench.cpu import machine_busy_ns, used_ns

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.generator import Generator
    from bench.relays import Relay

MOST_FOREIGN = 0.4
"""A slice during which others used more of the machine than this is not counted."""

Row = dict[str, Any]
T = TypeVar("T")


def measure(generator: Generator, relay: Relay, cell_name: str) -> Row:
    """One slice: `{relay, cell, us, p50_us, p99_us, units, foreign}`; `us` is the relay's CPU time per unit."""
    cell = CELLS[cell_name]
    generator.say("connect", **relay.target(), users=cell.users, tabs=cell.tabs, **cell.connect)
    began_ns = time.monotonic_ns()
    machine, before, load = machine_busy_ns(), used_ns(relay.pid), used_ns(generator.pid)
    answer = generator.say(cell.command, **cell.options)
    spent = used_ns(relay.pid) - before
    own = spent + used_ns(generator.pid) - load
    foreign = machine_busy_ns() - machine - own
    whole = (time.monotonic_ns() - began_ns) * (os.cpu_count() or 1)
    generator.say("disconnect")
    return {
        "relay": relay.name,
        "cell": cell_name,
        "us": spent / 1_000 / answer["units"],
        "p50_us": answer.get("p50_us"),
        "p99_us": answer.get("p99_us"),
        "units": answer["units"],
        "foreign": max(0.0, foreign / whole),
    }


def _shuffled(things: list[T]) -> list[T]:
    """Nobody always comes first."""
    return random.sample(things, len(things))


def rounds(
    generator: Generator, relays: list[Relay], cells: list[str], count: int, say: Callable[[str], None]
) -> list[Row]:
    """All slices of all rounds; each row says its `round`, and `counts` is false where others were too busy."""
    rows: list[Row] = []
    for number in range(count):
        slices = [(relay, cell) for cell in _shuffled(cells) for relay in _shuffled(relays)]  # those of a cell in a row
        for relay, cell in slices:
            row = measure(generator, relay, cell)
            row |= {"round": number, "counts": row["foreign"] <= MOST_FOREIGN}
            rows.append(row)
        thrown = sum(not row["counts"] for row in rows if row["round"] == number)
        say(f"round {number + 1} of {count}: {len(slices)} slices" + (f", {thrown} not counted" if thrown else ""))
    return rows
