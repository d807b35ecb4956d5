"""Chat through the whole road: what the gateway streams, as the door tells it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from support.realroad import new_session, real_road, said
from vestibule.client import ChatError, Chunk, Done, Thinking, ToolEnd, ToolStart
from vestibule.testing import Gate, Reply, ToolCall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from road.kit import Frame, Tab
    from support.openclaw import RealGateway
    from support.realroad import RealRoad

TEXTS = {
    "short": "Yes.",
    "long": " ".join(f"word{number}" for number in range(300)),
    "rich": "# Grüße 😀\n\n- eins\n- *zwei*\n\n```python\nprint('\u2028')\n```\n\nEnde",
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("version", ["openclaw", "old_openclaw"])
async def test_the_increments_are_the_text(
    version: str, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """C3, C4, C9: byte for byte what the history has, on both wires, and not once `replace`."""
    gateway: RealGateway = request.getfixturevalue(version)
    gateway.model.answer(f"say the {kind} one", Reply(TEXTS[kind], delay_s=0.005))
    async with real_road(tmp_path, gateway) as road:
        tab, key = await road.tab("ada"), new_session()

        done = await tab.answer(f"say the {kind} one", sessionKey=key)

        assert said(await tab.call("chat.history", {"sessionKey": key, "limit": 10})) == [TEXTS[kind]]
        assert "".join(chunk["content"] for chunk in tab.of("chunk")) == TEXTS[kind]
        assert done["turnEnded"] is True
        assert not [chunk for chunk in tab.of("chunk") if "replace" in chunk]


@pytest.mark.parametrize("version", ["openclaw", "old_openclaw"])
async def test_a_tool_call(version: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """C9, C2, C3: the tool starts and ends, with arguments and result, between two pieces of one text."""
    gateway: RealGateway = request.getfixturevalue(version)
    command = ToolCall("exec", {"command": "echo from the tool"})
    gateway.model.answer("what does it say", Reply("Let me see.", tool=command), Reply("It says so."))
    async with real_road(tmp_path, gateway) as road:
        tab, key = await road.tab("ada"), new_session()

        done = await tab.answer("what does it say", sessionKey=key)

        (start,), (end,) = tab.of("tool_start"), tab.of("tool_end")
        assert (start["tool"], start["args"]) == ("exec", {"command": "echo from the tool"})
        assert end["toolCallId"] == start["toolCallId"]
        if gateway.protocol == 4:  # wire 3 tells the end only
            assert "from the tool" in end["result"]["content"][0]["text"]
        assert tab.text().replace("\n", "") == "Let me see.It says so."
        assert [message for message in told(tab) if message in ("tool_start", "tool_end", "done")] == [
            "tool_start",
            "tool_end",
            "done",
        ]
        assert said(await tab.call("chat.history", {"sessionKey": key, "limit": 10})) == ["Let me see.", "It says so."]
        assert {frame["runId"] for kind in ("chunk", "tool_start", "tool_end") for frame in tab.of(kind)} == {
            done["runId"]
        }


async def test_thinking(road: RealRoad, openclaw: RealGateway) -> None:
    """C9: increments of its own, never part of the text."""
    openclaw.model.answer("ponder this", Reply("Done.", thinking="First this, then that."))
    tab, key = await road.tab("ada"), new_session()

    await tab.answer("ponder this", sessionKey=key)

    assert "".join(frame["content"] for frame in tab.of("thinking")) == "First this, then that."
    assert tab.text() == "Done."


async def test_the_second_message_knows_the_first(road: RealRoad, openclaw: RealGateway) -> None:
    """C1: without a session named, an agent's chats are one conversation."""
    openclaw.model.answer("my name is Ada", Reply("Hello Ada."))
    openclaw.model.answer("what is my name", Reply("Ada."))
    tab = await road.tab("ada")

    await tab.answer("my name is Ada")
    done = await tab.answer("what is my name")

    asked = next(body for body in reversed(openclaw.model.requests) if "what is my name" in str(body["messages"]))
    assert "my name is Ada" in str(asked["messages"])
    assert done["sessionKey"] == "agent:main:main"


