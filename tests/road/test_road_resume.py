"""Coming back: nothing lost, nothing twice; what cannot be had is said."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from support.waiting import eventually
from vestibule.model import Role
from vestibule.testing import ChatScript, Fault, Gate, ToolCall
from vestibule.testing.methods import handlers

if TYPE_CHECKING:
    from road.conftest import OpenRoad
    from road.kit import Frame, Road, Tab
    from vestibule.testing.methods import Call

WORDS = [f"word{number} " for number in range(12)]
FULL = "".join(WORDS)


async def back(road: Road, position: Frame, *, by: str, member: str = "ada") -> Tab:
    """A new socket in the old place."""
    if by == "url":
        return await road.tab(member, resume=position, ready=False)
    tab = await road.tab(member, ready=False)
    await tab.send({"type": "resume", **position})
    await tab.get("hello", 2)
    return tab


def new_frames(tab: Tab, position: Frame) -> list[Frame]:
    """What came after the hello that recovered, without what the client knows it had."""
    greeted = max(number for number, frame in enumerate(tab.frames) if frame["type"] == "hello")
    return [frame for frame in tab.frames[greeted:] if frame.get("offset", 0) > position["offset"]]


def contiguous(frames: list[Frame]) -> None:
    offsets = [frame["offset"] for frame in frames if "seq" in frame]
    assert offsets == sorted(set(offsets))


@pytest.mark.parametrize("by", ["url", "frame"])
@pytest.mark.parametrize("protocol", [3, 4])
async def test_a_socket_lost_in_an_answer_loses_nothing(road: Road, by: str, protocol: int) -> None:
    """C6, C3: the rest comes on the next socket, in order, once, byte for byte, wherever it was cut."""
    gateway = await road.owner("ada", protocol=protocol)
    for cut in (0, 1, 5, 11):
        gate = Gate()
        gateway.next_chat(ChatScript(text=WORDS, gates={f"chunk:{cut}": gate}))
        first = await road.tab("ada")
        await first.chat("go", id=str(uuid.uuid4()))
        await gate.reached()
        await first.until(lambda first=first, cut=cut: first.text() == "".join(WORDS[:cut]))
        await first.ping()
        position = first.position
        first.drop()
        gate.open()
        await eventually(gateway.runs.is_idle)

        second = await back(road, position, by=by)
        await second.get("done")

        assert second.hello["recovered"] is True
        assert second.hello["epoch"] == position["epoch"]
        missed = new_frames(second, position)
        assert first.text() + "".join(frame["content"] for frame in missed if frame["type"] == "chunk") == FULL
        assert sum(frame["type"] == "done" for frame in missed) == 1
        contiguous(missed)
        assert [frame["seq"] for frame in second.pushed] == list(range(1, len(second.pushed) + 1))


async def test_a_run_goes_on_while_nobody_watches_and_live_afterwards(road: Road) -> None:
    """C6: away for some chunks, back for the others."""
    gateway = await road.owner("ada")
    away, later = Gate(), Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": away, "chunk:8": later}))
    first = await road.tab("ada")
    await first.chat("go")
    await away.reached()
    await first.until(lambda: first.text() == "".join(WORDS[:3]))
    position = first.position
    first.drop()
    away.open()
    await later.reached()

    second = await road.tab("ada", resume=position)
    await second.until(lambda: second.text() == "".join(WORDS[3:8]))
    later.open()
    await second.get("done")

    assert first.text() + second.text() == FULL
    assert len(second.of("done")) == 1


async def test_events_missed_come_too_and_subscriptions_are_still_there(road: Road) -> None:
    """C6, P9: the seat is kept with what it had subscribed to."""
    gateway = await road.owner("ada")
    first = await road.tab("ada")
    await first.call("sessions.subscribe")
    await gateway.emit("cron", {"n": 0})
    await first.event("cron")
    position = first.position
    first.drop()
    await eventually(lambda: road.replica.hub.client_count == 0)
    for number in (1, 2, 3):
        await gateway.emit("cron", {"n": number})
    gateway.session_changed("agent:main:main", reason="participants")
    await gateway.emit("cron", {"n": 4})
    await road.settled("ada")

    second = await road.tab("ada", resume=position)
    await gateway.emit("cron", {"n": 5})
    await second.event("cron", 5)

    assert second.hello["recovered"] is True
    assert [event["payload"].get("n", "changed") for event in second.events()] == [1, 2, 3, "changed", 4, 5]
    contiguous(second.pushed)


async def test_hello_is_the_first_frame(road: Road) -> None:
    """The door protocol: whatever the gateway does meanwhile, `hello` comes first."""
    await road.owner("ada")

    first, second = await road.tab("ada"), await road.tab("ada")

    assert first.frames[0]["type"] == second.frames[0]["type"] == "hello"
    assert first.frames[0]["gateway"]["state"] == "connecting"


async def test_two_sockets_in_one_seat(road: Road) -> None:
    """C6, P9: the new socket is there before the old one is known to be dead."""
    gateway = await road.owner("ada")
    first = await road.tab("ada")
    await gateway.emit("cron", {"n": 0})
    await first.event("cron")

    second = await road.tab("ada", resume=first.position)
    first.drop()
    await eventually(lambda: road.replica.hub.client_count == 1)
    await second.answer("still here?")

    assert second.hello["recovered"] is True
    assert second.text() == "Echo: still here?"


@pytest.mark.parametrize(
    "wanted", [{"resume_tail_bytes": 200}, {"resume_tail_age_s": 0.0, "grace_s": 0.0}], ids=["bytes", "age"]
)
async def test_who_comes_back_too_late_is_told(open_road: OpenRoad, wanted: Frame) -> None:
    """C6: `recovered: false` and not a single old frame: never a partial recovery."""
    async with open_road(**wanted) as road:
        gateway = await road.owner("ada")
        staying = await road.tab("ada")
        first = await road.tab("ada")
        await gateway.emit("cron", {"n": 0})
        await first.event("cron")
        position = first.position
        first.drop()
        for number in range(1, 20):
            await gateway.emit("cron", {"n": number})
        await staying.event("cron", 20)

        for n, by in enumerate(("url", "frame")):
            late = await back(road, position, by=by)
            await gateway.emit("cron", {"n": 20 + n})
            await late.event("cron")
            assert late.hello["recovered"] is False
            assert late.hello["epoch"] != position["epoch"]
            assert [event["payload"]["n"] for event in late.events("cron")] == [20 + n]


async def test_an_epoch_nobody_gave(road: Road) -> None:
    """C6, S5: a fresh start, whatever was shown."""
    await road.owner("ada")
    for epoch in ("", "nonsense", "x.y", "."):
        tab = await road.tab("ada", resume={"epoch": epoch, "offset": 0})
        assert tab.hello["recovered"] is False
        tab = await road.tab("ada")
        await tab.send({"type": "resume", "epoch": epoch, "offset": 10**15})
        assert (await tab.get("hello", 2))["recovered"] is False
        assert (await tab.answer("hi"))["turnEnded"]


async def test_a_seat_is_its_members_own(road: Road) -> None:
    """R1: showing another member's epoch gets nothing of theirs."""
    gateway = await road.owner("acme", ("bob", Role.OPERATOR), ("eve", Role.ADMIN))
    gate = Gate()
    gateway.next_chat(ChatScript(text=["secret of bob"], gates={"final": gate}))
    bob = await road.tab("bob")
    await bob.chat("go")
    await bob.get("chunk")
    position = {"epoch": bob.hello["epoch"], "offset": 0}

    eve = await back(road, position, by="url", member="eve")
    gate.open()
    await bob.get("done")
    await eve.ping()

    assert eve.hello["recovered"] is False
    assert not any("secret of bob" in raw for raw in eve.raw)


