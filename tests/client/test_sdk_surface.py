"""What a user imports, and what that costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import vestibule
from typed.first_steps import main
from vestibule.client.link import socket_url
from vestibule.testing.door import FakeDoor


def modules_after(code: str) -> set[str]:
    """What a fresh interpreter has loaded after this."""
    program = f"{code}\nimport sys; print(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_importing_the_package_imports_nothing_else() -> None:
    """`import vestibule` stays light; the SDK is loaded when it is used."""
    loaded = modules_after("import vestibule")
    assert {name for name in loaded if name.startswith("vestibule.")} <= {"vestibule.version"}
    assert "websockets" not in loaded


def test_the_sdk_needs_no_server_parts() -> None:
    """Neither picows nor SQLAlchemy nor FastAPI is loaded by a client."""
    loaded = modules_after("import vestibule; vestibule.connect")
    assert "websockets" in loaded
    assert loaded.isdisjoint({"picows", "sqlalchemy", "fastapi", "pydantic"})


def test_names_that_do_not_exist_say_so() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        vestibule.nonsense  # noqa: B018


async def test_the_users_example_runs() -> None:
    """The program that mypy checks as a user's runs as one."""
    async with FakeDoor() as fake:
        assert await main(fake.url, fake.token) == "You said: hi"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("ws://h:1/ws", "ws://h:1/ws"),
        ("ws://h:1/api/v1/ws?x=1", "ws://h:1/api/v1/ws?x=1"),
        ("http://h:8800", "ws://h:8800/ws"),
        ("https://door.example.com/", "wss://door.example.com/ws"),
    ],
)
def test_addresses_are_what_people_have_at_hand(given: str, address: str) -> None:
    assert socket_url(given) == address


@pytest.mark.parametrize("wrong", ["ftp://h", "ws://", "", "http:///x", "h:8800", "nonsense"])
def test_what_is_no_address_says_so(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a door's address"):
        socket_url(wrong)
