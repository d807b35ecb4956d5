"""Runs suites: short slices in random order, round after round. What goes wrong in one slice ends only that slice."""

from __future__ import annotations

import random
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bench.generator import Failed, Generator
from bench.relays import NotStarted
from bench.results import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.relays import Relay
    from bench.suites import Suite

T = TypeVar("T")


def rounds(suite: Suite, *, first: int = 0) -> Iterator[list[Row]]:
    """The rows of each round; rounds are numbered from `first`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        load = stack.enter_context(Generator())
        slices = _Together(suite, load, folder, stack) if suite.together else _Fresh(suite, load, folder)
        for number in range(first, first + suite.rounds):
            order = [(cell, relay) for cell in _shuffled(suite.cells) for relay in _shuffled(suite.relays)]
            yield [slices.row(cell, relay, number) for cell, relay in order]  # those of a cell in a row


class _Fresh:
    """Each slice on a relay of its own."""

    def __init__(self, suite: Suite, load: Generator, folder: Path) -> None:
        self._suite, self._load, self._folder = suite, load, folder

    def row(self, cell: str, name: str, number: int) -> Row:
        try:
            with self._suite.start[name](self._load.gateway_port, self._folder, self._suite.users) as relay:
                return _measured(self._suite, self._load, relay, cell, number)
        except NotStarted as error:
            return Row(cell, name, number, {}, str(error))


class _Together:
    """All relays run from the first slice to the last."""

    def __init__(self, suite: Suite, load: Generator, folder: Path, stack: ExitStack) -> None:
        self._suite, self._load = suite, load
        self._relays: dict[str, Relay] = {}
        self._missing: dict[str, str] = {}
        for name in suite.relays:
            try:
                relay = suite.start[name](load.gateway_port, folder, suite.users)
                self._relays[name] = stack.enter_context(relay)
            except NotStarted as error:
                self._missing[name] = str(error)

    def row(self, cell: str, name: str, number: int) -> Row:
        if name in self._missing:
            return Row(cell, name, number, {}, self._missing[name])
        return _measured(self._suite, self._load, self._relays[name], cell, number)


def _measured(suite: Suite, load: Generator, relay: Relay, cell: str, number: int) -> Row:
    try:
        return Row(cell, relay.name, number, suite.measure(load, relay, cell))
    except (Failed, NotStarted) as error:
        return Row(cell, relay.name, number, {}, str(error))
    finally:
        load.ask("disconnect")


def _shuffled(things: tuple[T, ...]) -> list[T]:
    """Nobody always comes first."""
    return random.sample(things, len(things))
