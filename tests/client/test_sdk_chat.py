"""Chat turns: complete, once, and always with an end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from client.conftest import gone_offline, quick
from vestibule.client import (
    CallError,
    ChatError,
    ChatEvent,
    Chunk,
    ClientCode,
    Done,
    Heartbeat,
    Resync,
    Thinking,
    ToolEnd,
    ToolError,
    ToolStart,
    Turn,
)
from vestibule.client.turn import LIMIT

if TYPE_CHECKING:
    from vestibule.client.door import Door
    from vestibule.testing.door import FakeDoor, FakeTurn


async def heard(turn: Turn) -> list[ChatEvent]:
    async with asyncio.timeout(10):
        return [event async for event in turn]


async def test_a_turn_is_typed_events_and_ends(fake: FakeDoor, door: Door) -> None:
    async def script(turn: FakeTurn) -> None:
        turn.heartbeat()
        turn.push("thinking", content="Hmm")
        turn.push("tool_start", tool="exec", toolCallId="t1", args={"command": "ls"})
        turn.push("tool_end", tool="exec", toolCallId="t1", result={"exitCode": 0})
        turn.push("tool_error", tool="read", toolCallId="t2", result="no such file")
        turn.push("from_the_future", content="?")
        turn.chunk("He")
        turn.chunk("llo")
        turn.done()

    fake.script = script
    turn = door.chat("main", "hi", session_key="agent:main:x", attachments=[{"type": "image"}])
    where = {"run_id": turn.id, "agent": "main", "session_key": "agent:main:x"}

    assert await heard(turn) == [
        Heartbeat(**where),
        Thinking("Hmm", **where),
        ToolStart("exec", "t1", {"command": "ls"}, **where),
        ToolEnd("exec", "t1", {"exitCode": 0}, **where),
        ToolError("read", "t2", "no such file", **where),
        Chunk("He", **where),
        Chunk("llo", **where),
        Done(**where),
    ]
    assert fake.frames("agent_chat")[0]["attachments"] == [{"type": "image"}]
    assert f"{Chunk('He')}{Chunk('llo')}" == "Hello"


async def test_text_is_the_whole_answer(door: Door) -> None:
    assert await door.chat("main", "hi").text() == "You said: hi"


async def test_a_turn_of_several_runs_ends_with_the_last(fake: FakeDoor, door: Door) -> None:
    """C2: `done` of the first run does not end the turn."""

    async def script(turn: FakeTurn) -> None:
        turn.chunk("May I? ")
        turn.done(turn_ended=False)
        turn.run_id = "follow-up"
        turn.chunk("Done.")
        turn.done()

    fake.script = script
    turn = door.chat("main", "deploy")

    assert [type(event) for event in await heard(turn)] == [Chunk, Done, Chunk, Done]
    assert turn.runs == {turn.id, "follow-up"}


async def test_a_drop_in_the_middle_of_an_answer(fake: FakeDoor, door: Door) -> None:
    """C3, C6: joined over the drop, the pieces are the text, byte for byte."""
    dropped = asyncio.Event()

    async def script(turn: FakeTurn) -> None:
        turn.chunk("one ")
        await dropped.wait()
        turn.chunk("two ")
        await fake.wait_until(lambda: len(fake.resumes) == 2)
        turn.chunk("three")
        turn.done()

    fake.script = script
    turn = door.chat("main", "count")
    first = await anext(turn)
    fake.drop()
    dropped.set()

    assert (
        "".join(map(str, [first, *(event for event in await heard(turn) if isinstance(event, Chunk))]))
        == "one two three"
    )
    assert len(fake.frames("agent_chat")) == 1


async def test_an_answer_the_door_forgot_is_said_and_joined_again(fake: FakeDoor, door: Door) -> None:
    """C6: not recovered: `Resync`, then the text so far in one piece that replaces what was shown."""
    dropped = asyncio.Event()

    async def script(turn: FakeTurn) -> None:
        turn.chunk("one ")
        await dropped.wait()
        turn.chunk("two ")
        await fake.wait_until(lambda: len(fake.frames("agent_chat")) == 2)
        turn.chunk("three")
        turn.done()

    fake.script = script
    turn = door.chat("main", "count")
    await anext(turn)
    fake.drop()
    dropped.set()
    fake.forget()

    events = await heard(turn)
    assert isinstance(events[0], Resync)
    pieces: list[str] = []
    for event in events:
        if isinstance(event, Chunk):
            pieces = [*([] if event.replace else pieces), event.content]
    assert "".join(pieces) == "one two three"
    assert {frame["id"] for frame in fake.frames("agent_chat")} == {turn.id}


async def test_an_answer_told_from_the_start_after_a_restart(fake: FakeDoor, door: Door) -> None:
    """C3, C6: a door that restarted knows nothing of what it told before: nothing is shown twice."""

    async def script(turn: FakeTurn) -> None:
        turn.chunk("one ")
        if len(fake.frames("agent_chat")) == 1:
            await turn.aborted.wait()  # this one died with the old door
        turn.chunk("two")
        turn.done()

    fake.script = script
    turn = door.chat("main", "count")
    first = await anext(turn)
    assert str(first) == "one "
    fake.forget(turns=True)
    fake.drop()

    assert await turn.text() == "one two"


async def test_a_slow_reader_gets_the_whole_answer_again(fake: FakeDoor, door: Door) -> None:
    """R4, C6: told on a live socket that frames were dropped, the turn is joined again."""

    async def script(turn: FakeTurn) -> None:
        turn.chunk("one ")
        fake.push({"type": "event", "event": "door.resync", "payload": {"reason": "slow"}})
        turn.text += "two "  # dropped
        await fake.wait_until(lambda: len(fake.frames("agent_chat")) == 2)
        turn.chunk("three")
        turn.done()

    fake.script = script
    assert await door.chat("main", "count").text() == "one two three"


async def test_a_lost_piece_fails_the_whole_text(fake: FakeDoor, door: Door) -> None:
    """C6: `text()` never returns a part and takes it for all."""

    async def script(turn: FakeTurn) -> None:
        turn.chunk("one ")
        fake.push({"type": "event", "event": "door.resync", "payload": {"reason": "slow"}})
        turn.chunk("three")
        turn.done()

    fake.script = script
    with pytest.raises(CallError) as caught:
        await door.chat("main", "count").text()
    assert caught.value.code == "RUN_LOST"


async def test_a_message_said_offline_goes_out_once(fake: FakeDoor, door: Door) -> None:
    """C7: queued, sent once."""
    await fake.stop()
    turns = [door.chat("main", word) for word in ("first", "second")]
    await fake.start()

    assert [await turn.text() for turn in turns] == ["You said: first", "You said: second"]
    assert [frame["message"] for frame in fake.frames("agent_chat")] == ["first", "second"]


async def test_a_message_said_offline_fails_visibly_in_the_end(fake: FakeDoor, door: Door) -> None:
    """C7: or failed visibly, and then it is not sent later either."""
    await gone_offline(fake, door)
    turn = door.chat("main", "hi", send_timeout_s=0.05)

    (event,) = await heard(turn)
    assert isinstance(event, ChatError)
    assert (event.code, event.may_have_run) == (ClientCode.OFFLINE, False)
    await fake.start()
    assert await door.call("health") == {"ok": True}
    assert fake.frames("agent_chat") == []


async def test_a_message_that_may_not_have_arrived_is_sent_again_with_its_id(fake: FakeDoor, door: Door) -> None:
    """C7: the id made here is the idempotency key: the second copy joins the first."""
    heard_first = asyncio.Event()

    async def script(turn: FakeTurn) -> None:
        heard_first.set()
        await fake.wait_until(lambda: len(fake.frames("agent_chat")) == 2)
        turn.chunk("once")
        turn.done()

    fake.script = script
    turn = door.chat("main", "hi")
    await heard_first.wait()
    fake.drop()

    assert await turn.text() == "once"
    assert {frame["id"] for frame in fake.frames("agent_chat")} == {turn.id}


async def test_abort_reaches_the_run(fake: FakeDoor, door: Door) -> None:
    """C10: the stop button names the run it means."""

    async def script(turn: FakeTurn) -> None:
        turn.chunk("I could go on")
        await turn.aborted.wait()
        turn.done(aborted=True)

    fake.script = script
    turn = door.chat("main", "talk")
    await anext(turn)
    await turn.abort()

    (end,) = await heard(turn)
    assert isinstance(end, Done)
    assert end.aborted
    assert fake.frames("chat_abort") == [{"type": "chat_abort", "runId": turn.id}]


async def test_abort_by_agent(fake: FakeDoor, door: Door) -> None:
    await door.abort(agent="main")
    await fake.wait_until(lambda: bool(fake.frames("chat_abort")))

    assert fake.frames("chat_abort") == [{"type": "chat_abort", "agent_name": "main"}]
    with pytest.raises(ValueError, match="abort what"):
        await door.abort()


async def test_abort_before_it_was_sent(fake: FakeDoor, door: Door) -> None:
    await gone_offline(fake, door)
    turn = door.chat("main", "hi")
    await turn.abort()

    assert [type(event) for event in await heard(turn)] == [Done]
    await fake.start()
    assert await door.call("health") == {"ok": True}
    assert fake.frames("agent_chat") == []


async def test_an_error_goes_to_whom_it_is_addressed(fake: FakeDoor, door: Door) -> None:
    """C8: a notice is not part of an answer, and the answer to an abort does not end a run."""
    notices = door.events("door.error")

    async def script(turn: FakeTurn) -> None:
        fake.tell({"type": "error", "message": "Slow down.", "code": "RATE_LIMITED"})
        fake.tell({"type": "error", "message": "Nothing to abort.", "code": "INVALID_REQUEST", "runId": turn.id})
        turn.chunk("unharmed")
        turn.done()

    fake.script = script
    assert await door.chat("main", "hi").text() == "unharmed"
    assert [(await anext(notices)).payload["message"] for _ in range(2)] == ["Slow down.", "Nothing to abort."]


async def test_a_failed_run_ends_the_turn(fake: FakeDoor, door: Door) -> None:
    async def script(turn: FakeTurn) -> None:
        turn.error("The model is away.", retryable=True)

    fake.script = script
    with pytest.raises(CallError) as caught:
        await door.chat("main", "hi").text()
    assert (caught.value.code, caught.value.message, caught.value.retryable) == (
        "RUN_FAILED",
        "The model is away.",
        True,
    )


async def test_a_refused_message_ends_the_turn(fake: FakeDoor, door: Door) -> None:
    async def script(turn: FakeTurn) -> None:
        fake.tell({"type": "error", "message": "Forbidden.", "code": "FORBIDDEN", "id": turn.id})

    fake.script = script
    (event,) = await heard(door.chat("main", "hi"))
    assert isinstance(event, ChatError)
    assert event.code == "FORBIDDEN"


async def test_a_turn_nothing_is_heard_of_ends(fake: FakeDoor, door: Door) -> None:
    """C6: no spinner for ever."""

    async def script(turn: FakeTurn) -> None:
        turn.chunk("well")

    fake.script = script
    events = await heard(door.chat("main", "hi", silence_timeout_s=0.2))
    assert isinstance(events[-1], ChatError)
    assert (events[-1].code, events[-1].may_have_run) == (ClientCode.SILENT, True)


async def test_turns_end_when_the_door_does(fake: FakeDoor) -> None:
    async with quick(fake) as door:
        await fake.stop()
        turn = door.chat("main", "hi")
    (event,) = await heard(turn)
    assert isinstance(event, ChatError)
    assert event.code == ClientCode.CLOSED
    (event,) = await heard(door.chat("main", "hi"))
    assert isinstance(event, ChatError)


async def test_too_many_unsent_messages_are_refused_here(fake: FakeDoor, door: Door) -> None:
    await gone_offline(fake, door)
    turns = [door.chat("main", "hi") for _ in range(257)]

    (event,) = await heard(turns[-1])
    assert isinstance(event, ChatError)
    assert event.code == ClientCode.QUEUE_FULL


async def test_a_turn_nobody_reads_is_bounded_and_loses_no_text(fake: FakeDoor, door: Door) -> None:
    """R4: waiting pieces are joined."""
    text = [f"{n} " for n in range(3 * LIMIT)]

    async def script(turn: FakeTurn) -> None:
        for word in text:
            turn.chunk(word)
        turn.done()

    fake.script = script
    turn = door.chat("main", "count")
    await fake.wait_until(lambda: bool(fake.frames("agent_chat")))
    await door.call("health")  # its answer comes after everything the script pushed

    events = await heard(turn)
    assert len(events) <= LIMIT + 1
    assert "".join(str(event) for event in events if isinstance(event, Chunk)) == "".join(text)


async def test_leaving_the_loop_leaves_nothing_behind(fake: FakeDoor, door: Door) -> None:
    async for _ in door.chat("main", "hi"):
        break

    assert len(door._inbox._turns) == 0
