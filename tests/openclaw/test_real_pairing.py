"""Devices: paired over loopback, good without the shared token, and what happens when they are removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from support.realroad import OWNER, real_road
from vestibule.app import Routes
from vestibule.gateway.pairing import pair_owner
from vestibule.model import Secret
from vestibule.protocol.device import DeviceIdentity

if TYPE_CHECKING:
    from pathlib import Path

    from support.openclaw import RealGateway
    from support.realroad import RealRoad
    from vestibule.model import Route


async def paired(road: RealRoad) -> Route:
    """The owner's route, after its device was paired."""
    outcome = await pair_owner(Routes(road.replica.directory, None, lambda owner: None), OWNER, road.replica.settings)
    assert outcome.paired, outcome
    route = await road.replica.directory.route(OWNER)
    assert route is not None
    return route


@pytest.mark.parametrize("version", ["openclaw", "old_openclaw"])
async def test_a_paired_device_needs_no_shared_token(
    version: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Pairing over loopback gives a device token; with it alone the door is let in, with every scope."""
    gateway: RealGateway = request.getfixturevalue(version)
    async with real_road(tmp_path, gateway) as road:
        route = await paired(road)
        assert route.device_token
        await road.replica.directory.put_route(replace(route, token=Secret()))

        tab = await road.tab("ada")
        devices = await tab.call("device.pair.list")

        ours = DeviceIdentity.from_seed(route.device_seed)
        assert ours is not None
        assert ours.id in {device["deviceId"] for device in devices["paired"]}
        assert (await tab.ask("set-heartbeats", {"enabled": False}))["ok"], "a method that needs operator.admin"
        await road.replica.directory.put_route(route)  # S1 looks for both
        await tab.call("device.pair.remove", {"deviceId": ours.id})


async def test_a_removed_device_falls_back_to_the_shared_token(road: RealRoad, openclaw: RealGateway) -> None:
    """P8: its token is refused, and the route's shared token opens the door all the same."""
    route = await paired(road)
    ours = DeviceIdentity.from_seed(route.device_seed)
    assert ours is not None
    await openclaw.call("device.pair.remove", {"deviceId": ours.id})

    tab = await road.tab("ada")

    assert (await tab.ask("health"))["ok"]


async def test_a_removed_device_without_a_shared_token(road: RealRoad, openclaw: RealGateway) -> None:
    """P8, S6: refused for good; whoever calls is told so at once, and nothing of the reason leaks."""
    route = await paired(road)
    ours = DeviceIdentity.from_seed(route.device_seed)
    assert ours is not None
    await openclaw.call("device.pair.remove", {"deviceId": ours.id})
    await road.replica.directory.put_route(replace(route, token=Secret()))

    tab = await road.tab("ada", ready=False)
    await tab.until(lambda: tab.gateway == "down")
    answer = await tab.ask("health")

    assert (answer["error"]["code"], answer["error"]["mayHaveRun"]) == ("GATEWAY_REFUSED", False)
    await road.route_to(openclaw.url)
    await tab.until(lambda: tab.gateway == "ready")
