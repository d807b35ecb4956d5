"""`door.start`: a gateway that is not connected is started or dialled at once, because somebody asks for it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from road.kit import Road
from support.standin import put_on_path
from support.waiting import eventually
from vestibule.launchers.install import OpenClaw
from vestibule.launchers.local import LocalLauncher
from vestibule.launchers.port import LaunchState
from vestibule.model import Role
from vestibule.testing import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NEVER_S = 1e6


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[Road]:
    """A door that would try again in a day."""
    async with Road(tmp_path, reconnect_base_s=NEVER_S, reconnect_cap_s=NEVER_S) as road:
        yield road


async def test_a_gateway_that_is_down_is_dialled_at_once(patient: Road) -> None:
    """P8: not at the next backoff; asked by many at once it is one dial. A connected gateway is left alone."""
    gateway = await patient.owner("team", ("ada", Role.ADMIN), ("vera", Role.VIEWER), faults=[Fault.REFUSE_TCP])
    ada, vera = await patient.tab("ada", ready=False), await patient.tab("vera", ready=False)
    await ada.until(lambda: any("retryInMs" in status for status in ada.of("status")))
    assert ada.of("status")[-1]["retryInMs"] > 10_000
    gateway.clear_faults()

    for tab in (vera, ada, vera):
        assert (await tab.call("door.start"))["state"] != "ready"

    await ada.until(lambda: ada.gateway == "ready")
    assert (await ada.call("door.start"))["state"] == "ready"
    assert len(gateway.connects) == 1


async def test_a_gateway_that_refused_is_not_bothered_at_once(patient: Road) -> None:
    """P8: it would shut the door out; the answer says how it is."""
    gateway = await patient.owner("ada", faults=[Fault.REFUSE_AUTH])
    tab = await patient.tab("ada", ready=False)
    await tab.until(lambda: tab.gateway == "down")

    for _ in range(5):
        assert (await tab.call("door.start"))["reason"] == "The gateway does not accept the token it was given."

    assert len(gateway.connects) == 1


async def test_a_gateway_that_ended_is_launched_at_once(tmp_path: Path) -> None:
    """The launcher would wait; it starts the process now, and the door is there when it is ready."""
    put_on_path(tmp_path / "bin")
    launcher = LocalLauncher(
        tmp_path / "home", OpenClaw("test", (str(tmp_path / "bin" / "openclaw"),)), first_pause_s=NEVER_S
    )
    async with Road(tmp_path / "home", launcher=launcher) as road:
        await road.members("ada", ("ada", Role.ADMIN))
        await road.replica.launch("ada")
        tab = await road.tab("ada")
        ended = launcher.pid("ada")
        assert ended is not None
        os.killpg(ended, signal.SIGKILL)
        await eventually(lambda: launcher.status("ada").state is LaunchState.EXITED)
        await tab.until(lambda: tab.gateway == "starting")

        await tab.call("door.start")

        await tab.until(lambda: tab.gateway == "ready")
        assert launcher.pid("ada") not in (None, ended)