async def test_resume_twice_and_resume_late(road: Road) -> None:
    """C6: in its own seat a client may ask again; in the middle of a conversation it may not."""
    gateway = await road.owner("ada")
    first = await road.tab("ada")
    await gateway.emit("cron", {"n": 1})
    await first.event("cron")
    position = {"epoch": first.hello["epoch"], "offset": 0}
    first.drop()

    second = await road.tab("ada", resume=position)
    await second.send({"type": "resume", **position})
    again = await second.get("hello", 2)
    await second.event("cron", 2)
    await second.send({"type": "resume", **position})

    assert again["recovered"] is True
    assert (await second.get("error"))["code"] == "INVALID_REQUEST"
    second.drop()
    await eventually(lambda: road.replica.hub.client_count == 0)
    assert (await road.tab("ada", resume=position)).hello["recovered"] is True


async def test_a_seat_left_by_resume_does_not_keep_the_gateway(open_road: OpenRoad) -> None:
    """P17: the short-lived first seat of a client that resumed by frame holds nothing open."""
    async with open_road(grace_s=0.1) as road:
        gateway = await road.owner("ada")
        first = await road.tab("ada")
        position = {"epoch": first.hello["epoch"], "offset": 0}
        first.drop()
        second = await back(road, position, by="frame")
        assert second.hello["recovered"] is True
        await second.leave()

        await gateway.wait_for(lambda: gateway.open_connections == 0)


