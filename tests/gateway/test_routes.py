"""A route that changes while its connection is in use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gateway.harness import Bench, bench, no_sockets
from support.waiting import eventually
from vestibule.errors import NoGateway, StorageFault
from vestibule.model import GatewayState, Route, Secret
from vestibule.protocol.device import DeviceIdentity
from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    from pathlib import Path


async def test_another_address_takes_over_without_losing_calls(pool: Bench, simulated: SimulatedGateway) -> None:
    """P11: calls in flight are answered by the old gateway, new ones go to the new one, then the old socket closes."""
    async with SimulatedGateway() as moved:
        pool.routes.put("ada", simulated)
        await pool.ready("ada")
        simulated.add_fault("late_answer", method="status", delay_s=1.0)
        tab = pool.tab()
        in_flight = tab.ask("ada", "status")
        await simulated.wait_request("status")

        pool.routes.put("ada", moved)
        pool.pool.route_changed("ada")
        await moved.wait_connected()
        await pool.state("ada", GatewayState.READY)
        assert (await tab.call("ada", "health")).frame["ok"]
        assert len(moved.requests_of("health")) == 1
        assert simulated.open_connections == 1, "the old one still owes an answer"
        assert (await tab.final(in_flight)).frame["ok"]
        await simulated.wait_for(lambda: simulated.open_connections == 0)
        assert [status.state for status in pool.statuses["ada"]][-2:] == [GatewayState.CONNECTING, GatewayState.READY]


async def test_no_event_comes_twice_while_two_links_are_open(pool: Bench, simulated: SimulatedGateway) -> None:
    """P9, P11: while the old socket still owes an answer only the new one is listened to."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    simulated.add_fault("never_answer", method="status")
    tab = pool.tab()
    owed = tab.ask("ada", "status", timeout_s=1.0)
    await simulated.wait_request("status")
    pool.routes.put("ada", simulated, url=f"{simulated.url}/?again=1")
    pool.pool.route_changed("ada")
    await simulated.wait_connected(2)
    await pool.state("ada", GatewayState.READY)
    await tab.call("ada", "health")
    await simulated.emit("presence", {"n": 1})
    await eventually(lambda: ("presence", {"n": 1}) in pool.events["ada"])
    assert (await tab.final(owed)).error["code"] == "GATEWAY_TIMEOUT"
    await simulated.wait_for(lambda: simulated.open_connections == 1)
    assert pool.events["ada"].count(("presence", {"n": 1})) == 1


async def test_subscriptions_move_along(pool: Bench, simulated: SimulatedGateway) -> None:
    """P11: the new gateway is subscribed to what the clients listen to."""
    async with SimulatedGateway() as moved:
        pool.routes.put("ada", simulated)
        await pool.tab("a").call("ada", "sessions.subscribe")
        pool.routes.put("ada", moved)
        pool.pool.route_changed("ada")
        await moved.wait_request("sessions.subscribe")
        assert moved.connections[0].sessions_subscribed


async def test_a_route_that_leads_nowhere_ends_the_old_connection(pool: Bench, simulated: SimulatedGateway) -> None:
    """P11: the old gateway is not the owner's any more: it answers what it was asked, and gets nothing new."""
    async with SimulatedGateway(faults=["refuse_auth"]) as wrong:
        pool.routes.put("ada", simulated)
        await pool.ready("ada")
        simulated.add_fault("late_answer", method="status", delay_s=0.5)
        tab = pool.tab()
        in_flight = tab.ask("ada", "status")
        await simulated.wait_request("status")
        pool.routes.put("ada", wrong)
        pool.pool.route_changed("ada")
        await pool.state("ada", GatewayState.DOWN)
        assert (await tab.call("ada", "health")).error["code"] == "GATEWAY_REFUSED"
        assert (await tab.final(in_flight)).frame["ok"]
        await simulated.wait_for(lambda: simulated.open_connections == 0)
        assert simulated.requests_of("health") == []


