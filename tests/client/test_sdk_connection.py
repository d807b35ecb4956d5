"""The connection: comes back by itself, resumes, and knows when to stop."""

from __future__ import annotations

import asyncio
import json
import random
import time

import pytest

from client.conftest import quick
from support.waiting import eventually
from vestibule.client import CannotConnect, DoorClosed, Event, Resync
from vestibule.client.backoff import STABLE_S, Backoff
from vestibule.client.door import Door
from vestibule.client.events import Events
from vestibule.testing.door import FakeDoor
from vestibule.version import __version__


async def take(events: Events, count: int) -> list[Event]:
    async with asyncio.timeout(10):
        return [await anext(events) for _ in range(count)]


async def test_events_arrive_by_pattern_from_the_moment_of_asking(fake: FakeDoor, door: Door) -> None:
    chats = door.events("chat*")
    fake.emit("cron", {"n": 1})
    fake.emit("chat", {"n": 2})
    fake.emit("chat.side", {"n": 3})

    assert [event.payload["n"] for event in await take(chats, 2)] == [2, 3]


async def test_after_a_drop_everything_missed_comes_once_and_in_order(fake: FakeDoor, door: Door) -> None:
    """R7: epoch and offset of the last frame bring the rest, and nothing twice."""
    events = door.events("cron")
    fake.emit("cron", 1)
    assert [event.payload for event in await take(events, 1)] == [1]

    fake.drop()
    for n in range(2, 6):
        fake.emit("cron", n)

    assert [event.payload for event in await take(events, 4)] == [2, 3, 4, 5]
    assert fake.resumes[1] == ("epoch-0", 1)


async def test_a_repeated_frame_is_dropped(fake: FakeDoor, door: Door) -> None:
    events = door.events("cron")
    fake.emit("cron", 1)
    await take(events, 1)
    fake.tell({"type": "event", "event": "cron", "payload": "again", "offset": 1})
    fake.emit("cron", 2)

    assert [event.payload for event in await take(events, 1)] == [2]


async def test_what_cannot_be_recovered_is_said(fake: FakeDoor, door: Door) -> None:
    """R7: never a partial recovery: `Resync`, whatever the pattern, then events from now on."""
    events = door.events("cron")
    fake.emit("cron", 1)
    first = await take(events, 1)
    fake.drop()
    fake.emit("cron", "lost")
    fake.forget()
    await fake.wait_until(lambda: fake.connections == 1 and len(fake.resumes) == 2)
    fake.emit("cron", 2)

    heard = first + await take(events, 2)
    assert [event.payload for event in heard if not isinstance(event, Resync)] == [1, 2]
    assert isinstance(heard[1], Resync)
    assert "no longer" in heard[1].reason


async def test_a_gap_in_the_numbers_is_said(fake: FakeDoor, door: Door) -> None:
    events = door.events("cron")
    fake.tell({"type": "event", "event": "cron", "payload": 1, "offset": 5})
    await take(events, 1)
    await fake.send_raw(json.dumps({"type": "event", "event": "cron", "payload": 2, "seq": 9, "offset": 9}))

    gap, event = await take(events, 2)
    assert isinstance(gap, Resync)
    assert event.payload == 2


async def test_the_door_says_that_this_client_was_too_slow(fake: FakeDoor, door: Door) -> None:
    """R4: a resync on a live socket arrives like any other."""
    events = door.events("nothing")
    fake.emit("door.resync", {"reason": "slow"})

    (event,) = await take(events, 1)
    assert isinstance(event, Resync)
    assert event.reason == "slow"


async def test_an_iterator_nobody_reads_is_bounded(fake: FakeDoor, door: Door) -> None:
    """R4: too many events waiting become one `Resync` and the newest ones."""
    events = Events("*", limit=10)
    for n in range(15):
        events.offer(Event("cron", n))

    heard = await take(events, 6)
    assert isinstance(heard[0], Resync)
    assert [event.payload for event in heard[1:]] == [10, 11, 12, 13, 14]


async def test_the_gateways_state_is_known_and_told(fake: FakeDoor, door: Door) -> None:
    states = door.events("door.status")
    fake.tell({"type": "status", "state": "down", "reason": "The gateway does not answer.", "retryInMs": 900})

    (event,) = await take(states, 1)
    assert event.payload["state"] == "down"
    assert (door.status.state, door.status.retry_in_ms) == ("down", 900)


async def test_a_frozen_door_is_noticed_within_two_intervals() -> None:
    """W4: silence is not life."""
    async with FakeDoor(ping_interval_s=0.1) as fake, quick(fake) as door:
        fake.freeze()
        await eventually(lambda: not door.is_connected)
        fake.thaw()
        assert await door.call("health") == {"ok": True}
        assert len(fake.resumes) >= 2


async def test_a_quiet_door_that_answers_pings_is_kept() -> None:
    async with FakeDoor(ping_interval_s=0.1) as fake, quick(fake) as door:
        await fake.wait_until(lambda: len(fake.frames("ping")) >= 5)

        assert door.is_connected
        assert len(fake.resumes) == 1


