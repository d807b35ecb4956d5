"""The benchmark's C programs: they build without a warning, and the floor relays right.

Real sockets on loopback; nothing is timed.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.process

NATIVE = Path(__file__).parents[2] / "bench" / "native"
LONGEST_S = 60


class Program:
    """One of the programs, by its lines."""

    def __init__(self, *command: str | Path) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port: int = self._answer()["listening"]

    def ask(self, command: str) -> dict[str, Any]:
        """The answer to a command."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._answer()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate(timeout=10)

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with both programs, built without a warning."""
    folder = tmp_path_factory.mktemp("native")
    flags = "CFLAGS=-std=c11 -O2 -Wall -Wextra -Werror"
    subprocess.run(["make", "-s", "-C", NATIVE, f"OUT={folder}", flags], check=True)
    return folder


@pytest.fixture
def generator(programs: Path) -> Iterator[Program]:
    """Clients and gateways."""
    program = Program(programs / "generator", "--max-seconds", str(LONGEST_S))
    yield program
    program.stop()


@pytest.fixture
def floor(programs: Path, generator: Program) -> Iterator[str]:
    """The floor in front of the gateways; what a command says of it."""
    program = Program(programs / "floor", "--gateway", f"127.0.0.1:{generator.port}")
    yield f"relay=floor port={program.port}"
    program.stop()


@pytest.mark.parametrize("size", [200, 4_096, 262_144])
def test_every_rpc_gets_its_own_answer(generator: Program, floor: str, size: int):
    """Ids are rewritten and come back; two tabs of a user share one gateway connection."""
    assert generator.ask(f"connect users=4 tabs=2 {floor}") | {"ms": 0} == {"connected": 8, "ms": 0, "errors": 0}

    answer = generator.ask(f"rpc bytes={size} inflight=16 count=200")

    assert (answer["units"], answer["errors"]) == (200, 0)
    assert generator.ask("disconnect") == {"closed": 8, "errors": 0}


def test_a_burst_reaches_every_tab(generator: Program, floor: str):
    """Nothing is lost or out of order, for tabs that came at different times too."""
    generator.ask(f"connect users=3 tabs=4 apart=1 {floor}")

    answer = generator.ask("burst size=50 count=6")

    assert (answer["units"], answer["errors"]) == (6 * 50 * 4, 0)


def test_bytes_and_ids_survive(generator: Program, floor: str):
    """Sizes around all borders, fragments, slow readers, one id in several tabs."""
    answer = generator.ask(f"verify {floor}")

    assert answer["errors"] == 0, answer
    assert answer["units"] > 1_000


def test_hung_gateways_are_nobody_elses_problem(generator: Program, floor: str):
    """All users whose gateway greets are answered."""
    generator.ask("hang percent=10")

    answer = generator.ask(f"hol users=20 rate=200 seconds=0.5 {floor}")

    assert answer["errors"] == 0, answer
    assert answer["healthy"]["answered"] == answer["healthy"]["sent"] == 90
    assert (answer["hung"]["sent"], answer["hung"]["answered"]) == (10, 0)


def test_a_wrong_relay_is_an_error_and_no_hang(generator: Program):
    """What does not arrive is counted within the time given, and described."""
    answer = generator.ask("connect relay=none port=1 users=2 timeout=1")

    assert answer["connected"] == 0
    assert answer["errors"] == 2
    assert "closed 1006" in answer["first_error"]