async def test_a_removed_owner_is_cut_off(pool: Bench, simulated: SimulatedGateway) -> None:
    """P11: no route, no connection: what is pending is answered at once, and nothing new is asked."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    simulated.add_fault("never_answer")
    tab = pool.tab()
    pending = tab.ask("ada", "health", timeout_s=60.0)
    await simulated.wait_request("health")
    pool.routes.by_owner["ada"] = NoGateway()
    pool.pool.route_changed("ada")
    await pool.state("ada", GatewayState.UNPROVISIONED)
    assert (await tab.final(pending)).error["code"] == "CONNECTION_CLOSED"
    assert (await tab.call("ada", "health")).error["code"] == "NO_GATEWAY"
    await simulated.wait_for(lambda: simulated.open_connections == 0)
    assert pool.pool.hello("ada") is None


async def test_what_is_no_change_changes_nothing(pool: Bench, simulated: SimulatedGateway) -> None:
    """P11: a new revision, or the device token the gateway itself gave, does not cost the socket."""
    route = pool.routes.put("ada", simulated)
    await pool.ready("ada")
    pool.routes.by_owner["ada"] = replace(route, revision=9, device_token=Secret("given"))
    pool.pool.route_changed("ada")
    await pool.state("ada", GatewayState.CONNECTING)
    await pool.state("ada", GatewayState.READY)
    assert simulated.total_connections == 1
    assert "given" in pool.pool.secrets("ada")


@pytest.mark.parametrize("change", ["token", "device_seed", "tls_pin"])
async def test_credentials_are_part_of_the_way(pool: Bench, simulated: SimulatedGateway, change: str) -> None:
    """P11: not only another address: other credentials too are tried out by a new connection."""
    route = pool.routes.put("ada", simulated)
    await pool.ready("ada")
    values = {"token": simulated.token + " ", "device_seed": DeviceIdentity.generate().seed.reveal(), "tls_pin": "00"}
    value = values[change] if change == "tls_pin" else Secret(values[change])
    pool.routes.by_owner["ada"] = replace(route, **{change: value})  # type: ignore[arg-type]
    pool.pool.route_changed("ada")
    await simulated.wait_for(lambda: simulated.total_connections == 2)


async def test_a_change_while_dialling_dials_the_new_one(pool: Bench, simulated: SimulatedGateway) -> None:
    """P11: a hanging gateway is left at once when the route says another; calls that waited go there."""
    async with SimulatedGateway(faults=["hang_in_handshake"]) as hanging:
        pool.routes.put("ada", hanging)
        tab = pool.tab()
        asked = tab.ask("ada", "health")
        await eventually(lambda: hanging.connects)
        pool.routes.put("ada", simulated)
        pool.pool.route_changed("ada")
        assert (await tab.final(asked)).frame["ok"]
        await no_sockets(hanging)
        assert hanging.requests == []


async def test_changes_in_a_row_end_with_the_last(pool: Bench, simulated: SimulatedGateway) -> None:
    """P9: ten changes while nothing has settled: one socket, at the last address."""
    async with SimulatedGateway() as other:
        pool.routes.put("ada", simulated)
        await pool.ready("ada")
        for n in range(10):
            pool.routes.put("ada", other if n % 2 == 0 else simulated, url=(other if n % 2 == 0 else simulated).url)
            pool.pool.route_changed("ada")
        pool.routes.put("ada", other)
        pool.pool.route_changed("ada")
        await other.wait_connected()
        await pool.state("ada", GatewayState.READY)
        assert (await pool.tab().call("ada", "health")).frame["ok"]
        await no_sockets(simulated)
        await no_sockets(other, but=1)
        assert len(other.requests_of("health")) == 1


async def test_storage_that_is_away_costs_a_live_connection_nothing_at_first(
    tmp_path: Path, simulated: SimulatedGateway
) -> None:
    """A directory that cannot be read is a failed attempt like any other: shown, tried again, back when it is."""
    async with bench(tmp_path) as made:
        made.routes.broken = StorageFault(remedy="free some space")
        tab = made.tab()
        asked = tab.ask("ada", "health")
        await eventually(lambda: made.statuses["ada"])
        made.routes.put("ada", simulated)
        made.routes.broken = None
        assert (await tab.final(asked)).frame["ok"]


async def test_secrets_of_the_route(pool: Bench, simulated: SimulatedGateway) -> None:
    """S1: token and device key are named to whoever hides them from clients."""
    assert pool.pool.secrets("ada") == ()
    route = pool.routes.put("ada", simulated)
    await pool.ready("ada")
    assert set(pool.pool.secrets("ada")) == {route.token.reveal(), route.device_seed.reveal()}
    assert isinstance(pool.routes.by_owner["ada"], Route)
