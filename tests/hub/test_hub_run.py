"""hub.run: a run's events told as increments, tools and one end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestibule.hub.run import Fields, Message, Run, agent_payload, chat_payload

RUN = {"runId": "r1", "sessionKey": "agent:main:main"}


def message(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": [{"type": "text", "text": text}], "timestamp": 1}


def chat(run: Run, state: str, **fields: Any) -> list[Fields]:
    return run.chat(chat_payload.decode(json.dumps({**RUN, "state": state, **fields})))


def agent(run: Run, stream: str, **data: Any) -> list[Fields]:
    return run.agent(agent_payload.decode(json.dumps({**RUN, "stream": stream, "data": data})))


def delta4(run: Run, delta: str, text: str) -> list[Fields]:
    return chat(run, "delta", deltaText=delta, message=message(text))


def delta3(run: Run, text: str) -> list[Fields]:
    return chat(run, "delta", message=message(text))


def shown(frames: list[Fields]) -> str:
    """What a client shows that appends increments and obeys `replace`."""
    text = ""
    for frame in frames:
        if frame["type"] == "chunk":
            text = frame["content"] if frame.get("replace") else text + frame["content"]
    return text


# -- text


def test_wire_4_increments_pass_as_they_are() -> None:
    """C3: the gateway's own increments, then its end."""
    run = Run("r1")

    assert delta4(run, "Hel", "Hel") == [{"type": "chunk", "content": "Hel"}]
    assert delta4(run, "lo", "Hello") == [{"type": "chunk", "content": "lo"}]
    assert chat(run, "final", stopReason="stop", message=message("Hello")) == [{"type": "done", "stopReason": "stop"}]


def test_wire_3_text_is_cumulative_and_becomes_increments() -> None:
    """C3: appending cumulative text snowballed; only what is new goes out."""
    run = Run("r1")

    assert delta3(run, "Hel") == [{"type": "chunk", "content": "Hel"}]
    assert delta3(run, "Hello") == [{"type": "chunk", "content": "lo"}]
    assert chat(run, "final", message=message("Hello!")) == [{"type": "chunk", "content": "!"}, {"type": "done"}]


def test_an_increment_without_the_whole_text_is_taken_at_its_word() -> None:
    """C3: `message` may be absent."""
    run = Run("r1")

    assert chat(run, "delta", deltaText="Hi") == [{"type": "chunk", "content": "Hi"}]
    assert chat(run, "delta", deltaText="") == []


def test_a_missed_increment_is_made_up_from_the_whole_text() -> None:
    """C3, C6: after a hole the next event fills it."""
    run = Run("r1")
    delta4(run, "one", "one")

    assert delta4(run, " three", "one two three") == [{"type": "chunk", "content": " two three"}]


def test_an_event_twice_says_nothing_new() -> None:
    """C3: repeats and older events neither append nor take away."""
    run = Run("r1")
    delta4(run, "one", "one")
    delta4(run, " two", "one two")

    assert delta4(run, " two", "one two") == []
    assert delta3(run, "one") == []


def test_a_rewritten_text_replaces() -> None:
    """C3: the gateway may take back what it said."""
    run = Run("r1")
    delta4(run, "Let me see", "Let me see")

    assert chat(run, "delta", deltaText="Done", replace=True, message=message("Done")) == [
        {"type": "chunk", "content": "Done", "replace": True}
    ]
    assert chat(run, "delta", deltaText="Bye", replace=True) == [{"type": "chunk", "content": "Bye", "replace": True}]
    assert chat(run, "delta", replace=True) == [{"type": "chunk", "content": "", "replace": True}]
    assert delta3(run, "New") == [{"type": "chunk", "content": "New"}]
    assert delta3(run, "Other") == [{"type": "chunk", "content": "Other", "replace": True}]
    assert chat(run, "final", message=message("Last")) == [
        {"type": "chunk", "content": "Last", "replace": True},
        {"type": "done"},
    ]


def test_a_final_without_text_keeps_what_was_said() -> None:
    """C4: a steered run's own `final` carries no message."""
    run = Run("r1")
    delta4(run, "Hi", "Hi")

    assert chat(run, "final") == [{"type": "done"}]


def test_a_run_that_is_put_off_has_not_ended() -> None:
    """C2: an empty `final` before anything else: its message is in a queue, or in another run."""
    run = Run("r1")

    assert chat(run, "final") == []
    assert (run.put_off, run.begun, run.ended) == (True, False, False)


