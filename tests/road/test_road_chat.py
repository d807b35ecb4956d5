"""Chat through the whole road: turns, runs, increments, tools, silence, ends."""

from __future__ import annotations

import uuid
from itertools import product
from typing import TYPE_CHECKING

import pytest

from support.waiting import eventually
from vestibule.client import Chunk, Done, ToolStart
from vestibule.model import Role
from vestibule.testing import Approval, ChatScript, Gate, ToolCall

if TYPE_CHECKING:
    from road.conftest import OpenRoad
    from road.kit import Road, Tab

WORDS = [f"word{number} " for number in range(40)]


async def test_the_second_message_knows_the_first(road: Road) -> None:
    """C1: one stable session per agent."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")

    await tab.answer("My name is Ada.")
    await tab.answer("What is my name?")

    keys = {request.params["sessionKey"] for request in gateway.requests_of("chat.send")}
    assert keys == {"agent:main:main"}
    history = await tab.call("chat.history", {"sessionKey": "agent:main:main"})
    assert [row["role"] for row in history["messages"]] == ["user", "assistant"] * 2


async def test_each_agent_and_each_member_has_a_session(road: Road) -> None:
    """C1: stable per agent and member, in an owner that has several."""
    gateway = await road.owner("acme", ("bob", Role.OPERATOR), ("Carol@Example.com", Role.OPERATOR))
    gateway.world.add_agent("helper")
    bob, carol = await road.tab("bob"), await road.tab("Carol@Example.com")

    await bob.answer("one")
    await bob.answer("two")
    await bob.answer("three", agent="helper")
    await carol.answer("four")

    keys = [request.params["sessionKey"] for request in gateway.requests_of("chat.send")]
    assert keys[:3] == ["agent:main:member-bob", "agent:main:member-bob", "agent:helper:member-bob"]
    assert keys[3].startswith("agent:main:member-carol-example-com.")


TEXTS = (["Hi"], WORDS, ["Grüße 😀", "\n", "  ", "ende\u2028"], [""])


@pytest.mark.parametrize("protocol", [3, 4])
async def test_increments_add_up_to_the_final_text(road: Road, protocol: int) -> None:
    """C3, C4: whatever the gateway throttles, on both wires, byte for byte and without `replace`."""
    gateway = await road.owner("ada", protocol=protocol)
    tab = await road.tab("ada")

    for text, throttle in product(TEXTS, (1, 3, 100)):
        gateway.next_chat(ChatScript(text=text, throttle=throttle))
        done = await tab.answer("go")

        chunks = [chunk for chunk in tab.of("chunk") if chunk["runId"] == done["runId"]]
        assert "".join(chunk["content"] for chunk in chunks) == "".join(text)
        assert not any("replace" in chunk for chunk in chunks)
        assert done["turnEnded"] is True
    assert len(tab.of("done")) == len(TEXTS) * 3


async def test_every_frame_of_a_run_says_whose_it_is(road: Road) -> None:
    """C2: runId, agent, sessionKey, and the client's own id."""
    gateway = await road.owner("ada")
    gateway.next_chat(ChatScript(thinking=["hm"], tools=[ToolCall()], text=WORDS))
    tab = await road.tab("ada")
    turn = str(uuid.uuid4())

    await tab.answer("go", id=turn)

    kinds = {"chunk", "thinking", "tool_start", "tool_end", "done", "heartbeat"}
    frames = [frame for frame in tab.frames if frame["type"] in kinds]
    assert {frame["type"] for frame in frames} == kinds
    for frame in frames:
        assert (frame["runId"], frame["id"], frame["agent"], frame["sessionKey"]) == (
            turn,
            turn,
            "main",
            "agent:main:main",
        )


async def resolve(tab: Tab, n: int = 1, decision: str = "allow-once") -> None:
    asked = await tab.event("exec.approval.requested", n)
    await tab.call("exec.approval.resolve", {"id": asked["payload"]["id"], "decision": decision})


@pytest.mark.parametrize("protocol", [3, 4])
async def test_an_approval_makes_one_turn_of_two_runs(road: Road, protocol: int) -> None:
    """C2: `done` of the first run does not end the turn; the second run answers under its own id."""
    gateway = await road.owner("ada", protocol=protocol)
    gateway.next_chat(ChatScript(text=["It is ", "Linux."], approval=Approval(follow_up=True)))
    tab = await road.tab("ada")

    await tab.chat("what system?", id="turn-1")
    first = await tab.get("done")
    await resolve(tab)
    second = await tab.get("done", 2)

    assert (first["turnEnded"], second["turnEnded"]) == (False, True)
    assert first["runId"] != second["runId"]
    assert first["id"] == second["id"] == "turn-1"
    assert tab.text(second["runId"]) == "It is Linux."


