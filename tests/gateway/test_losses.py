"""What happens when a gateway goes, refuses, freezes or comes back, over real sockets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gateway.harness import Bench, bench, counted, no_sockets
from support.waiting import eventually
from vestibule.errors import GatewayStarting
from vestibule.model import GatewayState
from vestibule.telemetry import metrics
from vestibule.testing import FaultProxy, SimulatedGateway

if TYPE_CHECKING:
    from pathlib import Path

CLOSES = ["clean_close_1000", "clean_close_1001", "clean_close_1012", "clean_close_1013", "drop_after_send"]


@pytest.mark.parametrize("fault", CLOSES)
async def test_pending_calls_are_answered_when_the_socket_goes(
    pool: Bench, simulated: SimulatedGateway, fault: str
) -> None:
    """P6: a call in flight is answered within 1 s of any close: come back, and it may have run."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    tab = pool.tab()
    simulated.add_fault("never_answer", method="status")
    hanging = tab.ask("ada", "status", timeout_s=60.0)
    await simulated.wait_request("status")
    simulated.add_fault(fault, method="health", times=1)
    closing = tab.ask("ada", "health", timeout_s=60.0)
    for frame_id in (hanging, closing):
        async with asyncio.timeout(1.0):
            error = (await tab.final(frame_id)).error
        assert error["code"] == "GATEWAY_LOST"
        assert error["message"] == "Gateway connection lost"
        assert error["retryable"] is True
        assert error["mayHaveRun"] is True


async def test_a_run_in_flight_is_answered_too(pool: Bench, simulated: SimulatedGateway) -> None:
    """P6: after `accepted` the second answer of `agent` is still owed when the socket goes."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    simulated.custom_methods["agent"] = lambda call: {"runId": "r", "status": "accepted"}
    tab = pool.tab()
    run = tab.ask("ada", "agent", {"message": "hi"})
    await eventually(lambda: tab.answers)
    assert tab.answers[0].final is False
    await simulated.drop()
    assert (await tab.final(run)).error["code"] == "GATEWAY_LOST"
    assert len(tab.answers) == 2


async def test_calls_during_a_short_loss_are_carried_out(pool: Bench, simulated: SimulatedGateway) -> None:
    """P8: between two connections a call waits, goes up once, and is answered."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    await simulated.drop()
    tab = pool.tab()
    await eventually(lambda: not pool.pool.connection("ada").is_connected)
    assert (await tab.call("ada", "status")).frame["ok"]
    assert len(simulated.requests_of("status")) == 1


async def test_it_comes_back_by_itself_and_hears_events(pool: Bench, simulated: SimulatedGateway) -> None:
    """P8: nobody has to call for events to go on."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    await simulated.drop(1012)
    await simulated.wait_connected()
    await pool.state("ada", GatewayState.READY)
    await simulated.emit("presence", {"back": True})
    await eventually(lambda: ("presence", {"back": True}) in pool.events["ada"])
    assert simulated.open_connections == 1


async def test_an_announced_restart_is_shown_and_waited_for(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P8: `shutdown.restartExpectedMs` is heard, shown as `starting`, and calls wait for the gateway to be back."""
    async with bench(tmp_path) as made:
        made.routes.put("ada", simulated)
        await made.ready("ada")
        await simulated.shutdown(restart_expected_ms=300)
        status = await made.state("ada", GatewayState.STARTING)
        assert status.reason == "The gateway is restarting."
        assert status.retry_in_ms is not None
        assert 0 < status.retry_in_ms <= 350
        tab = made.tab()
        asked = tab.ask("ada", "health")
        simulated.add_fault("starting", times=2, retry_after_ms=20)
        await simulated.start_again()
        assert (await tab.final(asked)).frame["ok"]


