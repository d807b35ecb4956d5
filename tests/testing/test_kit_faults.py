"""Every fault does on the wire what its help says."""

from __future__ import annotations

import asyncio
import json

import pytest
from kitclient import Client, Failed, greeted, opened
from websockets.exceptions import InvalidStatus

from vestibule.testing import HELP, Fault, SimulatedGateway


def test_every_fault_has_help():
    assert set(HELP) == set(Fault)


async def connects(port: int) -> bool:
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 2.0)
    except OSError:
        return False
    writer.close()
    return True


async def test_refuse_tcp_and_back_on_the_same_port():
    async with SimulatedGateway() as gateway:
        port = gateway.port
        async with greeted(gateway.url) as client:
            gateway.add_fault("refuse_tcp")
            assert not await connects(port)
            assert (await client.call("health"))["ok"]  # those that are open stay
        gateway.clear_faults()
        await gateway.wait_for(lambda: gateway._listener.is_open)
        assert await connects(port)
        assert gateway.port == port


async def test_hang_in_tcp_lets_connect_hang():
    async with SimulatedGateway() as gateway:
        gateway.add_fault(Fault.HANG_IN_TCP)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.open_connection("127.0.0.1", gateway.port), 0.2)
        gateway.clear_faults()
        await gateway.wait_for(lambda: gateway._listener.is_open)
        async with greeted(gateway.url):
            pass


async def test_hang_in_upgrade():
    async with SimulatedGateway(faults=["hang_in_upgrade"]) as gateway:
        with pytest.raises(TimeoutError):
            async with opened(gateway.url, open_timeout=0.2):
                pass
        assert gateway.total_connections == 1


async def test_http_503():
    async with SimulatedGateway(faults=["http_503"]) as gateway:
        with pytest.raises(InvalidStatus) as refusal:
            async with opened(gateway.url):
                pass
        assert refusal.value.response.status_code == 503


async def test_hang_in_handshake():
    async with (
        SimulatedGateway(faults=["hang_in_handshake"], connect_timeout_s=0.01) as gateway,
        opened(gateway.url) as client,
    ):
        await client.until(lambda: client.challenge)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.greet(), 0.2)
        assert len(gateway.connects) == 1


@pytest.mark.parametrize(
    ("fault", "details_code", "close_code"),
    [
        ("refuse_auth", "AUTH_TOKEN_MISMATCH", 1008),
        ("protocol_mismatch", "PROTOCOL_MISMATCH", 1002),
        ("not_paired", "PAIRING_REQUIRED", 1008),
        ("rate_limited", "AUTH_RATE_LIMITED", 1008),
    ],
)
async def test_refusals(fault: str, details_code: str, close_code: int):
    async with SimulatedGateway(faults=[fault]) as gateway, opened(gateway.url) as client:
        with pytest.raises(Failed) as failed:
            await client.greet()
        assert failed.value.details["code"] == details_code
        assert await client.until_closed() == close_code
        await gateway.wait_for(lambda: gateway.open_connections == 0)


async def test_starting_n_times_then_ready():
    async with SimulatedGateway() as gateway:
        gateway.add_fault("starting", times=2, retry_after_ms=7)
        for _ in range(2):
            async with opened(gateway.url) as client:
                with pytest.raises(Failed) as failed:
                    await client.greet()
                error = failed.value.error
                assert (error["code"], error["retryable"], error["retryAfterMs"]) == ("UNAVAILABLE", True, 7)
                assert error["details"] == {"reason": "startup-sidecars"}
                assert await client.until_closed() == 1013
        async with greeted(gateway.url):
            assert len(gateway.faults) == 0


async def test_event_before_hello():
    """P14."""
    async with SimulatedGateway(faults=["event_before_hello"]) as gateway, greeted(gateway.url) as client:
        kinds = [frame.get("event", frame["type"]) for frame in client.frames]
        assert kinds == ["connect.challenge", "health", "tick", "res"]