async def test_an_approval_answered_before_the_first_run_ends(road: Road) -> None:
    """C2: the order of decision and first end does not matter."""
    gateway = await road.owner("ada")
    last = Gate()
    gateway.next_chat(ChatScript(text=["Linux."], approval=Approval(follow_up=True), gates={"final": last}))
    tab = await road.tab("ada")

    await tab.chat("what system?", id="turn-1")
    await last.reached()
    await resolve(tab)
    await tab.event("exec.approval.resolved")
    last.open()
    second = await tab.get("done", 2)

    assert [done["turnEnded"] for done in tab.of("done")] == [False, True]
    assert tab.text(second["runId"]) == "Linux."


async def test_an_approval_within_one_run(road: Road) -> None:
    """C2, C5: on wire 4 the same run goes on; the turn ends with it, at once."""
    gateway = await road.owner("ada")
    gateway.next_chat(ChatScript(text=["Linux."], approval=Approval()))
    tab = await road.tab("ada")

    await tab.chat("what system?")
    waiting = await tab.get("heartbeat", phase="waiting-approval")
    await resolve(tab)
    done = await tab.get("done")

    assert done["turnEnded"] is True
    assert done["runId"] == waiting["runId"]
    assert tab.text() == "Linux."
    assert [frame["tool"] for frame in tab.of("tool_end")] == ["exec"]


@pytest.mark.parametrize("protocol", [3, 4])
async def test_a_second_message_into_a_running_turn(road: Road, protocol: int) -> None:
    """C2: it joins the run; its own turn ends without text, and the first is not disturbed."""
    gateway = await road.owner("ada", protocol=protocol)
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:5": gate}))
    tab = await road.tab("ada")
    await tab.chat("one", id="one")
    await gate.reached()

    await tab.chat("two", id="two")
    joined = await tab.get("done", id="two")
    gate.open()
    first = await tab.get("done", id="one")

    assert joined["turnEnded"]
    assert first["turnEnded"]
    assert tab.text(first["runId"]) == "".join(WORDS)
    assert tab.text(joined["runId"]) == ""


async def test_messages_that_wait_for_the_end_of_a_running_turn(road: Road) -> None:
    """C2: the gateway ends their runs at once and answers in runs of other ids, one by one: the turns go on there."""
    gateway = await road.owner("ada")
    gateway.queue_mode = "followup"
    gate = Gate()
    gateway.next_chat(ChatScript(text=["First done."], gates={"chunk:0": gate}))
    tab, other = await road.tab("ada"), await road.tab("ada")
    await tab.chat("one", id="one")
    await gate.reached()

    await tab.chat("two", id="two")
    await other.chat("three", id="three")
    await tab.get("heartbeat", id="two", phase="accepted")
    await other.get("heartbeat", id="three", phase="accepted")
    gate.open()
    first = await tab.get("done", id="one", turnEnded=True)
    second = await tab.get("done", id="two", turnEnded=True)
    third = await other.get("done", id="three", turnEnded=True)

    assert tab.text(first["runId"]) == "First done."
    assert tab.text(second["runId"]) == "Echo: two"
    assert other.text(third["runId"]) == "Echo: three"
    assert [(done["turnEnded"], tab.text(done["runId"])) for done in tab.of("done") if done["id"] == "two"] == [
        (False, ""),
        (True, "Echo: two"),
    ]
    assert not [event for event in tab.events("chat") if event["payload"]["runId"] == second["runId"]]


async def test_a_message_that_waits_is_not_over(open_road: OpenRoad) -> None:
    """C2, C5: however long the run before it takes."""
    async with open_road(heartbeat_interval_s=0.2, rpc_timeout_s=0.5) as road:
        gateway = await road.owner("ada")
        gateway.queue_mode = "followup"
        gate = Gate()
        gateway.next_chat(ChatScript(text=["First done."], gates={"chunk:0": gate}))
        tab = await road.tab("ada")
        await tab.chat("one", id="one")
        await gate.reached()

        await tab.chat("two", id="two")
        await eventually(lambda: len(gateway.requests_of("chat.history")) == 1)
        sofar = len(tab.of("heartbeat"))
        await tab.until(lambda: len(tab.of("heartbeat")) >= sofar + 4)
        gate.open()
        second = await tab.get("done", id="two", turnEnded=True)

        assert tab.text(second["runId"]) == "Echo: two"
        assert tab.of("error") == []