async def test_a_starting_gateway_says_so_at_once(pool: Bench, simulated: SimulatedGateway) -> None:
    """P12: `startup-sidecars` is not ready: calls get the promised text, and the gateway's own delay is kept."""
    simulated.add_fault("starting", times=2, retry_after_ms=200)
    pool.routes.put("ada", simulated)
    pool.pool.attach("ada", "tab")
    status = await pool.state("ada", GatewayState.STARTING)
    assert status.reason == GatewayStarting.default
    tab = pool.tab()
    error = (await tab.call("ada", "health")).error
    assert error["code"] == "GATEWAY_STARTING"
    assert error["message"] == "Container is starting up. Try again in a moment."
    assert error["mayHaveRun"] is False
    assert error["retryAfterMs"] <= 250
    await pool.state("ada", GatewayState.READY)
    assert (await tab.call("ada", "health")).frame["ok"]


async def test_a_launcher_at_work_says_so_too(pool: Bench, simulated: SimulatedGateway) -> None:
    """P12: while the route's source says that the gateway is starting, so do we; then it is dialled."""
    pool.routes.by_owner["ada"] = GatewayStarting()
    tab = pool.tab()
    assert (await tab.call("ada", "health")).error["code"] == "GATEWAY_STARTING"
    pool.routes.put("ada", simulated)
    await pool.state("ada", GatewayState.READY)


async def test_http_503_means_starting(pool: Bench, simulated: SimulatedGateway) -> None:
    """P8: between the end of one gateway process and the start of the next the port answers 503."""
    simulated.add_fault("http_503", times=1)
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    assert GatewayState.STARTING in [status.state for status in pool.statuses["ada"]]