@pytest.mark.parametrize("code", [4001, 4003, 4500, 4999])
async def test_final_codes_end_it(fake: FakeDoor, door: Door, code: int) -> None:
    """W3: stops on final codes only, and says why."""
    events = door.events()
    await fake.close(code, "no more")

    with pytest.raises(DoorClosed) as caught:
        await take(events, 1)
    assert caught.value.code == code
    with pytest.raises(DoorClosed):
        await anext(door.events())
    assert len(fake.handshakes) == 1


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012, 1013, 4008, 4009, 4029])
async def test_any_other_code_means_come_back(fake: FakeDoor, door: Door, code: int) -> None:
    """W3."""
    await fake.close(code)
    await fake.wait_until(lambda: len(fake.resumes) == 2)

    assert await door.call("health") == {"ok": True}


async def test_a_restarting_door_says_when_to_come_back(fake: FakeDoor) -> None:
    """1012 carries a delay of the door's choosing, which spreads its clients."""
    async with Door(fake.url, fake.token, backoff=Backoff(base_s=1_000, cap_s=1_000, rng=random.Random(1))) as door:
        await fake.close(1012, '{"retryInMs":20}')
        await fake.wait_until(lambda: len(fake.resumes) == 2)
        assert await door.call("health") == {"ok": True}


async def test_refusals_that_pass_are_sat_out(fake: FakeDoor) -> None:
    """W3: more than five failures do not end it."""
    fake.refuse(503, times=4)
    fake.refuse(1013, times=4)

    async with quick(fake) as door:
        assert await door.call("health") == {"ok": True}
    assert len(fake.handshakes) == 9


async def test_a_wrong_token_is_final(fake: FakeDoor) -> None:
    with pytest.raises(DoorClosed, match="Not signed in") as caught:
        async with quick(fake, "wrong"):
            pass
    assert caught.value.code == 4001


@pytest.mark.parametrize(("status", "code"), [(401, 4001), (403, 4003)])
async def test_a_refused_upgrade_is_final(fake: FakeDoor, status: int, code: int) -> None:
    fake.refuse(status)
    with pytest.raises(DoorClosed) as caught:
        async with quick(fake):
            pass
    assert caught.value.code == code


async def test_the_token_travels_in_a_header_and_nowhere_else(fake: FakeDoor) -> None:
    """S2: never in the URL."""
    async with quick(fake) as door:
        assert fake.token not in repr(door)
    assert fake.handshakes[0]["Authorization"] == f"Bearer {fake.token}"
    assert fake.handshakes[0]["User-Agent"] == f"vestibule/{__version__}"
    assert "Sec-WebSocket-Protocol" not in fake.handshakes[0]


async def test_the_token_can_be_a_subprotocol(fake: FakeDoor) -> None:
    async with quick(fake, credential="subprotocol") as door:
        assert await door.call("health") == {"ok": True}
    assert "Authorization" not in fake.handshakes[0]


async def test_every_connect_asks_for_a_fresh_token(fake: FakeDoor) -> None:
    """S3: an async token function is asked each time; its failures are sat out."""
    asked = 0

    async def token() -> str:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise OSError("identity provider away")
        return fake.token

    async with quick(fake, token) as door:
        fake.token = "next"
        fake.drop()
        await fake.wait_until(lambda: len(fake.resumes) == 2)
        assert await door.call("health") == {"ok": True}
    assert asked == 3
    assert fake.handshakes[-1]["Authorization"] == "Bearer next"


async def test_a_token_that_ended_is_replaced(fake: FakeDoor) -> None:
    """S3: 4001 on a live socket is final for a fixed token, not for a function with a fresh one."""
    async with quick(fake, lambda: fake.token) as door:
        fake.token = "next"
        await fake.close(4001, "expired")
        await fake.wait_until(lambda: len(fake.resumes) == 2)
        assert await door.call("health") == {"ok": True}


async def test_a_token_is_renewed_in_place_before_it_ends(fake: FakeDoor) -> None:
    """S3: in-band refresh, the socket stays."""
    fake.expires_at = time.time() + 1.2
    async with quick(fake, lambda: fake.token):
        await fake.wait_until(lambda: bool(fake.frames("auth")))
    assert fake.frames("auth")[0]["token"] == fake.token
    assert len(fake.handshakes) == 1


async def test_refresh_on_demand(fake: FakeDoor, door: Door) -> None:
    await door.refresh()
    await fake.wait_until(lambda: bool(fake.frames("auth")))


async def test_an_http_server_that_is_no_door(fake: FakeDoor) -> None:
    """W3: the first answer settles it, instead of thirty seconds of trying; a door known before is sat out."""
    fake.refuse(404, times=1)
    with pytest.raises(CannotConnect, match=r"HTTP 404 .* ends in /ws"):
        async with quick(fake):
            pass
    async with quick(fake) as door:
        fake.refuse(404, times=2)
        fake.drop()
        await fake.wait_until(lambda: len(fake.handshakes) == 5)
        assert await door.call("health") == {"ok": True}


async def test_a_redirect_is_not_followed(fake: FakeDoor) -> None:
    """S2: a token follows nobody."""
    fake.refuse(302, times=1)
    with pytest.raises(CannotConnect, match="HTTP 302"):
        async with quick(fake, retry_open=False):
            pass


def test_delays_are_full_jitter_and_forgive_only_a_stable_connection() -> None:
    """W3: 0.5 to 30 s, doubling; a flapping door does not reset them."""

    class Highest(random.Random):
        def uniform(self, a: float, b: float) -> float:
            assert a == 0
            return b

    backoff = Backoff(rng=Highest())
    assert [backoff.next() for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    backoff.lived(STABLE_S - 1)
    assert backoff.next() == 30
    backoff.lived(STABLE_S)
    assert backoff.next() == 0.5
