"""Device tokens, pairing, and the trial connection of `gateway check`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gateway.harness import Bench, Routes
from support.waiting import eventually
from vestibule.errors import Conflict
from vestibule.gateway.check import check
from vestibule.gateway.pairing import pair, pair_owner
from vestibule.model import GatewayState, Route, RouteMode, Secret
from vestibule.settings import Settings
from vestibule.testing import SimulatedGateway, TrustedProxy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, handshake_timeout_s=5.0)


async def test_over_loopback_the_gateway_pairs_the_device(simulated: SimulatedGateway, settings: Settings) -> None:
    """Introduced as `cli`/`cli` the device is paired, its token kept, and from then on it works from anywhere."""
    routes = Routes()
    routes.put("ada", simulated)
    paired = await pair_owner(routes, "ada", settings)
    assert paired.paired
    assert routes.saved["ada"] == paired.device_token
    simulated.admission.remote = True
    assert (await check(await routes.route("ada"), settings)).ok
    await simulated.wait_for(lambda: simulated.open_connections == 0)


async def test_from_elsewhere_somebody_has_to_approve_it(settings: Settings) -> None:
    """Refused with the command that helps, and nothing saved."""
    async with SimulatedGateway(remote=True) as gateway:
        routes = Routes()
        routes.put("ada", gateway)
        paired = await pair_owner(routes, "ada", settings)
        assert not paired.paired
        assert paired.remedy is not None
        assert "openclaw devices approve" in paired.remedy
        assert routes.saved == {}


async def test_what_cannot_be_paired(simulated: SimulatedGateway, settings: Settings) -> None:
    """A trusted-proxy route has no device; without the shared token nobody is let in."""
    route = Routes().put("ada", simulated)
    by_proxy = await pair(replace(route, mode=RouteMode.TRUSTED_PROXY), settings)
    no_token = await pair(replace(route, token=Secret()), settings)
    assert not by_proxy.paired
    assert by_proxy.error is None
    assert not no_token.paired
    assert no_token.error
    assert simulated.total_connections == 0


async def test_a_token_that_cannot_be_saved_is_said(simulated: SimulatedGateway, settings: Settings) -> None:
    """A read-only directory does not make the pairing undone."""

    class ReadOnly(Routes):
        async def save_device_token(self, owner: str, token: Secret) -> None:
            raise Conflict("read only", remedy="write it into the file")

    routes = ReadOnly()
    routes.put("ada", simulated)
    paired = await pair_owner(routes, "ada", settings)
    assert paired.paired
    assert paired.remedy == "write it into the file"


async def test_a_device_token_is_kept_when_the_gateway_gives_one(pool: Bench, simulated: SimulatedGateway) -> None:
    """A paired device gets its token with every hello: it is saved once, and no change of the route."""
    route = pool.routes.put("ada", simulated)
    await pair(route, pool.settings)
    await pool.ready("ada")
    await eventually(lambda: "ada" in pool.routes.saved)
    pool.pool.route_changed("ada")
    await pool.state("ada", GatewayState.READY)
    assert simulated.total_connections == 2, "the pairing's and one more"


async def test_a_device_token_that_has_had_its_day(pool: Bench, simulated: SimulatedGateway) -> None:
    """Refused with the old device token, the shared one is used at once, and the old one is forgotten."""
    pool.routes.put("ada", simulated, device_token=Secret("had its day"))
    await pool.ready("ada")
    await eventually(lambda: pool.routes.saved.get("ada") == Secret())
    assert len(simulated.connects) == 2
    await simulated.wait_for(lambda: simulated.open_connections == 1)


async def test_without_a_shared_token_a_rejected_device_is_for_somebody_to_mend(
    pool: Bench, simulated: SimulatedGateway
) -> None:
    """Nothing else to try: it is shown."""
    pool.routes.put("ada", simulated, token=Secret(), device_token=Secret("had its day"))
    pool.pool.attach("ada", "tab")
    await pool.state("ada", GatewayState.DOWN)
    assert len(simulated.connects) == 1


async def test_a_trusted_proxy_route(pool: Bench) -> None:
    """The identity goes into the header the gateway trusts; no token and no device go up."""
    proxy = TrustedProxy(user_header="x-relay-user", identity_scopes={"door@tenant": ("operator.admin",)})
    async with SimulatedGateway(trusted_proxy=proxy) as gateway:
        fields = {"mode": RouteMode.TRUSTED_PROXY, "identity_header": "x-relay-user", "token": Secret()}
        pool.routes.put("ada", gateway, identity="door@tenant", **fields)
        assert (await pool.tab().call("ada", "health")).frame["ok"]
        assert "auth" not in gateway.connects[0]
        assert "device" not in gateway.connects[0]
        pool.routes.put("bob", gateway, identity="nobody@tenant", **fields)
        pool.pool.attach("bob", "tab")
        assert (await pool.state("bob", GatewayState.DOWN)).reason == "The gateway gives the door too few rights."


async def test_forwarded_headers_go_to_nobody_else(pool: Bench, simulated: SimulatedGateway) -> None:
    """A gateway that trusts no proxy answers them with 403: they are not sent, and neither is an Origin."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    assert not simulated.upgrades[0].forwarded
    assert "origin" not in simulated.upgrades[0].headers


