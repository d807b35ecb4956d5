"""Calls on one owner's gateway connection, over real sockets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gateway.harness import Bench, bench, counted
from support.waiting import eventually
from vestibule.gateway.pool import GatewayError
from vestibule.model import GatewayState
from vestibule.telemetry import metrics
from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    from pathlib import Path


async def test_many_calls_one_socket(pool: Bench, simulated: SimulatedGateway) -> None:
    """P1: 200 calls of one owner, begun at once before anything is open, use exactly one gateway socket."""
    pool.routes.put("ada", simulated)
    tab = pool.tab()
    asked = [tab.ask("ada", "health") for _ in range(200)]
    for frame_id in asked:
        assert (await tab.final(frame_id)).payload["ok"] is True
    assert simulated.total_connections == 1
    assert simulated.open_connections == 1


async def test_no_socket_is_left_after_any_sequence_of_drops(pool: Bench, simulated: SimulatedGateway) -> None:
    """P1: ten drops, ten reconnects: one socket open, and none once the pool is closed."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    for n in range(10):
        await simulated.drop(1006 if n % 2 else 1001)
        await simulated.wait_connected()
    await pool.state("ada", GatewayState.READY)
    assert simulated.open_connections == 1
    await pool.pool.close_all()
    await simulated.wait_for(lambda: simulated.open_connections == 0)
    assert simulated.total_connections == 11


async def test_a_reply_in_the_same_tick_is_delivered(pool: Bench, simulated: SimulatedGateway) -> None:
    """P3: the question is registered before it is sent."""
    simulated.add_fault("fast_reply")
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    tab = pool.tab()
    for _ in range(50):
        assert (await tab.call("ada", "health")).payload["ok"] is True


async def test_same_id_from_two_tabs(pool: Bench, simulated: SimulatedGateway) -> None:
    """P4: two tabs ask under the id "1"; each gets its own answer, and so does one tab that uses it twice."""
    simulated.custom_methods["whoami"] = lambda call: {"you": call.params["you"]}
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    a, b = pool.tab("a"), pool.tab("b")
    a.ask("ada", "whoami", {"you": "a"}, id="1")
    b.ask("ada", "whoami", {"you": "b"}, id="1")
    b.ask("ada", "whoami", {"you": "b again"}, id="1")
    await eventually(lambda: len(a.answers) == 1 and len(b.answers) == 2)

    assert [each.payload["you"] for each in a.answers] == ["a"]
    assert sorted(each.payload["you"] for each in b.answers) == ["b", "b again"]
    ids = [request.id for request in simulated.requests_of("whoami")]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    "fault",
    [
        "list_frame",
        "error_null",
        "unknown_type",
        "invalid_json",
        "garbage_frame",
        "binary_frame",
        "key_order",
        "seq_gap",
    ],
)
async def test_the_reader_survives_any_frame(pool: Bench, simulated: SimulatedGateway, fault: str) -> None:
    """P5: after a frame of any kind the same socket goes on and the next call is answered."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    tab = pool.tab()
    simulated.add_fault(fault, times=1)
    await tab.call("ada", "health")
    simulated.clear_faults()

    assert (await tab.call("ada", "health")).payload["ok"] is True
    assert simulated.total_connections == 1


async def test_a_bad_frame_is_counted_each_time_and_logged_once(
    pool: Bench, simulated: SimulatedGateway, caplog: pytest.LogCaptureFixture
) -> None:
    """P5: counted always, logged once per kind."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    before = counted(metrics.bad_frames, side="gateway", kind="not_a_gateway_frame")
    simulated.add_fault("list_frame")
    tab = pool.tab()
    for _ in range(5):
        await tab.call("ada", "health")
    assert counted(metrics.bad_frames, side="gateway", kind="not_a_gateway_frame") == before + 5


@pytest.mark.logs_defect("call.asker_failed")
async def test_an_asker_that_raises_does_not_end_the_reader(pool: Bench, simulated: SimulatedGateway) -> None:
    """P5: a defect behind one answer is not everybody's."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")

    class Broken(type(pool.tab())):  # type: ignore[misc]
        def answer(self, *_: object) -> None:
            raise RuntimeError("defect")

    Broken(pool, "broken").ask("ada", "health")
    assert (await pool.tab().call("ada", "health")).payload["ok"] is True
    assert simulated.total_connections == 1


async def test_an_oversize_reply_fails_that_call_only(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P10: an answer larger than a client may get is an error of that call; the connection stays."""
    async with bench(tmp_path, max_message_bytes=256 * 1024) as small:
        small.routes.put("ada", simulated)
        await small.ready("ada")
        tab = small.tab()
        other = tab.ask("ada", "status")
        simulated.add_fault("oversize_reply", method="config.get", size_bytes=1024 * 1024, times=1)
        failed = await tab.call("ada", "config.get")
        assert failed.error["code"] == "TOO_LARGE"
        assert failed.error["mayHaveRun"] is True
        assert (await tab.final(other)).frame["ok"]
        assert (await tab.call("ada", "health")).frame["ok"]
        assert simulated.total_connections == 1


