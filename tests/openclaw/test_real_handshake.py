"""Being let in by the real gateways: wire 4, wire 3, wrong credentials."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from support.openclaw import OLD_VERSION
from support.realroad import OWNER, real_road
from vestibule.gateway.check import check
from vestibule.launchers.install import SHIPPED_VERSION
from vestibule.model import GatewayState, Route, Secret

if TYPE_CHECKING:
    from pathlib import Path

    from support.openclaw import RealGateway
    from support.realroad import RealRoad

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_wire_4(road: RealRoad) -> None:
    """P15: granted what was asked for, with the gateway's own list of methods."""
    tab = await road.tab("ada")

    offered = await tab.call("door.gateway")

    assert (offered["state"], offered["protocol"], offered["version"]) == ("ready", 4, SHIPPED_VERSION)
    assert offered["scopes"] == ["operator.admin"]
    assert len(offered["methods"]) >= 400
    assert offered["policy"]["maxPayload"] == 26_214_400
    hello = road.replica.pool.hello(OWNER)
    assert hello is not None
    assert hello.scopes == {"operator.admin"}
    assert (await tab.ask("health", traceparent=TRACE))["ok"]


async def test_wire_3(tmp_path: Path, old_openclaw: RealGateway) -> None:
    """Its scopes are kept, as the device is signed; a traceparent, which it would refuse, stays here."""
    async with real_road(tmp_path, old_openclaw) as road:
        tab = await road.tab("ada")

        offered = await tab.call("door.gateway")
        assert (offered["state"], offered["protocol"], offered["version"]) == ("ready", 3, OLD_VERSION)
        assert 90 <= len(offered["methods"]) <= 200
        asked = await tab.ask("health", traceparent=TRACE)
        key = (await tab.call("sessions.list", {"limit": 1}))["sessions"]
        written = await tab.ask("set-heartbeats", {"enabled": False})

        assert asked["ok"]
        assert isinstance(key, list)
        assert written["ok"], "a method that needs operator.admin"
    async with old_openclaw.connected() as socket:
        await socket.send(json.dumps({"type": "req", "id": "t", "method": "health", "traceparent": TRACE}))
        async with asyncio.timeout(30):
            while (answer := json.loads(await socket.recv()))["type"] != "res":
                pass
        assert "traceparent" in answer["error"]["message"]


@pytest.mark.parametrize("version", ["openclaw", "old_openclaw"])
async def test_a_wrong_token(version: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """P8, S6: nobody hammers the gateway; callers are told it refuses, whoever runs the door is told what to do."""
    gateway: RealGateway = request.getfixturevalue(version)
    async with real_road(tmp_path, gateway) as road:
        wrong = await road.replica.directory.put_route(Route(OWNER, gateway.url, token=Secret("not-this-one")))
        tab = await road.tab("ada", ready=False)
        await tab.until(lambda: tab.gateway == "down")

        answer = await tab.ask("health")
        found = await road.replica.check(wrong)

        assert answer["error"]["code"] == "GATEWAY_REFUSED"
        assert answer["error"]["mayHaveRun"] is False
        assert str(gateway.port) not in json.dumps(tab.frames)
        assert (found.ok, found.state) == (False, GatewayState.DOWN)
        assert "token" in (found.remedy or "")

        await road.route_to(gateway.url)  # corrected: at once, without a restart
        await tab.until(lambda: tab.gateway == "ready")
        assert (await tab.ask("health"))["ok"]


async def test_a_check(road: RealRoad) -> None:
    """`gateway check`: what answers there, and how fast."""
    route = await road.replica.directory.route(OWNER)
    assert route is not None

    found = await check(route, road.replica.settings)

    assert (found.ok, found.state, found.version, found.protocol) == (True, GatewayState.READY, SHIPPED_VERSION, 4)