async def test_scopes_missing():
    async with SimulatedGateway(faults=["scopes_missing"]) as gateway, greeted(gateway.url) as client:
        assert client.hello["auth"]["scopes"] == []


async def ready(gateway: SimulatedGateway, client: Client, fault: str, **numbers: object) -> None:
    await client.greet()
    gateway.add_fault(fault, **numbers)


async def test_drop_after_send():
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        await ready(gateway, client, "drop_after_send", method="health")
        await client.call("status")
        with pytest.raises(ConnectionError):
            await client.call("health")
        assert await client.until_closed() == 1006
        assert len(gateway.requests_of("health")) == 1


async def test_never_and_late_answers():
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        await ready(gateway, client, "never_answer", times=1)
        lost = await client.ask("health")
        gateway.add_fault("late_answer", delay_s=0.05, times=1)
        late = await client.ask("health")
        quick = await client.ask("health")
        await client.until(lambda: late in client.answers)
        assert lost not in client.answers
        answered = [frame["id"] for frame in client.frames if isinstance(frame, dict) and frame["type"] == "res"]
        assert answered.index(quick) < answered.index(late)


async def test_double_answer():
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        await ready(gateway, client, "double_answer")
        identifier = await client.ask("health")
        await client.until(lambda: len(client.answers.get(identifier, [])) == 2)


@pytest.mark.parametrize(
    ("fault", "stray"),
    [
        ("list_frame", [1, 2, 3]),
        ("unknown_type", {"type": "surprise", "id": "1", "payload": {}}),
        ("garbage_frame", bytes(range(128, 256))),
        ("invalid_json", '{"type":"event","event":'),
        ("answer_unknown_id", {"type": "res", "id": "nobody-asked", "ok": True, "payload": {}}),
    ],
)
async def test_stray_frames_come_before_the_answer(fault: str, stray: object):
    """P5."""
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        await ready(gateway, client, fault)
        assert (await client.call("health"))["ok"] is True
        assert client.frames[-2] == stray


async def test_error_null_key_order_and_binary():
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        await ready(gateway, client, "error_null", times=1)
        identifier = await client.ask("health")
        await client.until(lambda: identifier in client.answers)
        assert client.answers[identifier][0] == {"type": "res", "id": identifier, "ok": False, "error": None}
        gateway.add_fault("key_order", times=1)
        assert (await client.call("health"))["ok"] is True
        assert list(client.frames[-1]) == ["payload", "ok", "id", "type"]
        gateway.add_fault("binary_frame", times=1)
        assert (await client.call("health"))["ok"] is True


async def test_oversize_reply():
    """P10."""
    async with SimulatedGateway(max_payload_bytes=100_000) as gateway, opened(gateway.url) as client:
        await ready(gateway, client, "oversize_reply")
        assert len(json.dumps(await client.call("health"))) > 100_000


@pytest.mark.parametrize("code", [1000, 1001, 1012, 1013])
async def test_clean_closes(code: int):
    """P6."""
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        await ready(gateway, client, f"clean_close_{code}", times=1)
        with pytest.raises(ConnectionError):
            await client.call("health")
        assert client.closed_with == code
        async with greeted(gateway.url) as again:
            assert await again.call("health")