async def test_a_large_reply_is_no_problem(pool: Bench, simulated: SimulatedGateway) -> None:
    """P10: 8 MiB come through: the limits are the gateway's, not a library's default of 1 MiB."""
    pool.routes.put("ada", simulated)
    simulated.add_fault("oversize_reply", method="config.schema", size_bytes=8 * 1024 * 1024, times=1)
    answer = await pool.tab().call("ada", "config.schema")
    assert len(answer.body) > 8 * 1024 * 1024


async def test_a_timeout_says_that_it_may_have_run(pool: Bench, simulated: SimulatedGateway) -> None:
    """P13: the deadline is the call's own, and the late answer is counted and dropped."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    simulated.add_fault("late_answer", delay_s=0.6, times=1)
    late = counted(metrics.late_answers)
    tab = pool.tab()
    answer = await tab.call("ada", "health", timeout_s=0.1)
    assert answer.error["code"] == "GATEWAY_TIMEOUT"
    assert answer.error["mayHaveRun"] is True
    await eventually(lambda: counted(metrics.late_answers) == late + 1)
    assert len(tab.answers) == 1


async def test_a_second_answer_is_dropped(pool: Bench, simulated: SimulatedGateway) -> None:
    """P13: an answer that comes twice is passed on once."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    simulated.add_fault("double_answer", times=1)
    simulated.add_fault("answer_unknown_id", times=1)
    tab = pool.tab()
    await tab.call("ada", "health")
    await tab.call("ada", "health")
    assert len(tab.answers) == 2