async def test_after_an_idle_close_nothing_is_pretended(open_road: OpenRoad) -> None:
    """C6: while nobody was there the gateway was let go, and its events with it: `recovered: false`."""
    async with open_road(grace_s=0.05) as road:
        gateway = await road.owner("ada")
        first = await road.tab("ada")
        position = {"epoch": first.hello["epoch"], "offset": 0}
        first.drop()
        await gateway.wait_for(lambda: gateway.open_connections == 0)
        await gateway.emit("cron", {"n": "nobody hears this"})

        second = await road.tab("ada", resume=position)

        assert second.hello["recovered"] is False


# -- the gateway's connection is lost


@pytest.mark.parametrize("protocol", [3, 4])
async def test_a_gateway_connection_lost_in_an_answer(road: Road, protocol: int) -> None:
    """C6: the run goes on at the gateway; what was missed is made up, byte for byte, and the end comes."""
    gateway = await road.owner("ada", protocol=protocol)
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
    tab = await road.tab("ada")
    await tab.chat("go")
    await gate.reached()
    await tab.until(lambda: tab.text() == "".join(WORDS[:3]))

    await gateway.drop()
    await gateway.wait_connected()
    gate.open()
    await tab.get("done")

    assert tab.text() == FULL
    assert "".join(chunk["content"] for chunk in tab.of("chunk")) == FULL
    assert len(gateway.requests_of("chat.send")) == 1


async def test_a_run_that_ends_while_the_gateway_is_away(road: Road) -> None:
    """C6: the end was missed; the gateway's history knows it."""
    gateway = await road.owner("ada")
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
    tab = await road.tab("ada")
    await tab.chat("go")
    await gate.reached()
    gateway.add_fault(Fault.HTTP_503)
    await gateway.drop()
    gate.open()
    await eventually(gateway.runs.is_idle)
    gateway.clear_faults()
    done = await tab.get("done")

    assert "".join(chunk["content"] for chunk in tab.of("chunk")) == FULL
    assert done["turnEnded"] is True


