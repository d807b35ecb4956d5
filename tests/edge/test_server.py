from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

import pytest

from support.edges import EchoGate, http_app, running
from vestibule.edge.server import bind, build_server
from vestibule.errors import BadConfiguration
from vestibule.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_port_that_is_taken() -> None:
    """The operator learns what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadConfiguration, match=f"Cannot listen on 127.0.0.1:{port}") as refused:
            bind("127.0.0.1", port)
    assert refused.value.remedy == f"Stop what listens on port {port}, or choose another one with --port."


def test_an_address_of_another_machine() -> None:
    with pytest.raises(BadConfiguration) as refused:
        bind("192.0.2.1", 0)
    assert refused.value.remedy == "Choose an address of this machine with --host."


async def test_it_binds_what_the_settings_say(tmp_path: Path) -> None:
    """Port 0: the port is known before anything is served."""
    server = build_server(http_app, EchoGate(), Settings(home=tmp_path, host="127.0.0.1", port=0))
    with socket.create_connection((server.host, server.port)):
        pass
    server.release()


async def test_signals_stay_the_apps(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    async with running("native", tmp_path):
        assert signal.getsignal(signal.SIGTERM) is before
