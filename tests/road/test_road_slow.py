"""Clients that do not read: nobody else notices, and they are told the truth."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from structlog.testing import capture_logs

from support.waiting import eventually
from vestibule.telemetry import metrics
from vestibule.testing import ChatScript, Gate

if TYPE_CHECKING:
    from road.conftest import OpenRoad
    from road.kit import Road, Tab

KIB = 1024


async def slow_tab(road: Road, member: str) -> Tab:
    """A client with a narrow pipe that reads nothing until `read()`."""
    road.narrow()
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * KIB)
    narrow.connect(("127.0.0.1", road.port))
    narrow.setblocking(False)
    before = road.replica.hub.client_count
    tab = await road.tab(member, sock=narrow, read=False, max_queue=1)
    await eventually(lambda: road.replica.hub.client_count > before)
    await road.gateways[member].wait_connected()
    await road.settled(member)
    return tab


def stuck(road: Road, n: int = 1) -> bool:
    """Whether the door has begun to drop frames for so many clients."""
    return sum(client.outbox.full_since is not None for client in road.replica.hub._clients.values()) >= n


async def test_a_client_that_reads_nothing_delays_nobody(open_road: OpenRoad) -> None:
    """R3: siblings and other owners get everything meanwhile; the slow one is closed with 4008 in the end."""
    async with open_road(outbox_bytes=64 * KIB, slow_client_timeout_s=0.2, handshake_timeout_s=4.0) as road:
        gateway, other_gateway = await road.owner("ada"), await road.owner("bob")
        sibling, other = await road.tab("ada"), await road.tab("bob")
        slow, deaf = await slow_tab(road, "ada"), await slow_tab(road, "ada")
        closes = metrics.client_closes.labels(code="4008")
        before = closes._value.get()
        with capture_logs() as logs:
            for number in range(300):
                await gateway.emit("cron", {"n": number, "fill": "x" * 4 * KIB})
                await other_gateway.emit("cron", {"n": number})
                if number % 10 == 9:  # who reads is never behind
                    await sibling.event("cron", number + 1)
                    await other.event("cron", number + 1)
            async with asyncio.timeout(10):
                await sibling.call("health")
                await other.answer("still there?")
            assert stuck(road, 2) or any(line["event"] == "client.too_slow" for line in logs)
            await eventually(lambda: sum(line["event"] == "client.too_slow" for line in logs) == 2)

        assert await slow.closed() == 4008
        await eventually(lambda: closes._value.get() == before + 2)
        assert [event["payload"]["n"] for event in sibling.events("cron")] == list(range(300))
        assert sibling.code is None
        assert deaf.code is None, "it heard nothing, not even its end"
        assert road.replica.hub.client_count == 2


async def test_who_reads_again_in_time_is_told_to_reload(open_road: OpenRoad) -> None:
    """R4: one door.resync for the loss, `seq` without holes, every answer, and what comes afterwards."""
    async with open_road(outbox_bytes=64 * KIB, slow_client_timeout_s=60.0) as road:
        gateway = await road.owner("ada")
        slow = await slow_tab(road, "ada")
        await slow.send({"type": "req", "id": "before", "method": "health"})
        for number in range(300):
            await gateway.emit("cron", {"n": number, "fill": "x" * 4 * KIB})
        await eventually(lambda: stuck(road))
        await slow.send({"type": "req", "id": "meanwhile", "method": "health"})
        await gateway.wait_request("health", 2)

        slow.read()
        await slow.event("door.resync")
        await gateway.emit("cron", {"n": "after"})
        await slow.until(lambda: slow.events("cron") and slow.events("cron")[-1]["payload"]["n"] == "after")

        assert len(slow.events("door.resync")) == 1
        assert slow.events("door.resync")[0]["payload"] == {"reason": "slow"}
        assert [frame["seq"] for frame in slow.pushed] == list(range(1, len(slow.pushed) + 1))
        assert [answer["id"] for answer in slow.of("res")] == ["before", "meanwhile"]
        numbers = [event["payload"]["n"] for event in slow.events("cron")]
        assert numbers[:-1] == list(range(len(numbers) - 1)), "what was not dropped is in order"
        assert slow.code is None


async def test_text_for_a_slow_client_is_joined_not_dropped(open_road: OpenRoad) -> None:
    """R4, C3: an answer in many small pieces arrives in fewer, and byte for byte."""
    async with open_road(outbox_bytes=64 * KIB) as road:
        gateway = await road.owner("ada")
        slow = await slow_tab(road, "ada")
        await gateway.emit("cron", {"fill": "x" * 300 * KIB})
        gate = Gate()
        words = [f"{number} " for number in range(1_000)]
        gateway.next_chat(ChatScript(text=words, gates={"final": gate}))
        joined = metrics.coalesced_frames._value.get()
        await slow.chat("go")
        await gate.reached()
        await road.settled("ada")
        assert metrics.coalesced_frames._value.get() > joined

        slow.read()
        gate.open()
        await slow.get("done")

        assert slow.text() == "".join(words)
        assert len(slow.of("chunk")) < len(words)
        assert not slow.events("door.resync")


async def test_who_asks_and_never_reads_is_closed(open_road: OpenRoad) -> None:
    """R4: answers have a bound too."""
    async with open_road(outbox_bytes=64 * KIB, max_message_bytes=64 * KIB, handshake_timeout_s=2.0) as road:
        gateway = await road.owner("ada")
        gateway.custom_methods["test.large"] = lambda call: "x" * 60 * KIB
        slow, sibling = await slow_tab(road, "ada"), await road.tab("ada")

        for number in range(40):
            await slow.send({"type": "req", "id": number, "method": "test.large"})
        await gateway.wait_request("test.large", 40)
        await road.settled("ada")

        assert await slow.closed() == 4008
        assert (await sibling.call("health"))["ok"]
