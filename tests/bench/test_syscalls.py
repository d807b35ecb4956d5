"""How many system calls a frame costs: the one thing about speed that noise cannot touch, and so a gate."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bench import generator, goals, syscalls
from support.apt import install

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.relays import Relay

pytestmark = pytest.mark.process

LEAST = {"sys-rpc1": 6.0, "sys-rpc64": 3.0, "sys-burst4": 0.02}
"""No relay can do with less: wait, receive and send, twice; what comes together is received and sent together."""


@pytest.fixture(scope="module")
def load() -> Iterator[generator.Generator]:
    """Clients and gateways; strace is there."""
    if shutil.which("strace") is None:
        install("strace")
    generator.build()
    with generator.Generator() as load:
        yield load


@pytest.fixture(scope="module")
def ours(load: generator.Generator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """`vestibule serve`, as the benchmark starts it."""
    start = syscalls.STARTED["ours"]
    with start(load.gateway_port, tmp_path_factory.mktemp("ours"), syscalls.USERS) as relay:
        yield relay


@pytest.mark.parametrize(
    "goal", [goal for goal in goals.read() if goal.cell in syscalls.CELLS], ids=lambda goal: goal.cell
)
def test_a_frame_takes_no_more_system_calls_than_its_goal(load: generator.Generator, ours: Relay, goal: goals.Goal):
    """One call in flight, 64 in flight, and each frame of a burst to four tabs."""
    try:
        calls = syscalls.measure(load, ours, goal.cell)["calls"]
    finally:
        load.say("disconnect")

    assert LEAST[goal.cell] <= calls <= goal.bound