async def test_silence_is_filled_with_heartbeats_that_are_no_text(open_road: OpenRoad) -> None:
    """C5: while a run says nothing the client hears that it goes on; the answer stays clean."""
    async with open_road(heartbeat_interval_s=0.05) as road:
        gateway = await road.owner("ada")
        gate = Gate()
        gateway.next_chat(ChatScript(text=["before ", "after"], gates={"chunk:1": gate}))
        tab = await road.tab("ada")

        await tab.chat("go")
        await tab.get("chunk")
        sofar = len(tab.of("heartbeat"))
        await tab.until(lambda: len(tab.of("heartbeat")) > sofar)
        gate.open()
        await tab.get("done")

        assert tab.text() == "before after"
        assert all("offset" not in beat and "content" not in beat for beat in tab.of("heartbeat"))


@pytest.mark.parametrize("protocol", [3, 4])
async def test_a_failing_run_fails_once_and_says_which(road: Road, protocol: int) -> None:
    """C8, C2: two terminal events of the gateway are one addressed error; the next turn is untouched."""
    gateway = await road.owner("ada", protocol=protocol)
    gateway.next_chat(ChatScript(text=["partial"], error="no model", retries=2))
    tab = await road.tab("ada")

    await tab.chat("go", id="bad")
    error = await tab.get("error")
    done = await tab.answer("again", id="good")

    assert (error["code"], error["id"], error["turnEnded"]) == ("RUN_FAILED", "bad", True)
    assert "no model" in error["message"]
    assert len(tab.of("error")) == 1
    assert done["id"] == "good"
    assert tab.text(done["runId"]) == "Echo: again"


async def test_other_errors_are_not_part_of_an_answer(road: Road) -> None:
    """C8: a bad frame in the middle of an answer is a notice, without run and id."""
    gateway = await road.owner("ada")
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:5": gate}))
    tab = await road.tab("ada")
    await tab.chat("go")
    await gate.reached()

    await tab.send("nonsense")
    error = await tab.get("error")
    gate.open()
    await tab.get("done")

    assert error.keys() == {"type", "message", "code"}
    assert tab.text() == "".join(WORDS)


async def test_a_message_the_gateway_refuses(road: Road) -> None:
    """C8: the gateway's own words, addressed to the turn; nothing is left over."""
    await road.owner("ada")
    tab = await road.tab("ada")

    await tab.chat("hi", agent="nobody", id="turn")
    error = await tab.get("error", id="turn")

    assert "unknown agent" in error["message"]
    assert error["turnEnded"] is True


async def test_thinking_and_tools_are_told(road: Road) -> None:
    """C9: we advertise tool-events, and the client gets start, end, error and thinking."""
    gateway = await road.owner("ada")
    failing = ToolCall("web_fetch", {"url": "x"}, "404", is_error=True)
    gateway.next_chat(
        ChatScript(thinking=["Hmm", " let me"], tools=[ToolCall(), failing], text=["Done."], preamble="Wait.")
    )
    tab = await road.tab("ada")

    await tab.answer("go")

    assert "tool-events" in gateway.connections[0].caps
    assert "".join(frame["content"] for frame in tab.of("thinking")) == "Hmm let me"
    assert [(frame["tool"], frame["args"]) for frame in tab.of("tool_start")] == [
        ("exec", {"command": "echo hi"}),
        ("web_fetch", {"url": "x"}),
    ]
    assert [frame["result"]["content"][0]["text"] for frame in tab.of("tool_end")] == ["hi"]
    assert [frame["tool"] for frame in tab.of("tool_error")] == ["web_fetch"]
    assert [frame["toolCallId"] for frame in tab.of("tool_start")] == [
        frame["toolCallId"] for frame in [*tab.of("tool_end"), *tab.of("tool_error")]
    ]
    assert tab.text() == "Done."


async def test_abort_ends_the_run_at_the_gateway(road: Road) -> None:
    """C10: by run, agent or session; the partial text stays, the end says `aborted`."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")
    for n, by in enumerate(("runId", "agent_name", "sessionKey"), start=1):
        gate = Gate()
        gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
        await tab.chat("go", id=f"turn-{n}")
        await gate.reached()
        await tab.until(lambda n=n: len(tab.of("chunk")) == 3 * n)
        run_id = tab.of("chunk")[-1]["runId"]
        await tab.send({"type": "chat_abort", by: {"runId": run_id, "agent_name": "main"}.get(by, "agent:main:main")})
        done = await tab.get("done", n)

        assert (done["aborted"], done["turnEnded"], done["runId"]) == (True, True, run_id)
        assert gateway.runs.all[run_id].status == "aborted"
        assert tab.text(run_id) == "".join(WORDS[:3])
    assert (await tab.answer("again"))["turnEnded"]


async def test_an_abort_the_gateway_refuses(road: Road) -> None:
    """C8, C10: its own words, addressed to the run that was named."""
    await road.owner("ada")
    tab = await road.tab("ada")

    await tab.send({"type": "chat_abort", "runId": "r1", "sessionKey": "agent:nobody:main"})
    error = await tab.get("error", runId="r1")

    assert "unknown agent" in error["message"]
    assert "turnEnded" not in error


async def test_attachments_and_a_session_of_ones_own_choice(road: Road) -> None:
    """C1: both reach the gateway as they were given."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")
    picture = {"type": "image", "mimeType": "image/png", "content": "aGk="}

    done = await tab.answer("look", sessionKey="agent:main:pictures", attachments=[picture])

    assert done["sessionKey"] == "agent:main:pictures"
    sent = gateway.requests_of("chat.send")[0].params
    assert (sent["sessionKey"], sent["attachments"]) == ("agent:main:pictures", [picture])