@pytest.mark.parametrize("begin", ["event", "history"])
def test_a_silent_run_ends_all_the_same(begin: str) -> None:
    """C2: it said nothing, but it ran."""
    run = Run("r1")
    _ = agent(run, "lifecycle", phase="start") if begin == "event" else run.snapshot("")

    assert chat(run, "final") == [{"type": "done"}]
    assert (run.put_off, run.begun) == (False, True)


def test_a_run_that_was_put_off_may_be_stopped() -> None:
    """C10: then that is its end."""
    run = Run("r1")
    chat(run, "final")

    assert chat(run, "aborted", stopReason="rpc") == [{"type": "done", "stopReason": "rpc", "aborted": True}]
    assert not run.put_off


def test_an_abort_is_an_end() -> None:
    """C10: `done` with `aborted`, after the partial text."""
    run = Run("r1")
    delta3(run, "par")

    assert chat(run, "aborted", stopReason="rpc", message=message("partial")) == [
        {"type": "chunk", "content": "tial"},
        {"type": "done", "stopReason": "rpc", "aborted": True},
    ]
    assert run.ended


def test_the_first_end_counts() -> None:
    """C2, C8: a failed run says so twice, an aborted one goes on talking; the client hears one end."""
    run = Run("r1")
    detail = {"model": "fake-1"}

    assert chat(run, "error", errorMessage="No model.", errorDetail=detail) == [
        {"type": "error", "message": "No model.", "code": "RUN_FAILED", "details": detail}
    ]
    assert chat(run, "error", errorMessage="Agent failed before reply") == []
    assert agent(run, "tool", phase="start", name="exec", toolCallId="c1") == []
    assert run.snapshot("more") == []
    assert run.finish("more") == []
    assert run.lose("lost", "RUN_LOST") == []


def test_a_failure_without_a_reason_has_words_all_the_same() -> None:
    """C8: `message` is never empty."""
    assert chat(Run("r1"), "error") == [{"type": "error", "message": "The agent failed.", "code": "RUN_FAILED"}]


def test_states_and_streams_nobody_knows_are_silent() -> None:
    """P5, R5: a newer gateway's additions break nothing."""
    run = Run("r1")

    assert chat(run, "dreaming") == []
    assert agent(run, "dreams", phase="start") == []
    assert agent(run, "lifecycle", phase="start") == []
    assert agent(run, "item", kind="preamble", phase="end") == []
    assert not run.ended