@pytest.mark.parametrize("ended", [False, True], ids=["under way", "over"])
async def test_a_waiting_message_answered_while_the_gateway_is_away(road: Road, ended: bool) -> None:
    """C2, C6: the begin of its run was missed; the gateway's history tells which one it is."""
    gateway = await road.owner("ada")
    gateway.queue_mode = "followup"
    first, second = Gate(), Gate()
    gateway.next_chat(ChatScript(text=["First done."], gates={"chunk:0": first}))
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": second}))
    tab = await road.tab("ada")
    await tab.chat("one", id="one")
    await first.reached()
    await tab.chat("two", id="two")
    await tab.get("heartbeat", id="two", phase="accepted")
    await tab.ping()

    gateway.add_fault(Fault.HTTP_503)
    await gateway.drop()
    first.open()
    await second.reached()
    if ended:
        second.open()
        await eventually(gateway.runs.is_idle)
    gateway.clear_faults()
    await gateway.wait_connected()
    if not ended:
        await tab.until(lambda: "".join(WORDS[:3]) in tab.text())
        second.open()
    done = await tab.get("done", id="two", turnEnded=True)

    assert tab.text(done["runId"]) == FULL
    assert len(gateway.requests_of("chat.send")) == 2
    assert tab.of("error") == []


async def test_a_slow_history_is_told_before_what_came_after_it(road: Road) -> None:
    """C6, C9: the run goes on, and even ends, while its past is asked for; the client hears all of it in order."""
    gateway = await road.owner("ada")
    past, present = Gate(), Gate()
    asked, told = asyncio.Event(), asyncio.Event()
    tool = ToolCall("exec", {"command": "date"}, "today")
    gateway.next_chat(
        ChatScript(text=WORDS, tools=(tool,), gates={"tool:0": past, "chunk:1": present}, one_delta=False)
    )
    tab = await road.tab("ada")
    await tab.chat("go")
    await past.reached()

    async def slow_history(call: Call) -> Any:
        answer = handlers()["chat.history"](call)
        asked.set()
        await told.wait()
        return answer

    gateway.custom_methods["chat.history"] = slow_history
    gateway.add_fault(Fault.HTTP_503)
    await gateway.drop()
    past.open()
    await present.reached()
    gateway.clear_faults()
    await gateway.wait_connected()
    await asked.wait()
    present.open()
    await eventually(gateway.runs.is_idle)
    told.set()
    await tab.get("done")

    kinds = [frame["type"] for frame in tab.frames if frame["type"] in ("tool_start", "tool_end", "chunk", "done")]
    assert kinds[:3] == ["tool_start", "tool_end", "chunk"]
    assert kinds[-1] == "done"
    assert "".join(chunk["content"] for chunk in tab.of("chunk")) == FULL


async def test_a_run_the_gateway_knows_no_more(road: Road) -> None:
    """C6: the client is told to reload; no spinner for ever."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")
    await tab.answer("before", id=str(uuid.uuid4()))
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
    await tab.chat("go", id="lost-one")
    await gate.reached()

    await gateway.restart(expected_ms=10)
    error = await tab.get("error", id="lost-one")

    assert (error["code"], error["turnEnded"], error["mayHaveRun"]) == ("RUN_LOST", True, True)
    assert (await tab.answer("and on we go"))["turnEnded"]


async def test_a_run_nobody_can_tell_of_is_given_up(open_road: OpenRoad) -> None:
    """C6: an old gateway notes no runs; after a while without news the client is told."""
    async with open_road(rpc_timeout_s=0.5) as road:
        gateway = await road.owner("ada", protocol=3)
        gate = Gate()
        gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
        tab = await road.tab("ada")
        await tab.chat("go", id="lost-one")
        await gate.reached()

        await gateway.restart(expected_ms=10)
        error = await tab.get("error", id="lost-one")

        assert (error["code"], error["turnEnded"]) == ("RUN_LOST", True)


# -- once, whatever happens


async def test_the_same_message_twice_is_one_run(road: Road) -> None:
    """C7: the client's id is the idempotency key."""
    gateway = await road.owner("ada")
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
    tab = await road.tab("ada")
    turn = str(uuid.uuid4())
    await tab.chat("go", id=turn)
    await gate.reached()
    await tab.chat("go", id=turn)
    await tab.ping()
    gate.open()
    await tab.get("done")
    await tab.ping()

    assert tab.text() == FULL
    assert len(tab.of("done")) == 1
    assert len(gateway.requests_of("chat.send")) == 1