async def test_the_same_id_twice_is_one_run(road: RealRoad, openclaw: RealGateway) -> None:
    """C7: in flight, from another tab, and after the end."""
    gate = Gate()
    openclaw.model.answer("only once", Reply("Once and for all.", gates={"chunk:2": gate}))
    one, other, key, turn = await road.tab("ada"), await road.tab("ada"), new_session(), str(uuid.uuid4())
    await one.chat("only once", sessionKey=key, id=turn)
    await openclaw.reached(gate)
    await one.chat("only once", sessionKey=key, id=turn)
    await other.chat("only once", sessionKey=key, id=turn)
    await openclaw.open(gate)
    await other.get("done", id=turn)

    await one.answer("only once", sessionKey=key, id=turn)

    assert other.text(turn) == "Once and for all."
    assert one.of("chunk")[-1]["runId"] == turn
    history = await one.call("chat.history", {"sessionKey": key, "limit": 50})
    assert [message["role"] for message in history["messages"]] == ["user", "assistant"]
    assert len([body for body in openclaw.model.requests if "only once" in str(body["messages"])]) == 1


async def test_another_tab_sees_the_events(road: RealRoad, openclaw: RealGateway) -> None:
    """R1, P4: chat frames are for the tab that asked; the owner's other one has the gateway's events, both the end."""
    openclaw.model.answer("for one tab", Reply("For you."))
    one, other, key = await road.tab("ada"), await road.tab("ada"), new_session()

    run = (await one.answer("for one tab", sessionKey=key))["runId"]
    await other.until(lambda: states(other) and states(other)[-1] == "final")

    assert {event["payload"]["runId"] for event in other.events("chat")} == {run}
    assert not [frame for kind in ("chunk", "done", "heartbeat") for frame in other.of(kind)]
    assert not [event for event in one.events("chat") if event["payload"]["runId"] == run]


async def test_two_tabs_chat_at_once(road: RealRoad, openclaw: RealGateway) -> None:
    """R1, P4: two sessions, the same client ids, two answers."""
    one, other = await road.tab("ada"), await road.tab("ada")
    for name in ("left", "right"):
        openclaw.model.answer(f"the {name} question", Reply(f"The {name} answer."))

    await one.chat("the left question", sessionKey=new_session(), id="1")
    await other.chat("the right question", sessionKey=new_session(), id="1")
    await one.get("done", id="1")
    await other.get("done", id="1")

    assert (one.text(), other.text()) == ("The left answer.", "The right answer.")


@pytest.mark.parametrize("by_run", [True, False])
async def test_abort(road: RealRoad, openclaw: RealGateway, by_run: bool) -> None:
    """C10: the run ends at the gateway, what was said stays, and the same id does not begin again."""
    gate, key, turn = Gate(), new_session(), str(uuid.uuid4())
    openclaw.model.answer(f"never mind {by_run}", Reply("one two three four", gates={"chunk:2": gate}))
    tab = await road.tab("ada")
    await tab.chat(f"never mind {by_run}", sessionKey=key, id=turn)
    await openclaw.reached(gate)
    await tab.until(lambda: tab.text() == "one two")

    await tab.send({"type": "chat_abort", **({"runId": turn} if by_run else {"agent_name": "main", "sessionKey": key})})
    done = await tab.get("done")
    await openclaw.open(gate)

    assert (done["aborted"], done["turnEnded"], tab.text()) == (True, True, "one two")
    row = await session(tab, key)
    assert (row["status"], bool(row.get("hasActiveRun"))) == ("killed", False)
    again = await tab.answer(f"never mind {by_run}", sessionKey=key, id=turn)
    assert again["aborted"] is True