@pytest.mark.parametrize("protocol", [3, 4])
async def test_check_finds_a_good_gateway(settings: Settings, protocol: int) -> None:
    """Version, protocol and time, on both wires; nothing stays open."""
    async with SimulatedGateway(protocol=protocol) as gateway:
        found = await check(Routes().put("ada", gateway), settings)
        assert (found.ok, found.state, found.protocol, found.version) == (True, "ready", protocol, gateway.version)
        assert found.took_ms >= 0
        await gateway.wait_for(lambda: gateway.open_connections == 0)


@pytest.mark.parametrize(
    ("fault", "state", "error", "remedy"),
    [
        ("refuse_auth", "down", "token", "gateway.auth.token"),
        ("not_paired", "down", "approved", "openclaw devices approve"),
        ("scopes_missing", "down", "too few rights", "pair"),
        ("protocol_mismatch", "down", "protocol", "OpenClaw release"),
        ("starting", "starting", "starting", None),
        ("http_503", "starting", "starting", None),
        ("refuse_tcp", "down", "cannot be reached", "Nothing listens"),
        ("rate_limited", "down", "locked", "Wait"),
    ],
)
async def test_check_says_what_is_wrong_and_what_helps(
    simulated: SimulatedGateway, settings: Settings, fault: str, state: str, error: str, remedy: str | None
) -> None:
    """S6: the error names no address; the remedy says what to do; nothing stays open (P7)."""
    route = Routes().put("ada", simulated)
    simulated.add_fault(fault)
    found = await check(route, settings)
    assert (found.ok, found.state) == (False, state)
    assert found.error is not None
    assert error in found.error
    assert "127.0.0.1" not in found.error
    assert remedy is None or (found.remedy is not None and remedy in found.remedy)
    await simulated.wait_for(lambda: simulated.open_connections == 0)


@pytest.mark.parametrize("fault", ["hang_in_upgrade", "hang_in_handshake"])
async def test_check_has_an_end(simulated: SimulatedGateway, tmp_path: Path, fault: str) -> None:
    """P12: accepting TCP is not readiness."""
    simulated.add_fault(fault)
    found = await check(Routes().put("ada", simulated), Settings(home=tmp_path, handshake_timeout_s=0.2))
    assert found.error in ("The gateway does not answer.", "The gateway cannot be reached. Try again in a moment.")
    assert found.remedy
    await simulated.wait_for(lambda: simulated.open_connections == 0)


async def test_check_of_what_is_no_gateway(settings: Settings) -> None:
    """A wrong address and a device key that cannot be read are the operator's to correct."""
    wrong = await check(Route("ada", "http://127.0.0.1:1", token=Secret("t"), device_seed=Secret("x")), settings)
    assert not wrong.ok
    assert wrong.remedy


async def test_a_gateway_that_hangs_up_in_the_greeting(settings: Settings) -> None:
    """P7: closed before the hello is a failed dial, with nothing left open."""
    async with SimulatedGateway(connect_timeout_s=0.0) as gateway:
        gateway.add_fault("slow_drip", bytes_per_s=100)
        found = await check(Routes().put("ada", gateway), settings)
        assert not found.ok
        await gateway.wait_for(lambda: gateway.open_connections == 0)
