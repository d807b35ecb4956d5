"""The examples of docs/testing.md run as they stand there."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from kitclient import Client, opened

from vestibule.testing import Fault

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("source", EXAMPLES, ids=[re.findall(r"def (\w+)", each)[0] for each in EXAMPLES])
async def test_example(source: str):
    names: dict[str, Any] = {}
    exec(compile(source, "docs/testing.md", "exec"), names)
    (example,) = (value for name, value in names.items() if name.startswith("test_"))
    async with contextlib.AsyncExitStack() as stack:

        async def connect(url: str, token: str) -> Client:
            client = await stack.enter_async_context(opened(url))
            return await client.greet(token=token)

        async def post(url: str, body: dict[str, Any]) -> Any:
            async with httpx.AsyncClient() as http:
                return (await http.post(url, json=body)).json()

        tools = {"connect": connect, "post": post}
        wanted = example.__code__.co_varnames[: example.__code__.co_argcount]
        await example(**{name: tools[name] for name in wanted})


def test_every_fault_is_on_the_page():
    assert [fault for fault in Fault if f"`{fault}`" not in PAGE] == []
    assert f"{len(Fault)} named faults" in PAGE
