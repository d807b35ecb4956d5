"""When a connection is closed because nobody uses it, and when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.harness import bench
from support.waiting import eventually
from vestibule.model import GatewayState
from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    from pathlib import Path

GRACE = {"grace_s": 0.5}


async def test_the_last_one_out_ends_it_after_the_grace_period(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P17: a connection without clients is closed when the grace period is over, and forgotten."""
    async with bench(tmp_path, **GRACE) as made:
        made.routes.put("ada", simulated)
        await made.ready("ada")
        made.pool.attach("ada", "second")
        made.pool.detach("ada", "tab")
        made.pool.detach("ada", "second")
        assert simulated.open_connections == 1
        await simulated.wait_for(lambda: simulated.open_connections == 0)
        await eventually(lambda: len(made.pool) == 0)
        assert made.pool.status("ada").state is GatewayState.STOPPED
        await made.ready("ada")
        assert simulated.total_connections == 2


async def test_whoever_comes_back_in_time_keeps_it(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P17: there is one moment per owner, not a timer per departure: coming and going leaves nothing that reaps."""
    async with bench(tmp_path, **GRACE) as made:
        made.routes.put("ada", simulated)
        await made.ready("ada")
        for _ in range(50):
            made.pool.detach("ada", "tab")
            made.pool.attach("ada", "tab")
        async with SimulatedGateway() as clock:  # another owner's grace period passes meanwhile, twice
            made.routes.put("bob", clock)
            for _ in range(2):
                await made.ready("bob")
                made.pool.detach("bob", "tab")
                await clock.wait_for(lambda: clock.open_connections == 0)
        assert simulated.open_connections == simulated.total_connections == 1


async def test_a_fresh_owner_is_never_reaped(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P17: one call, no client: the connection comes up, answers, and only then does the period begin."""
    async with bench(tmp_path, grace_s=0) as made:
        simulated.add_fault("late_answer", delay_s=1.0)
        made.routes.put("ada", simulated)
        assert (await made.tab().call("ada", "health")).frame["ok"]
        await simulated.wait_for(lambda: simulated.open_connections == 0)
        assert simulated.total_connections == 1


async def test_a_hold_keeps_it(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """A chat run that is under way keeps the connection although everybody has left."""
    async with SimulatedGateway() as clock, bench(tmp_path, **GRACE) as made:
        made.routes.put("ada", simulated)
        made.routes.put("bob", clock)
        await made.ready("ada")
        made.pool.hold("ada", "chat")
        made.pool.detach("ada", "tab")
        await made.ready("bob")
        made.pool.detach("bob", "tab")
        await clock.wait_for(lambda: clock.open_connections == 0)
        assert simulated.open_connections == 1
        made.pool.unhold("ada", "chat")
        await simulated.wait_for(lambda: simulated.open_connections == 0)


async def test_a_client_that_may_come_back_keeps_its_subscriptions(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P9: detached is not released: the connection idles out, and is subscribed again when the client returns."""
    async with bench(tmp_path, **GRACE) as made:
        made.routes.put("ada", simulated)
        await made.ready("ada")
        await made.tab("tab").call("ada", "sessions.subscribe")
        made.pool.detach("ada", "tab")
        await simulated.wait_for(lambda: simulated.open_connections == 0)
        assert made.pool.subscribed("ada", "tab", "sessions.subscribe")
        await made.ready("ada")
        await simulated.wait_request("sessions.subscribe", 2)
        made.pool.detach("ada", "tab")
        made.pool.release("ada", "tab")
        await eventually(lambda: len(made.pool) == 0)


async def test_nobody_waits_for_a_gateway_that_nobody_wants(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P17: reconnecting ends too when the grace period is over."""
    simulated.add_fault("refuse_tcp")
    async with bench(tmp_path, **GRACE) as made:
        made.routes.put("ada", simulated)
        made.pool.attach("ada", "tab")
        await made.state("ada", GatewayState.DOWN)
        made.pool.detach("ada", "tab")
        await eventually(lambda: len(made.pool) == 0)


async def test_unknown_owners_and_clients_are_nothing(tmp_path: Path) -> None:
    """Leaving where one never was is fine."""
    async with bench(tmp_path) as made:
        made.pool.detach("nobody", "tab")
        made.pool.release("nobody", "tab")
        made.pool.unhold("nobody", "chat")
        made.pool.route_changed("nobody")
        await made.pool.close_user("nobody")
        assert not made.pool.subscribed("nobody", "tab", "sessions.subscribe")
        assert made.pool.hello("nobody") is None
        assert len(made.pool) == 0