async def test_a_failing_model(road: RealRoad, openclaw: RealGateway) -> None:
    """C8: one error, addressed to its turn, with the gateway's words; other turns are not touched."""
    openclaw.model.answer("let in, please", Reply("no such key", status=401))
    openclaw.model.answer("and you", Reply("I work."))
    tab = await road.tab("ada")
    key = (await tab.call("sessions.create", {"model": "failing/demo", "label": "failing"}))["key"]
    turn = str(uuid.uuid4())

    await tab.chat("let in, please", sessionKey=key, id=turn)
    error = await tab.get("error", id=turn)
    await tab.answer("and you", sessionKey=new_session())
    await tab.chat("let in, please", sessionKey=key, id=turn)
    again = await tab.get("error", 2, id=turn)

    assert (error["code"], error["turnEnded"], error["runId"]) == ("RUN_FAILED", True, turn)
    assert "401" in error["message"]
    assert tab.text() == "I work."
    assert len(tab.of("error")) == 2
    assert "401" in again["message"]
    history = await tab.call("chat.history", {"sessionKey": key, "limit": 50})
    assert [message["role"] for message in history["messages"]] == ["user", "assistant"]


async def test_a_message_into_a_running_turn(road: RealRoad, openclaw: RealGateway) -> None:
    """C2: it joins the run or waits for it, as the gateway likes; both turns end, and every word is told once."""
    gate, key = Gate(), new_session()
    openclaw.model.answer("the first thing", Reply("First done.", gates={"chunk:1": gate}))
    openclaw.model.answer("one more thing", Reply("And the other."))
    tab = await road.tab("ada")
    await tab.chat("the first thing", sessionKey=key, id="first")
    await openclaw.reached(gate)

    await tab.chat("one more thing", sessionKey=key, id="second")
    await tab.get("heartbeat", id="second", phase="accepted")
    await openclaw.open(gate)
    first = await tab.get("done", id="first", turnEnded=True)
    second = await tab.get("done", id="second", turnEnded=True)

    told = (tab.text(first["runId"]), tab.text(second["runId"]))
    assert told in [("First done.\n\nAnd the other.", ""), ("First done.", "And the other.")]
    assert tab.of("error") == []


@pytest.fixture
async def queueing(openclaw: RealGateway) -> AsyncIterator[None]:
    """The gateway answers messages into a running turn after it: as it does by itself if they come too late to join."""
    base = (await openclaw.call("config.get"))["hash"]
    await openclaw.call("config.patch", {"raw": '{"messages":{"queue":{"mode":"followup"}}}', "baseHash": base})
    yield
    base = (await openclaw.call("config.get"))["hash"]
    await openclaw.call("config.patch", {"raw": '{"messages":{"queue":null}}', "baseHash": base})


@pytest.mark.usefixtures("queueing")
async def test_messages_that_wait_for_the_end_of_a_running_turn(road: RealRoad, openclaw: RealGateway) -> None:
    """C2: the gateway ends their runs at once and answers in runs of other ids: the turns go on there."""
    gate, key = Gate(), new_session()
    openclaw.model.answer("what comes first", Reply("First done.", gates={"chunk:1": gate}))
    openclaw.model.answer("what comes second", Reply("And the other."))
    openclaw.model.answer("what comes third", Reply("And the last."))
    tab, watcher = await road.tab("ada"), await road.tab("ada")
    await tab.chat("what comes first", sessionKey=key, id="first")
    await openclaw.reached(gate)

    await tab.chat("what comes second", sessionKey=key, id="second")
    await watcher.until(lambda: states(watcher).count("final") == 1)
    await tab.chat("what comes third", sessionKey=key, id="third")
    await watcher.until(lambda: states(watcher).count("final") == 2)
    assert tab.of("done") == []
    await openclaw.open(gate)
    ends = [await tab.get("done", id=id, turnEnded=True) for id in ("first", "second", "third")]

    assert [tab.text(end["runId"]) for end in ends] == ["First done.", "And the other.", "And the last."]
    assert tab.events("chat") == []
    assert tab.of("error") == []