async def test_calls_in_flight_are_bounded(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P13: beyond the bound a call is refused at once, with a code that says it did not run; others are not touched."""
    async with bench(tmp_path, max_pending_calls=5) as small, SimulatedGateway() as quiet:
        small.routes.put("flooding", simulated)
        small.routes.put("quiet", quiet)
        await small.ready("flooding")
        simulated.add_fault("never_answer")
        tab = small.tab()
        for _ in range(8):
            tab.ask("flooding", "health")
        refused = [each.error for each in tab.answers]
        assert [each["code"] for each in refused] == ["OVERLOADED"] * 3
        assert all(each["mayHaveRun"] is False and each["retryable"] for each in refused)
        assert (await tab.call("quiet", "health")).frame["ok"]


async def test_calls_that_wait_are_bounded_in_bytes(tmp_path: Path, simulated: SimulatedGateway) -> None:
    """P13: what waits for a gateway that hangs has a bound in bytes."""
    simulated.add_fault("hang_in_handshake")
    async with bench(tmp_path, max_queued_bytes=10_000) as small:
        small.routes.put("ada", simulated)
        tab = small.tab()
        for _ in range(3):
            tab.ask("ada", "chat.send", {"message": "x" * 4_000})
        assert [each.error["code"] for each in tab.answers] == ["OVERLOADED"]


async def test_agent_answers_twice(pool: Bench, simulated: SimulatedGateway) -> None:
    """The two answers of `agent` reach the asker under one id: accepted, then final."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    tab = pool.tab()
    params = {"message": "hi", "agentId": "main", "idempotencyKey": "0123456789abcdef"}
    await tab.call("ada", "agent", params)
    assert [(each.payload["status"], each.final) for each in tab.answers] == [("accepted", False), ("ok", True)]


async def test_the_gateways_own_error_passes_unchanged(pool: Bench, simulated: SimulatedGateway) -> None:
    """A gateway's error object is data."""
    pool.routes.put("ada", simulated)
    answer = await pool.tab().call("ada", "no.such.method")
    assert answer.error == {"code": "INVALID_REQUEST", "message": "unknown method: no.such.method"}
    with pytest.raises(GatewayError, match="unknown method"):
        await pool.pool.call("ada", "no.such.method")


@pytest.mark.logs_defect("call.filter_failed")
async def test_a_filter_that_fails_lets_nothing_through(pool: Bench, simulated: SimulatedGateway) -> None:
    """S1: better no answer than an unfiltered one."""

    def broken(body: bytes) -> bytes:
        raise ValueError

    pool.routes.put("ada", simulated)
    answer = await pool.tab().call("ada", "config.get", filter=broken)
    assert answer.error["code"] == "GATEWAY_REPLY"


async def test_a_traceparent_reaches_a_gateway_that_takes_it(pool: Bench, simulated: SimulatedGateway) -> None:
    """Wire 4 takes `traceparent`; wire 3 would refuse the frame, so it is left out there."""
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    async with SimulatedGateway(protocol=3) as old:
        pool.routes.put("new", simulated)
        pool.routes.put("old", old)
        assert (await pool.tab().call("new", "health", traceparent=trace)).frame["ok"]
        assert (await pool.tab().call("old", "health", traceparent=trace)).frame["ok"]


async def test_subscriptions_are_counted(pool: Bench, simulated: SimulatedGateway) -> None:
    """Two tabs subscribe, one leaves: the gateway hears of the last one only, and a new socket is subscribed again."""
    pool.routes.put("ada", simulated)
    a, b = pool.tab("a"), pool.tab("b")
    main, subscribe, unsubscribe = (
        {"key": "agent:main:main"},
        "sessions.messages.subscribe",
        "sessions.messages.unsubscribe",
    )
    await a.call("ada", subscribe, main)
    await b.call("ada", subscribe, main)
    assert (await a.call("ada", unsubscribe, main)).payload == {"subscribed": False, "key": "agent:main:main"}
    assert simulated.requests_of(unsubscribe) == []
    assert simulated.connections[0].message_keys == {"agent:main:main"}
    assert pool.pool.subscribed("ada", "b", subscribe, "Agent:Main:Main")
    assert not pool.pool.subscribed("ada", "a", subscribe, "agent:main:main")

    await simulated.drop()
    await simulated.wait_connected()
    await simulated.wait_request(subscribe, 3)
    await eventually(lambda: simulated.connections[0].message_keys == {"agent:main:main"})

    pool.pool.release("ada", "b")
    await simulated.wait_request(unsubscribe)
    await eventually(lambda: simulated.connections[0].message_keys == set())


async def test_a_refused_subscription_is_not_counted(pool: Bench, simulated: SimulatedGateway) -> None:
    """What the gateway refuses, or never answers, nobody has."""
    pool.routes.put("ada", simulated)
    tab = pool.tab("a")
    assert (await tab.call("ada", "sessions.subscribe")).frame["ok"]
    assert pool.pool.subscribed("ada", "a", "sessions.subscribe")
    simulated.add_fault("error_null", method="sessions.subscribe", times=1)
    pool.pool.release("ada", "a")
    await tab.call("ada", "sessions.subscribe")
    assert not pool.pool.subscribed("ada", "a", "sessions.subscribe")
    simulated.add_fault("never_answer", method="sessions.subscribe")
    await tab.call("ada", "sessions.subscribe", timeout_s=0.05)
    assert not pool.pool.subscribed("ada", "a", "sessions.subscribe")


async def test_a_call_larger_than_the_gateway_takes_is_refused_here(tmp_path: Path) -> None:
    """P10: sent, it would cost the socket, and so everybody's calls."""
    async with SimulatedGateway(max_payload_bytes=256 * 1024) as small, bench(tmp_path) as made:
        made.routes.put("ada", small)
        await made.ready("ada")
        tab = made.tab()
        error = (await tab.call("ada", "chat.send", {"message": "x" * 300_000})).error
        assert (error["code"], error["mayHaveRun"]) == ("TOO_LARGE", False)
        assert (await tab.call("ada", "health")).frame["ok"]
        assert small.total_connections == 1


async def test_the_origins_names(pool: Bench, simulated: SimulatedGateway) -> None:
    """The origin plan's way to call: `send_rpc` on the pool and on the connection, front ends by id."""
    pool.routes.put("ada", simulated)
    pool.pool.add_frontend_connection("ada", "tab")
    assert (await pool.pool.send_rpc("ada", "1", "health", {}))["ok"] is True
    connection = pool.pool.connection("ada")
    await connection.connect()
    assert connection.is_connected
    assert connection.has_frontend_connections
    await connection.send_rpc("7", "health")
    assert (await connection.wait_for_response("7", 5.0))["ok"] is True
    pool.pool.remove_frontend_connection("ada", "tab")
    assert not connection.has_frontend_connections
    await pool.pool.close_user("ada")
    await simulated.wait_for(lambda: simulated.open_connections == 0)


async def test_waiting_for_a_response_has_an_end(pool: Bench, simulated: SimulatedGateway) -> None:
    """`wait_for_response` gives up after its own timeout."""
    pool.routes.put("ada", simulated)
    await pool.ready("ada")
    simulated.add_fault("never_answer")
    connection = pool.pool.connection("ada")
    await connection.send_rpc("7", "health")
    with pytest.raises(Exception, match="did not answer in time"):
        await connection.wait_for_response("7", 0.05)
    await asyncio.sleep(0)
