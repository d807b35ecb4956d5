"""hub.history: what a gateway's history says of a run whose events were missed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from vestibule.hub.history import Continued, Ended, Going, Gone, Unknown, Waiting, fate_of
from vestibule.hub.run import FAILED


def row(text: str, run_id: str = "r1", **fields: Any) -> dict[str, Any]:
    """What an assistant said, as a row of the transcript."""
    content = [{"type": "text", "text": text}]
    return {"role": "assistant", "content": content, "__openclaw": {"runId": run_id}, **fields}


def test_a_run_under_way_is_taken_over_where_it_is() -> None:
    """C6: `inFlightRun` is the bridge over what was missed: text so far, newest events."""
    event = {"runId": "r1", "stream": "tool", "data": {"phase": "start"}}
    history = {"messages": [], "inFlightRun": {"runId": "r1", "text": "so far", "startedAt": 1, "events": [event]}}

    fate = fate_of("r1", history)

    assert isinstance(fate, Going)
    assert fate.text == "so far"
    assert [each.stream for each in fate.events] == ["tool"]


@pytest.mark.parametrize("item", [{"runId": "r1"}, {"message": {"role": "user", "idempotencyKey": "r1:user"}}])
def test_a_message_that_is_queued(item: dict[str, Any]) -> None:
    """C2, C7: its run has not begun, and may never do so under this id."""
    assert fate_of("r1", {"pendingInputs": {"items": [item]}, "inFlightRun": {"runId": "r0"}}) == Waiting()


def test_a_run_beside_another_is_not_lost() -> None:
    """C6: the history tells the text of one only."""
    session = {"activeRunIds": ["r0", "r1"], "hasActiveRun": True}

    assert fate_of("r1", {"sessionInfo": session, "inFlightRun": {"runId": "r0"}}) == Going("", [])


def test_a_run_that_ended_meanwhile() -> None:
    """C6: its answer stands in the transcript."""
    history = {"messages": [row("older", "r0"), row("the answer")]}

    assert fate_of("r1", history) == Ended("the answer")


def test_text_before_and_after_a_tool_is_joined_as_the_events_join_it() -> None:
    """C3: the transcript has rows, the events one text."""
    rows = [row(" Let me see. ", stopReason="toolUse"), row("  ", stopReason="toolUse"), row("Done.\n")]

    assert fate_of("r1", {"messages": rows}) == Ended("Let me see.\n\nDone.")


def test_a_message_that_joined_a_running_turn() -> None:
    """C2: its own run is over, without a text of its own."""
    joined = {"role": "user", "content": "more", "idempotencyKey": "r1:user", "__openclaw": {"steerTargetRunId": "r0"}}

    assert fate_of("r1", {"messages": [joined], "inFlightRun": {"runId": "r0"}}) == Ended()


def test_a_message_answered_by_another_run() -> None:
    """C2: it had to wait, and the gateway ran it under an id of its own."""
    asked = {"role": "user", "content": "more", "idempotencyKey": "r1:user", "__openclaw": {"senderIsOwner": True}}
    later = {"role": "user", "content": "and more", "idempotencyKey": "r3:user"}
    note, tool = {"role": "custom", "content": "now"}, {"role": "toolResult", "content": "5"}
    answered = [
        row("before", "r0"),
        asked,
        note,
        row("Let me see", "r2", stopReason="toolUse"),
        tool,
        row("It is 5.", "r2"),
    ]

    over, on = {"messages": answered}, {"messages": [asked], "inFlightRun": {"runId": "r2", "text": "It"}}
    silent = {"messages": [asked, later, row("the next one's", "r4")], "sessionInfo": {"lastRunId": "r4"}}

    assert fate_of("r1", over) == Continued("r2", Ended("Let me see\n\nIt is 5."))
    assert fate_of("r1", on) == Continued("r2", Going("It", []))
    assert fate_of("r1", silent) == Gone()


def test_a_crash_is_made_up_for_in_another_run() -> None:
    """C6: the gateway goes on by itself, under a new id; the old run has no end."""
    asked = {"role": "user", "content": "go", "idempotencyKey": "r1:user", "__openclaw": {"senderIsOwner": True}}
    session = {"hasActiveRun": True, "abortedLastRun": True}

    assert fate_of("r1", {"messages": [asked], "sessionInfo": session}) == Gone()
    assert fate_of("r1", {"messages": [asked], "sessionInfo": session, "inFlightRun": {"runId": "r2"}}) == Gone()
    assert fate_of("r1", {"messages": [asked], "sessionInfo": {"hasActiveRun": True}}) == Unknown()


def test_an_aborted_run_and_a_failed_one() -> None:
    """C10, C8: the end says how it ended."""
    assert fate_of("r1", {"messages": [row("par", openclawAbort={"origin": "rpc"})]}) == Ended("par", aborted=True)
    assert fate_of("r1", {"messages": [row("No key.", stopReason="error")]}) == Ended(error="No key.")


@pytest.mark.parametrize(
    ("session", "fate"),
    [
        ({"status": "done"}, Ended()),
        ({"status": "killed"}, Ended(aborted=True)),
        ({"status": "failed", "lastRunError": "No key."}, Ended(error="No key.")),
        ({"status": "timeout"}, Ended(error=FAILED)),
    ],
)
def test_an_end_only_the_session_knows(session: dict[str, Any], fate: Ended) -> None:
    """C6: a run that said nothing leaves no row; the session's last run is told of all the same."""
    assert fate_of("r1", {"sessionInfo": {"lastRunId": "r1", "hasActiveRun": False, **session}}) == fate


@pytest.mark.parametrize(
    "history",
    [
        {"messages": [row("another", "r0")]},
        {"messages": [{"role": "user", "content": "hi", "idempotencyKey": "r0:user"}]},
        {"messages": [row("I will call a tool", stopReason="toolUse")]},
        {"messages": [row("x", "r0")], "pendingInputs": {"items": [{}, {"message": {"idempotencyKey": "r2:user"}}]}},
        {
            "messages": [row("x", "r0")],
            "sessionInfo": {"lastRunId": "r1", "hasActiveRun": True, "activeRunIds": ["r2"]},
        },
    ],
)
def test_a_run_that_is_nowhere_is_gone(history: dict[str, Any]) -> None:
    """C6: this gateway notes runs, and knows none of this name: the client is told to reload."""
    assert fate_of("r1", history) == Gone()


@pytest.mark.parametrize("history", [{}, {"messages": [{"role": "assistant", "content": "wire 3 notes no runs"}]}])
def test_a_history_that_never_tells(history: dict[str, Any]) -> None:
    """C6: an old gateway: no verdict is better than a wrong one."""
    assert fate_of("r1", history) == Unknown(yet=False)


def test_a_history_that_cannot_tell_yet() -> None:
    """C6: several runs at once, and only one of them is told of."""
    history = {"messages": [row("another", "r0")], "sessionInfo": {"hasActiveRun": True}}

    assert fate_of("r1", history) == Unknown()


@pytest.mark.parametrize("history", [None, [], "text", {"messages": {}}, {"inFlightRun": {"text": "whose?"}}])
def test_what_is_no_history_is_refused(history: Any) -> None:
    """P5: another shape is an error of its own, not a guess."""
    with pytest.raises(msgspec.ValidationError):
        fate_of("r1", history)