async def test_a_chat_event_nobody_can_read(road: Road) -> None:
    """P5: it passes as an event, and the turn goes on."""
    gateway = await road.owner("ada")
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
    tab = await road.tab("ada")
    await tab.chat("go")
    await gate.reached()
    run_id = (await tab.get("chunk"))["runId"]

    await gateway.emit_to_session("agent:main:main", "chat", {"runId": run_id, "state": 7})
    odd = await tab.event("chat")
    gate.open()
    await tab.get("done")

    assert odd["payload"]["state"] == 7
    assert tab.text() == "".join(WORDS)


async def test_another_tab_sees_the_events_and_may_stop_the_run(road: Road) -> None:
    """R1, C10: chat frames are for the client that asked; the owner's other tabs have the gateway's events."""
    gateway = await road.owner("ada")
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
    asking, watching = await road.tab("ada"), await road.tab("ada")
    await asking.chat("go")
    await gate.reached()
    seen = await watching.event("chat")
    run_id = seen["payload"]["runId"]

    await watching.send({"type": "chat_abort", "runId": run_id})
    await asking.get("done", aborted=True)
    await watching.until(lambda: watching.events("chat")[-1]["payload"]["state"] == "aborted")

    assert not watching.of("chunk")
    assert not asking.events("chat")


async def test_runs_from_elsewhere_are_events_and_end_nobodys_turn(road: Road) -> None:
    """R1: a `final` of a cron job or a channel does not touch a turn in another session."""
    gateway = await road.owner("ada")
    gate = Gate()
    gateway.next_chat(ChatScript(text=WORDS, gates={"chunk:3": gate}))
    tab = await road.tab("ada")
    await tab.chat("go")
    await gate.reached()

    run = gateway.start_run("agent:main:telegram:direct:4711", ChatScript(text=["from a channel"]))
    await run.done.wait()
    await tab.until(lambda: any(event["payload"].get("state") == "final" for event in tab.events("chat")))
    gate.open()
    await tab.get("done")

    assert len(tab.of("done")) == 1
    assert tab.text() == "".join(WORDS)


async def test_a_run_in_the_same_session_from_elsewhere_is_not_the_turns(road: Road) -> None:
    """C2: only an approval makes another run part of a turn."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")
    await tab.answer("go")

    run = gateway.start_run("agent:main:main", ChatScript(text=["by itself"]))
    await run.done.wait()
    await tab.until(lambda: any(event["payload"].get("state") == "final" for event in tab.events("chat")))

    assert tab.text() == "Echo: go"
    assert len(tab.of("done")) == 1


async def test_bytes_of_an_answer_grow_with_its_length(road: Road) -> None:
    """R4: what a client gets for twice the tokens is about twice as much, not four times."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")
    sizes = []
    for tokens in (200, 400, 800):
        gateway.next_chat(ChatScript(text=["token "] * tokens))
        before = sum(map(len, tab.raw))
        await tab.answer("go", id=str(uuid.uuid4()))
        sizes.append(sum(map(len, tab.raw)) - before)

    assert sizes[1] < 2.3 * sizes[0]
    assert sizes[2] < 2.3 * sizes[1]


async def test_the_sdk_chats(road: Road) -> None:
    """The same turn by our own client: chunks, a tool, one end."""
    gateway = await road.owner("ada")
    gateway.next_chat(ChatScript(tools=[ToolCall()], text=["All ", "done."]))
    async with await road.door("ada") as door:
        events = [event async for event in door.chat("main", "go")]

    assert "".join(event.content for event in events if isinstance(event, Chunk)) == "All done."
    assert [event.tool for event in events if isinstance(event, ToolStart)] == ["exec"]
    assert isinstance(events[-1], Done)
