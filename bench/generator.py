"""The load generator: clients and simulated gateways in one C process, commanded line by line.

`native/generator.c` has the commands.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Self

NATIVE = Path(__file__).parent / "native"
PROGRAMS = Path(__file__).parents[1] / ".run" / "bench"
LOAD_CPU, RELAY_CPU = 1, 0

Answer = dict[str, Any]


def build() -> None:
    """Compile the generator and the floor."""
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    subprocess.run(["make", "-s", "-C", str(NATIVE), f"OUT={PROGRAMS}"], check=True)


class Failed(Exception):
    """A command that did not do what it should: the numbers would mean nothing."""


class Ended(Exception):
    """The load generator is gone, and its gateways with it: nothing more can be measured."""


class Generator:
    """One process, on the processor for load. A command returns when the load is over."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [PROGRAMS / "generator"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        pin(self._process.pid, LOAD_CPU)
        self.gateway_port: int = self._answer()["listening"]

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def ask(self, command: str, /, **options: object) -> Answer:
        """Do it and return its answer, which says how many `errors` there were."""
        words = [command, *(f"{name}={value}" for name, value in options.items())]
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def say(self, command: str, /, **options: object) -> Answer:
        """Do it and return its answer. Raises Failed when anything went wrong on the way."""
        answer = self.ask(command, **options)
        if answer["errors"]:
            raise Failed(f"{command}: {answer['errors']} errors, the first: {answer['first_error']}")
        return answer

    def _answer(self) -> Answer:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Ended(f"the load generator ended with {self._process.wait()}")
        answer: Answer = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        try:
            self._process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


def pin(pid: int, cpu: int) -> None:
    """Keep a process on one processor, where there is more than one."""
    if cpu < (os.cpu_count() or 1):
        os.sched_setaffinity(pid, {cpu})