async def test_the_same_message_again_from_a_new_place(road: Road) -> None:
    """C7, C6: who lost everything sends it again, and gets the text so far and the rest; one run."""
    gateway = await road.owner("ada")
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
    first = await road.tab("ada")
    turn = str(uuid.uuid4())
    await first.chat("go", id=turn)
    await gate.reached()
    await first.until(lambda: first.text() == "".join(WORDS[:3]))
    first.drop()

    second = await road.tab("ada")
    await second.chat("go", id=turn)
    await second.get("chunk")
    gate.open()
    await second.get("done")

    assert second.text() == FULL
    assert gateway.runs.all.keys() == {turn}


async def test_the_same_message_after_its_end(road: Road) -> None:
    """C7: it is not run again; the answer is told again from the history."""
    gateway = await road.owner("ada")
    first = await road.tab("ada")
    turn = str(uuid.uuid4())
    await first.answer("only once", id=turn)
    first.drop()

    second = await road.tab("ada")
    await second.answer("only once", id=turn)

    assert second.text() == "Echo: only once"
    assert gateway.runs.all.keys() == {turn}


async def test_an_id_of_another_members_turn(road: Road) -> None:
    """R1, C7: it is taken; nobody gets another's answer by guessing or copying an id."""
    gateway = await road.owner("acme", ("bob", Role.OPERATOR), ("eve", Role.ADMIN))
    gate = Gate()
    gateway.next_chat(ChatScript(text=["secret of bob", " and more"], gates={"chunk:1": gate}))
    bob, eve = await road.tab("bob"), await road.tab("eve")
    turn = str(uuid.uuid4())
    await bob.chat("go", id=turn)
    await gate.reached()

    await eve.chat("go", id=turn)
    error = await eve.get("error", id=turn)
    gate.open()
    await bob.get("done")
    await eve.ping()

    assert error["code"] == "DUPLICATE_ID"
    assert bob.text() == "secret of bob and more"
    assert not any("secret of bob" in raw for raw in eve.raw)


async def test_a_message_sent_while_the_gateway_is_away(road: Road) -> None:
    """C7: it waits for the gateway, goes up once, and is not taken for lost by the look into the history."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")
    await tab.answer("before", id=str(uuid.uuid4()))
    gateway.add_fault(Fault.HTTP_503, times=1)
    await gateway.drop()
    await tab.until(lambda: tab.gateway != "ready")

    await tab.answer("while you were out", id=str(uuid.uuid4()))

    assert not tab.of("error")
    assert tab.text(tab.of("done")[-1]["runId"]) == "Echo: while you were out"
    assert len(gateway.requests_of("chat.send")) == 2


async def test_a_message_whose_answer_was_lost_on_the_way(road: Road) -> None:
    """C7, C6: the gateway took it and the socket died; the run is found again, not started again."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")
    gateway.add_fault(Fault.DROP_AFTER_SEND, method="chat.send", times=1)

    await tab.answer("go", id=str(uuid.uuid4()))

    assert tab.text() == "Echo: go"
    assert len(gateway.runs.all) == 1


async def test_the_sdk_comes_back_by_itself(road: Road) -> None:
    """C6, C7: sockets cut in the middle of an answer, and `text()` is whole."""
    gateway = await road.owner("ada")
    gates = {f"chunk:{number}": Gate() for number in (2, 5, 9)}
    gateway.next_chat(ChatScript(text=WORDS, gates=gates))
    async with await road.door("ada") as door:
        turn = door.chat("main", "go")
        for gate in gates.values():
            await gate.reached()
            road.cut()
            gate.open()

        assert await turn.text() == FULL
    assert len(gateway.runs.all) == 1
