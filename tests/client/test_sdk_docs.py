"""The examples of README.md and docs/python.md run as they stand there."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vestibule.testing.door import FakeDoor

ROOT = Path(__file__).parents[2]
ADDRESS = "ws://127.0.0.1:8800/ws"


def examples(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
async def test_a_program(fake: FakeDoor, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    """Prints the call's answer and the agent's words, and nothing else."""
    source = examples(page)[0]
    assert ADDRESS in source
    program = compile(source.replace(ADDRESS, fake.url), page, "exec")
    monkeypatch.setenv("VESTIBULE_TOKEN", fake.token)
    for method in ("health", "sessions.list"):
        fake.answer(method, {"ok": True})

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        await asyncio.to_thread(exec, program, {})

    assert printed.getvalue() == "{'ok': True}\nYou said: hi"


async def test_a_test_of_a_client() -> None:
    names: dict[str, Any] = {}
    exec(compile(examples("docs/python.md")[1], "docs/python.md", "exec"), names)
    async with asyncio.timeout(10):
        await names["test_a_missed_event"]()