def test_preparations_are_signs_of_life() -> None:
    """C5: status, retries and waiting for an approval are heartbeats, never text."""
    run = Run("r1")

    assert agent(run, "run_status", phase="preparing_context") == [{"type": "heartbeat", "phase": "preparing_context"}]
    assert chat(run, "status", phase="preparing_context") == []  # the same once more
    assert agent(run, "run_status", phase="retrying", retryAttempt=2, maxRetries=8, secret="x") == [
        {"type": "heartbeat", "phase": "retrying", "retryAttempt": 2, "maxRetries": 8}
    ]
    assert agent(run, "lifecycle", phase="waiting-approval", approvalId="a1") == [
        {"type": "heartbeat", "phase": "waiting-approval", "approvalId": "a1"}
    ]
    assert run.text == ""


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("plain", "plain"),
        ([{"type": "text", "text": "a"}, {"type": "image", "text": "no"}, {"type": "text", "text": "b"}], "ab"),
        ([{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": 7}, "stray", {"type": "text"}], ""),
        ([], ""),
    ],
)
def test_only_text_blocks_are_text(content: Any, text: str) -> None:
    """C3, P5: blocks of other types or shapes add nothing."""
    assert Message("assistant", content).text == text


# -- coming back


def test_a_run_still_on_is_caught_up_with() -> None:
    """C6: after a lost gateway connection the history's `inFlightRun` continues where the client was."""
    run = Run("r1")
    delta4(run, "one", "one")

    assert run.snapshot("one two") == [{"type": "chunk", "content": " two"}]
    assert delta4(run, " three", "one two three") == [{"type": "chunk", "content": " three"}]


def test_a_run_that_ended_meanwhile_is_finished() -> None:
    """C6: the missed rest, then the end."""
    run = Run("r1")
    delta4(run, "one", "one")

    assert run.finish("one two") == [{"type": "chunk", "content": " two"}, {"type": "done"}]


def test_how_it_ended_meanwhile_is_told() -> None:
    """C6, C8, C10: aborted or failed, as if the client had been there."""
    assert Run("r1").finish("par", aborted=True) == [
        {"type": "chunk", "content": "par"},
        {"type": "done", "aborted": True},
    ]
    assert Run("r1").finish("", error="No key.") == [{"type": "error", "message": "No key.", "code": "RUN_FAILED"}]


def test_a_run_whose_rest_is_gone_says_so() -> None:
    """C6: no spinner for ever."""
    assert Run("r1").lose("Reload.", "RUN_LOST") == [
        {"type": "error", "message": "Reload.", "code": "RUN_LOST", "mayHaveRun": True}
    ]


def heard(run: Run, state: str, **fields: Any) -> list[Fields]:
    return run.tell(chat_payload.decode(json.dumps({**RUN, "state": state, **fields})))


def test_what_is_heard_while_the_history_is_asked_comes_after_it() -> None:
    """C6, C9: a tool call of the past is told before the text that followed it, and nothing twice."""
    run = Run("r1")
    run.hold()

    assert heard(run, "delta", deltaText=" two", message=message("one two")) == []
    assert heard(run, "delta", deltaText=" three", message=message("one two three")) == []
    assert heard(run, "final", message=message("one two three")) == []
    assert (run.holding, run.heard_meanwhile, run.ended) == (True, True, False)
    agent(run, "tool", phase="start", name="exec", toolCallId="c1", args={})
    told = [*run.snapshot("one two"), *run.release()]

    assert shown(told) == "one two three"
    assert told[-1]["type"] == "done"
    assert (run.holding, run.ended) == (False, True)


def test_a_tool_call_heard_meanwhile_is_kept_with_the_text() -> None:
    """C9: only text that contains all of the text before it takes its place."""
    run = Run("r1")
    run.hold()
    heard(run, "delta", deltaText="one", message=message("one"))
    start = {**RUN, "stream": "tool", "data": {"phase": "start", "name": "exec", "toolCallId": "c1"}}
    run.tell(agent_payload.decode(json.dumps(start)))
    heard(run, "delta", deltaText=" two", message=message("one two"))

    assert [frame["type"] for frame in run.release()] == ["chunk", "tool_start", "chunk"]


def test_the_present_does_not_wait_for_ever() -> None:
    """C6: what is kept is bounded; a history that does not come holds nothing up."""
    run = Run("r1")
    run.hold()
    told = [frame for n in range(2_000) for frame in heard(run, "delta", deltaText=f"{n},")]

    assert not run.holding
    assert shown(told) == "".join(f"{n}," for n in range(2_000))


# -- thinking and tools


def test_thinking_comes_as_increments() -> None:
    """C9: cumulative `text` is cut, `delta` alone is taken as it is."""
    run = Run("r1")

    assert agent(run, "thinking", text="Hmm", delta="Hmm") == [{"type": "thinking", "content": "Hmm"}]
    assert agent(run, "thinking", text="Hmm let me", delta=" let me") == [{"type": "thinking", "content": " let me"}]
    assert agent(run, "thinking", text="Hmm let me", delta=" let me") == []
    assert agent(run, "thinking", delta=" see") == [{"type": "thinking", "content": " see"}]
    assert agent(run, "thinking", text="Another thought", delta="Another thought") == [
        {"type": "thinking", "content": "Another thought"}
    ]
    assert agent(run, "thinking", text=7, delta=None) == []


def test_a_tool_call_has_a_start_and_an_end() -> None:
    """C9: tool_start, then tool_end or tool_error, once each."""
    run = Run("r1")

    assert agent(run, "tool", phase="start", name="exec", toolCallId="c1", args={"command": "ls"}) == [
        {"type": "tool_start", "tool": "exec", "toolCallId": "c1", "args": {"command": "ls"}}
    ]
    assert agent(run, "tool", phase="start", name="exec", toolCallId="c1") == []
    assert agent(run, "tool", phase="update", name="exec", toolCallId="c1") == []
    assert agent(run, "tool", phase="result", name="exec", toolCallId="c1", result="ok") == [
        {"type": "tool_end", "tool": "exec", "toolCallId": "c1", "result": "ok"}
    ]
    assert agent(run, "tool", phase="result", name="exec", toolCallId="c1", result="ok") == []
    assert agent(run, "item", kind="tool", phase="end", name="exec", toolCallId="c1", status="completed") == []
    assert agent(run, "tool", phase="result", name="exec", toolCallId="c2", isError=True, result="no") == [
        {"type": "tool_error", "tool": "exec", "toolCallId": "c2", "result": "no"}
    ]


def test_a_tool_call_whose_result_went_elsewhere_still_ends() -> None:
    """C9, C6: tool events go to the connection that sent the run; after a new one only `item` tells."""
    run = Run("r1")
    agent(run, "tool", phase="start", name="exec", toolCallId="c1")

    assert agent(run, "item", kind="tool", phase="end", name="exec", toolCallId="c1", status="completed") == [
        {"type": "tool_end", "tool": "exec", "toolCallId": "c1", "result": None}
    ]
    assert agent(run, "item", kind="tool", phase="end", name="exec", toolCallId="c2", status="failed") == [
        {"type": "tool_start", "tool": "exec", "toolCallId": "c2", "args": None},
        {"type": "tool_error", "tool": "exec", "toolCallId": "c2", "result": None},
    ]
    assert agent(run, "item", kind="tool", phase="end", name="exec") == []


# -- properties

TEXT = st.text(min_size=1, max_size=60)


@st.composite
def told(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """A final text, and its deltas as (increment, cumulative), some missing and some twice."""
    pieces = draw(st.lists(st.text(alphabet="ab é😀\n", max_size=6), min_size=1, max_size=12))
    whole = "".join(pieces)
    at, deltas = 0, []
    for piece in pieces:
        at += len(piece)
        deltas.append((piece, whole[:at]))
    times = draw(st.lists(st.integers(0, 2), min_size=len(deltas), max_size=len(deltas)))
    return whole, [delta for delta, several in zip(deltas, times, strict=True) for _ in range(several)]


@pytest.mark.parametrize("wire", [3, 4])
@given(story=told(), late=st.lists(st.integers(0, 11), max_size=3))
def test_the_sum_of_increments_is_the_final_text(
    wire: int, story: tuple[str, list[tuple[str, str]]], late: list[int]
) -> None:
    """C3, C4: throttled, with holes, repeats and stragglers, on both wires, byte for byte and never by `replace`."""
    whole, deltas = story
    deltas += [deltas[index] for index in late if index < len(deltas)]
    run, frames = Run("r1"), []
    for increment, cumulative in deltas:
        frames += delta4(run, increment, cumulative) if wire == 4 else delta3(run, cumulative)
    frames += chat(run, "final", message=message(whole))

    assert "".join(frame["content"] for frame in frames if frame["type"] == "chunk") == whole
    assert not any("replace" in frame for frame in frames)
    assert [frame["type"] for frame in frames].count("done") == 1
    assert run.text == whole


@given(story=told(), cut=st.integers(0, 24), seen=st.integers(0, 60))
def test_a_lost_connection_in_the_middle_changes_no_byte(
    story: tuple[str, list[tuple[str, str]]], cut: int, seen: int
) -> None:
    """C3, C6: events, a snapshot of the history wherever it falls, and the rest of the events add up."""
    whole, deltas = story
    run, frames = Run("r1"), []
    for increment, cumulative in deltas[:cut]:
        frames += delta4(run, increment, cumulative)
    frames += run.snapshot(whole[:seen])
    for increment, cumulative in deltas[cut:]:
        frames += delta4(run, increment, cumulative)
    frames += run.finish(whole)

    assert "".join(frame["content"] for frame in frames if frame["type"] == "chunk") == whole


@pytest.mark.parametrize("wire", [3, 4])
@given(drafts=st.lists(TEXT, min_size=1, max_size=6), final=TEXT)
def test_whatever_is_rewritten_the_client_shows_the_final_text(wire: int, drafts: list[str], final: str) -> None:
    """C3: with `replace` obeyed, what is shown after the end is the final text."""
    run, frames = Run("r1"), []
    for draft in drafts:
        if wire == 4:
            frames += chat(run, "delta", deltaText=draft, replace=True, message=message(draft))
        else:
            frames += delta3(run, draft)
    frames += chat(run, "final", message=message(final))

    assert shown(frames) == final