async def test_refusals_leave_no_socket(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P7: 5 refusals, 0 open sockets."""
    simulated.add_fault("starting", times=5, retry_after_ms=1)
    async with bench(tmp_path) as made:
        made.routes.put("ada", simulated)
        await made.ready("ada")
        assert len(simulated.connects) == 6
        await simulated.wait_for(lambda: simulated.open_connections == 1)
        await made.pool.close_all()
        await simulated.wait_for(lambda: simulated.open_connections == 0)


@pytest.mark.parametrize("fault", ["hang_in_handshake", "hang_in_upgrade"])
async def test_attempts_that_time_out_leave_no_socket(tmp_path: Path, simulated: SimulatedGateway, fault: str) -> None:
    """P7: neither a hanging upgrade nor a hanging handshake leaks its socket."""
    simulated.add_fault(fault)
    async with bench(tmp_path, handshake_timeout_s=0.1) as made:
        made.routes.put("ada", simulated)
        made.pool.attach("ada", "tab")
        await simulated.wait_for(lambda: simulated.total_connections >= 4)
        assert simulated.peak_connections <= 2, "the old one may be closing while the next is opened"
        await made.state("ada", GatewayState.DOWN)
        await made.pool.close_all()
        await no_sockets(simulated)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("refuse_auth", "The gateway does not accept the token it was given."),
        ("protocol_mismatch", "The gateway speaks a protocol this door does not know."),
    ],
)
async def test_a_refusal_for_good_ends_the_loop_and_is_shown(
    pool: Bench, simulated: SimulatedGateway, fault: str, reason: str
) -> None:
    """P8: a wrong token is not tried again and again (the gateway would lock us out); calls are answered at once."""
    simulated.add_fault(fault)
    pool.routes.put("ada", simulated)
    tab = pool.tab()
    early = tab.ask("ada", "health")
    pool.pool.attach("ada", "tab")
    status = await pool.state("ada", GatewayState.DOWN)
    assert (status.reason, status.retry_in_ms) == (reason, None)
    for answer in (await tab.final(early), await tab.call("ada", "health")):
        assert answer.error["code"] == "GATEWAY_REFUSED"
        assert answer.error["message"] == reason
        assert answer.error["mayHaveRun"] is False
    for tab_id in ("second", "third"):
        pool.pool.attach("ada", tab_id)
    assert pool.pool.connection("ada").state.value == "halted"
    assert len(simulated.connects) == 1

    simulated.clear_faults()
    pool.routes.put("ada", simulated)
    pool.pool.route_changed("ada")
    await pool.state("ada", GatewayState.READY)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("not_paired", "The gateway has not approved the door's device yet."),
        ("scopes_missing", "The gateway gives the door too few rights."),
    ],
)
async def test_what_somebody_must_mend_is_tried_again_slowly(
    pool: Bench, simulated: SimulatedGateway, fault: str, reason: str
) -> None:
    """P8: an unapproved device and missing scopes are shown, with a long delay and no hope for calls meanwhile."""
    simulated.add_fault(fault)
    pool.routes.put("ada", simulated)
    pool.pool.attach("ada", "tab")
    status = await pool.state("ada", GatewayState.DOWN)
    assert status.reason == reason
    assert status.retry_in_ms is not None
    assert status.retry_in_ms > 25_000
    assert (await pool.tab().call("ada", "health")).error["code"] == "GATEWAY_REFUSED"
    await simulated.wait_for(lambda: simulated.open_connections == 0)


async def test_a_rate_limit_is_honoured(pool: Bench, simulated: SimulatedGateway) -> None:
    """P8: `AUTH_RATE_LIMITED` with `retryAfterMs` is waited out in full."""
    simulated.add_fault("rate_limited", retry_after_ms=60_000)
    pool.routes.put("ada", simulated)
    pool.pool.attach("ada", "tab")
    await eventually(lambda: (pool.pool.status("ada").retry_in_ms or 0) > 55_000)
    assert len(simulated.connects) == 1


async def test_without_hope_calls_are_answered_at_once(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P13: the first dials are waited for; after three failures a call is told at once. S6: no address in it."""
    simulated.add_fault("refuse_tcp")
    async with bench(tmp_path, reconnect_base_s=0.01, reconnect_cap_s=0.01) as made:
        made.routes.put("ada", simulated)
        tab = made.tab()
        waited = await tab.call("ada", "health", timeout_s=60.0)
        at_once = await tab.call("ada", "health", timeout_s=60.0)
        for answer in (waited, at_once):
            assert answer.error["code"] == "GATEWAY_DOWN"
            assert answer.error["mayHaveRun"] is False
            assert "127.0.0.1" not in answer.body.decode()
            assert str(simulated.port) not in answer.body.decode()
        status = await made.state("ada", GatewayState.DOWN)
        assert "127.0.0.1" not in status.reason
        simulated.clear_faults()
        await made.state("ada", GatewayState.READY)


async def test_no_route(pool: Bench, simulated: SimulatedGateway) -> None:
    """An owner without a gateway gets the promised text at once; a route that appears is used."""
    tab = pool.tab()
    error = (await tab.call("ada", "health")).error
    assert (error["code"], error["message"]) == ("NO_GATEWAY", "No container provisioned.")
    await pool.state("ada", GatewayState.UNPROVISIONED)
    pool.routes.put("ada", simulated)
    pool.pool.attach("ada", "tab")
    await pool.state("ada", GatewayState.READY)


async def test_a_broken_source_of_routes_ends_nothing(pool: Bench, simulated: SimulatedGateway) -> None:
    """S6: an adapter's defect is logged, tried again, and shown without its text."""
    pool.routes.broken = RuntimeError("password at 10.0.0.7")
    tab = pool.tab()
    asked = tab.ask("ada", "health")
    await eventually(lambda: pool.statuses["ada"])
    pool.routes.broken = None
    pool.routes.put("ada", simulated)
    assert (await tab.final(asked)).frame["ok"]
    assert not [status for status in pool.statuses["ada"] if "10.0.0.7" in status.reason]


async def test_events_before_the_hello_are_handled(pool: Bench, simulated: SimulatedGateway) -> None:
    """P14: what comes between `connect` and `hello-ok` is neither taken for the hello nor lost."""
    simulated.add_fault("event_before_hello", times=1)
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    await eventually(lambda: pool.names("ada", "health", "tick") == ["health", "tick"])
    assert pool.names("ada", "connect.challenge") == []


async def test_a_frozen_gateway_is_noticed(tmp_path: Path) -> None:
    """P12: TCP stays up and nothing comes: after two missed ticks the socket is cut and calls are answered."""
    async with SimulatedGateway(tick_interval_ms=200) as gateway, bench(tmp_path) as made:
        made.routes.put("ada", gateway)
        await made.ready("ada")
        tab = made.tab()
        gateway.freeze()
        asked = tab.ask("ada", "health", timeout_s=60.0)
        error = (await tab.final(asked)).error
        assert (error["code"], error["mayHaveRun"]) == ("GATEWAY_LOST", True)
        gateway.thaw()
        await made.state("ada", GatewayState.READY)
        assert (await tab.call("ada", "health")).frame["ok"]


async def test_ticks_keep_a_silent_gateway_alive(tmp_path: Path) -> None:
    """P12: a gateway that has nothing to say but its ticks is not frozen; one that stops ticking is."""
    async with SimulatedGateway(tick_interval_ms=200) as gateway, bench(tmp_path) as made:
        made.routes.put("ada", gateway)
        await made.ready("ada")
        await eventually(lambda: len(made.names("ada", "tick")) >= 5)
        assert gateway.total_connections == 1
        gateway.add_fault("no_tick")
        await gateway.wait_for(lambda: gateway.total_connections == 2)


async def test_a_gateway_that_hangs_in_close_holds_up_nothing(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P2: a close frame that is never answered delays neither the next connection nor the end of the process."""
    async with bench(tmp_path, shutdown_timeout_s=1.0) as made:
        made.routes.put("ada", simulated)
        await made.ready("ada")
        simulated.add_fault("hang_in_close")
        async with asyncio.TaskGroup() as own:
            closing = own.create_task(made.pool.close_user("ada"), name="close")
            await eventually(lambda: len(made.pool) == 0)
            assert (await made.tab().call("ada", "health")).frame["ok"]
            assert not closing.done()
            await made.pool.close_all()
        await eventually(lambda: made.pool.open_sockets == 0)


async def test_an_answer_cut_in_half_is_a_loss(pool: Bench, simulated: SimulatedGateway) -> None:
    """P6: the network dies in the middle of an answer: the call is answered, the next one works."""
    async with FaultProxy(simulated.url) as proxy:
        pool.routes.put("ada", simulated, url=proxy.url)
        await pool.ready("ada")
        simulated.add_fault("oversize_reply", method="config.get", size_bytes=200_000, times=1)
        tab = pool.tab()
        proxy.cut_at(100_000)
        assert (await tab.call("ada", "config.get")).error["code"] == "GATEWAY_LOST"
        proxy.pass_through()
        assert (await tab.call("ada", "health")).frame["ok"]


async def test_closing_answers_what_is_pending(pool: Bench, simulated: SimulatedGateway) -> None:
    """Closed by us: "Connection closed", with whether it may have run; afterwards nothing is taken any more."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    simulated.add_fault("never_answer")
    tab = pool.tab()
    sent = tab.ask("ada", "health")
    pool.routes.by_owner["bob"] = GatewayStarting()
    await simulated.wait_request("health")
    await pool.pool.close_all()
    error = (await tab.final(sent)).error
    assert (error["code"], error["message"], error["mayHaveRun"]) == ("CONNECTION_CLOSED", "Connection closed", True)
    assert (await tab.call("ada", "health")).error["code"] == "RESTARTING"
    pool.pool.attach("ada", "tab")
    pool.pool.hold("ada", "chat")
    assert len(pool.pool) == 0
    await simulated.wait_for(lambda: simulated.open_connections == 0)


async def test_the_metrics_agree(pool: Bench, simulated: SimulatedGateway) -> None:
    """Connections by state are counted where they are, and given back."""
    before = counted(metrics.gateway_connections, state="ready")
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    assert counted(metrics.gateway_connections, state="ready") == before + 1
    await pool.pool.close_user("ada")
    assert counted(metrics.gateway_connections, state="ready") == before
    assert counted(metrics.gateway_connections, state="closed") == 0