async def test_freeze_and_thaw():
    """P12: TCP stays up, what was sent meanwhile arrives afterwards."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.freeze()
        identifier = await client.ask("health")
        await gateway.emit("tick", {"ts": 1})
        with pytest.raises(TimeoutError):
            await client.until(lambda: identifier in client.answers or client.events, timeout_s=0.1)
        with pytest.raises(TimeoutError):
            async with opened(gateway.url, open_timeout=0.1):
                pass
        gateway.thaw()
        await client.until(lambda: identifier in client.answers and client.of("tick"))


async def test_tick_and_no_tick():
    async with (
        SimulatedGateway(tick_interval_ms=10, health_interval_ms=10) as gateway,
        greeted(gateway.url) as client,
    ):
        assert client.hello["policy"]["tickIntervalMs"] == 10
        await client.until_event("tick", n=2)
        assert (await client.until_event("health"))["ok"] is True
        gateway.add_fault("no_tick")
        await client.call("status")
        seen = len(client.events)
        with pytest.raises(TimeoutError):
            await client.until(lambda: len(client.events) > seen, timeout_s=0.1)


async def test_slow_drip():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.add_fault("slow_drip", bytes_per_s=50_000)
        sent = gateway.connections[0].socket.bytes_out
        began = asyncio.get_running_loop().time()
        await client.call("skills.status")
        size = gateway.connections[0].socket.bytes_out - sent
        assert asyncio.get_running_loop().time() - began > 0.5 * size / 50_000


async def test_seq_gap():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        await gateway.emit("presence", {})
        gateway.add_fault("seq_gap")
        await gateway.emit("presence", {})
        await gateway.emit("presence", {})
        await client.until_event("presence", n=3)
        assert [frame["seq"] for frame in client.events] == [1, 3, 4]


async def test_shutdown_event():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.add_fault("shutdown_event", restart_expected_ms=42)
        assert await client.until_closed() == 1012
        assert client.of("shutdown") == [{"reason": "gateway restarting", "restartExpectedMs": 42}]
        async with greeted(gateway.url) as again:
            await again.call("health")


async def test_flood():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.add_fault("flood")
        await client.until(lambda: len(client.events) > 2_000)
        gateway.clear_faults()
        assert [frame["seq"] for frame in client.events] == list(range(1, len(client.events) + 1))


async def test_half_close_still_reads():
    async with SimulatedGateway() as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        lines = ["GET / HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade"]
        lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", ""]
        writer.write("\r\n".join(lines).encode())
        await reader.readuntil(b"\r\n\r\n")
        (connection,) = gateway._connections.values()
        connection.socket.half_close()
        while await reader.read(1_000):
            pass
        frame = b'{"type":"req","id":"1","method":"connect","params":{}}'
        before = connection.socket.bytes_in
        writer.write(bytes([0x81, 0x80 | len(frame), 0, 0, 0, 0]) + frame)
        await gateway.wait_for(lambda: len(gateway.connects) == 1)
        assert connection.socket.bytes_in > before
        writer.close()


async def test_hang_in_close():
    """A close frame is never answered."""
    async with SimulatedGateway(faults=["hang_in_close"]) as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        lines = ["GET / HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade"]
        lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", ""]
        writer.write("\r\n".join(lines).encode())
        await reader.readuntil(b"\r\n\r\n")
        head = await reader.readexactly(2)
        await reader.readexactly(head[1])
        writer.write(bytes([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        assert gateway.open_connections == 1
        writer.close()


async def test_drop_restart_and_shutdown():
    async with SimulatedGateway() as gateway:
        async with greeted(gateway.url) as client:
            await gateway.drop()
            assert await client.until_closed() == 1006
        async with greeted(gateway.url) as client:
            await gateway.drop(4000)
            assert await client.until_closed() == 4000
        async with greeted(gateway.url) as client:
            first_boot = client.hello["server"]["bootId"]
            await gateway.restart(expected_ms=1_500)
            assert await client.until_closed() == 1012
            assert client.of("shutdown") == [{"reason": "gateway restarting", "restartExpectedMs": 1_500}]
        async with greeted(gateway.url) as client:
            assert client.hello["server"]["bootId"] != first_boot
            await gateway.shutdown()
            assert client.of("shutdown") == [{"reason": "gateway stopping"}]
        assert not await connects(gateway.port)
        await gateway.start_again()
        async with greeted(gateway.url):
            assert gateway.total_connections == 5
            assert gateway.peak_connections == 1


def test_unknown_faults_are_an_error():
    with pytest.raises(ValueError, match="make_coffee"):
        SimulatedGateway(faults=["make_coffee"])