async def test_silence_is_filled_with_heartbeats(tmp_path: Path, openclaw: RealGateway) -> None:
    """C5: while the model says nothing the client hears that the run goes on; the text stays clean."""
    gate = Gate()
    openclaw.model.answer("take your time", Reply("At last.", gates={"chunk:0": gate}))
    async with real_road(tmp_path, openclaw, heartbeat_interval_s=0.2) as road:
        tab = await road.tab("ada")
        await tab.chat("take your time", sessionKey=new_session())
        await openclaw.reached(gate)

        before = len(tab.of("heartbeat"))
        await tab.get("heartbeat", before + 3)
        await openclaw.open(gate)
        await tab.get("done")

        assert tab.text() == "At last."


@pytest.fixture
async def asking(road: RealRoad, openclaw: RealGateway) -> AsyncIterator[Tab]:
    """A tab of a gateway that asks before it runs a command."""
    tab = await road.tab("ada")
    rules = '{"tools":{"exec":{"security":"allowlist","ask":"always","host":"gateway"}}}'
    await tab.call("config.patch", {"raw": rules, "baseHash": (await tab.call("config.get"))["hash"]})
    await tab.event("config.changed")
    yield tab
    now = (await openclaw.call("config.get"))["hash"]
    await openclaw.call("config.patch", {"raw": '{"tools":null}', "baseHash": now})


@pytest.mark.parametrize("decision", ["allow-once", "deny"])
async def test_an_approval(road: RealRoad, openclaw: RealGateway, asking: Tab, decision: str) -> None:
    """C2, R2, fact 10: it is asked because the door can review; another tab may answer; the turn goes on to its end."""
    command = ToolCall("exec", {"command": "echo allowed"})
    question = f"run it: {decision}"
    openclaw.model.answer(question, Reply("May I?", tool=command), Reply("That was it."))
    other = await road.tab("ada")

    await asking.chat(question, sessionKey=new_session(), id="turn")
    waiting = await asking.get("heartbeat", phase="waiting-approval")
    asked = (await other.event("exec.approval.requested"))["payload"]
    listed = await other.call("exec.approval.list")
    await other.call("exec.approval.resolve", {"id": asked["id"], "decision": decision})
    resolved = (await asking.event("exec.approval.resolved"))["payload"]
    done = await asking.get("done", id="turn", turnEnded=True)

    assert waiting["approvalId"] == asked["id"]
    assert asked["request"]["command"] == "echo allowed"
    assert [each["id"] for each in listed] == [asked["id"]]
    assert (resolved["id"], resolved["decision"]) == (asked["id"], decision)
    assert asking.text(done["runId"]).endswith("That was it.")
    (end,) = [*asking.of("tool_end"), *asking.of("tool_error")]
    assert ("denied" in str(end["result"])) == (decision == "deny")


async def test_the_sdk(road: RealRoad, openclaw: RealGateway) -> None:
    """C9, C3: the same turn by our own client."""
    command = ToolCall("exec", {"command": "echo sdk"})
    openclaw.model.answer("by the sdk", Reply("One moment.", tool=command), Reply("Here.", thinking="Almost."))
    async with await road.door() as door:
        events = [event async for event in door.chat("main", "by the sdk", session_key=new_session())]

    kinds = [type(event) for event in events]
    assert {Chunk, Thinking, ToolStart, ToolEnd, Done} <= set(kinds)
    assert ChatError not in kinds
    assert isinstance(events[-1], Done)
    assert "".join(str(event) for event in events if isinstance(event, Chunk)) == "One moment.\n\nHere."


def told(tab: Tab) -> list[str]:
    """The types of what a tab heard, in order."""
    return [frame["type"] for frame in tab.frames]


def states(tab: Tab) -> list[str]:
    return [event["payload"]["state"] for event in tab.events("chat")]


async def session(tab: Tab, key: str) -> Frame:
    listed: dict[str, Any] = await tab.call("sessions.list", {"limit": 200})
    (row,) = [row for row in listed["sessions"] if row["key"] == key]
    return dict(row)
