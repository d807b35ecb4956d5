"""hub.outbox: what waits for one client, and what happens when it does not read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from vestibule.hub.audience import Audience, To
from vestibule.hub.numbering import Numbering
from vestibule.hub.outbox import Outbox
from vestibule.hub.stream import Increment, Pushed
from vestibule.protocol.codec import push_head

if TYPE_CHECKING:
    from vestibule.protocol.batch import Batch

EVERYBODY = Audience(To.SCOPE)
LIMIT = 400
ANSWERS_LIMIT = 1_000


class Wire:
    """A client's socket as far as the hub sees it: keeps what was written, one list per write."""

    def __init__(self) -> None:
        self.writes: list[list[bytes]] = []
        self.buffered = 0

    def write(self, data: bytes | memoryview) -> None:
        self.writes.append([bytes(data)])

    def write_many(self, batch: Batch) -> None:
        self.writes.append(batch.messages)

    def close(self, code: int, reason: str) -> None:
        raise AssertionError("the outbox closes nothing")

    @property
    def frames(self) -> list[dict[str, Any]]:
        return [json.loads(frame) for write in self.writes for frame in write]

    @property
    def pushed(self) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if "seq" in frame]


class Owner:
    """Numbers frames as a room does."""

    def __init__(self) -> None:
        self.offset = 0

    def text(self, content: str, run_id: str = "r1", kind: str = "chunk") -> Pushed:
        def encode(content: str, offset: int) -> bytes:
            return push_head({"type": kind, "content": content, "runId": run_id}, offset)

        self.offset += 1
        return Pushed(self.offset, encode(content, self.offset), EVERYBODY, Increment(kind, run_id, content, encode))

    def event(self, name: str = "cron", *, latest: bool = False) -> Pushed:
        self.offset += 1
        head = push_head({"type": "event", "event": name, "payload": {"at": self.offset}}, self.offset)
        return Pushed(self.offset, head, EVERYBODY, latest=name if latest else "")

    def resync(self) -> Pushed:
        head = push_head({"type": "event", "event": "door.resync", "payload": {"reason": "slow"}}, self.offset)
        return Pushed(self.offset, head, EVERYBODY)


def outbox(wire: Wire, owner: Owner) -> Outbox:
    return Outbox(wire, limit_bytes=LIMIT, answers_limit_bytes=ANSWERS_LIMIT, resync=owner.resync)


def answer(number: int) -> bytes:
    return b'{"type":"res","id":%d,"ok":true,"payload":null}' % number


def test_one_flush_is_one_write() -> None:
    """R3, R4: everything of a batch leaves in one piece, in order, numbered as it leaves."""
    wire, owner = Wire(), Owner()
    box = outbox(wire, owner)
    box.push(owner.text("Hel"), 0.0)
    box.add(answer(7))
    box.push(owner.text("lo"), 0.0)
    assert box.waiting_bytes > 0

    box.flush(Numbering())

    assert [len(write) for write in wire.writes] == [3]
    assert [frame.get("seq") for frame in wire.frames] == [1, None, 2]
    assert [frame.get("offset") for frame in wire.frames] == [1, None, 2]
    assert box.waiting_bytes == 0


def test_nothing_to_say_writes_nothing() -> None:
    """R4: an empty outbox makes no system call."""
    wire = Wire()
    box = outbox(wire, Owner())

    box.flush(Numbering())
    box.resume()

    assert wire.writes == []


def test_a_full_transport_makes_frames_wait() -> None:
    """R3: nothing is written to a socket that does not drain, and all of it afterwards."""
    wire, owner = Wire(), Owner()
    box = outbox(wire, owner)
    box.pause()
    box.push(owner.event(), 0.0)
    box.add(answer(1))
    box.flush(Numbering())
    assert wire.writes == []

    box.resume()

    assert [frame["type"] for frame in wire.frames] == ["event", "res"]


def test_a_slow_client_gets_its_text_in_fewer_frames() -> None:
    """R4, C3: increments of one run that wait are joined, byte for byte, under the last position."""
    wire, owner = Wire(), Owner()
    box = outbox(wire, owner)
    box.pause()
    for letter in "abcdefgh":
        box.push(owner.text(letter), 0.0)
    box.resume()

    assert "".join(frame["content"] for frame in wire.pushed) == "abcdefgh"
    assert len(wire.pushed) < 8
    assert wire.pushed[-1]["offset"] == 8
    assert [frame["seq"] for frame in wire.pushed] == list(range(1, len(wire.pushed) + 1))
    assert box.full_since is None


def test_answers_keep_their_place_between_joined_text() -> None:
    """P4, C3: an answer is never overtaken by text that was pushed after it."""
    wire, owner = Wire(), Owner()
    box = outbox(wire, owner)
    box.pause()
    for number, letter in enumerate("abcdefgh"):
        box.push(owner.text(letter), 0.0)
        if number == 3:
            box.add(answer(1))
    box.resume()

    told = [frame.get("content", "|") for frame in wire.frames]
    assert "".join(told) == "abcd|efgh"


def test_of_a_state_only_the_newest_is_kept() -> None:
    """R4: ten health snapshots that waited are worth as much as the last."""
    wire, owner = Wire(), Owner()
    box = outbox(wire, owner)
    box.pause()
    for _ in range(10):
        box.push(owner.event("health", latest=True), 0.0)
    box.resume()

    assert wire.pushed[-1]["payload"] == {"at": 10}
    assert len(wire.pushed) < 10
    assert box.full_since is None


def test_who_stays_full_is_told_to_reload_and_then_goes_on() -> None:
    """R4: pushed frames are dropped, answers are not; one door.resync; what comes after it arrives."""
    wire, owner = Wire(), Owner()
    box = outbox(wire, owner)
    box.pause()
    box.add(answer(1))
    for _ in range(10):
        box.push(owner.event(), 5.0)
    box.add(answer(2))
    assert box.full_since == 5.0
    box.resume()
    box.push(owner.event("cron"), 6.0)
    box.flush(Numbering())

    assert [frame.get("event", frame["type"]) for frame in wire.frames] == ["res", "res", "door.resync", "cron"]
    assert [frame["seq"] for frame in wire.pushed] == [1, 2]
    assert wire.pushed[0]["offset"] == 10
    assert box.full_since is None


def test_a_resync_alone_is_written_too() -> None:
    """R4: even when nothing but the news of the loss is left to say."""
    wire, owner = Wire(), Owner()
    box = outbox(wire, owner)
    box.pause()
    for _ in range(10):
        box.push(owner.event(), 5.0)
    box.resume()

    assert [frame["event"] for frame in wire.frames] == ["door.resync"]


def test_answers_have_a_bound_too() -> None:
    """R4: a client that asks and never reads is hopeless; one that reads is not."""
    wire = Wire()
    box = outbox(wire, Owner())
    for number in range(100):
        box.add(answer(number))
    assert not box.hopeless
    box.flush(Numbering())
    box.pause()
    for number in range(100):
        box.add(answer(number))

    assert box.hopeless
    box.resume()
    assert [frame["id"] for frame in wire.frames] == [*range(100), *range(100)]


@dataclass
class Expected:
    """What a client must have got, kept beside the outbox."""

    waiting: list[Pushed] = field(default_factory=list)
    written: list[Pushed] = field(default_factory=list)
    losses: int = 0
    answer_bytes: int = 0
    """Of the answers that wait."""

    def flushed(self) -> None:
        self.answer_bytes = 0
        self.written += self.waiting
        self.waiting.clear()


STEPS = st.one_of(
    st.tuples(st.just("text"), st.sampled_from(["r1", "r2"]), st.text(min_size=1, max_size=12)),
    st.tuples(st.just("thinking"), st.just("r1"), st.text(min_size=1, max_size=12)),
    st.sampled_from([(name, "", "") for name in ("event", "health", "answer", "pause", "resume", "flush")]),
)


def texts(frames: list[Any], key: Any, content: Any) -> list[tuple[Any, str]]:
    """Neighbouring texts of one kind and run, joined."""
    return [(who, "".join(content(frame) for frame in several)) for who, several in groupby(frames, key)]


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=80))
def test_whatever_happens_a_client_can_trust_what_it_gets(steps: list[tuple[str, str, str]]) -> None:
    """R4, C3, P4: in any order of pushes, pauses and flushes.

    `seq` is contiguous, offsets grow, answers arrive once and in order, text that arrives is the original text,
    every loss is told by exactly one resync, and what waits stays within the bound.
    """
    wire, owner, expected = Wire(), Owner(), Expected()
    box = outbox(wire, owner)
    paused, answers = False, 0
    for step, run_id, content in steps:
        match step:
            case "text" | "thinking" | "event" | "health":
                if step == "text" or step == "thinking":
                    pushed = owner.text(content, run_id, "chunk" if step == "text" else "thinking")
                else:
                    pushed = owner.event(step, latest=step == "health")
                was_full = box.full_since is not None
                box.push(pushed, 1.0)
                if not was_full:
                    expected.waiting.append(pushed)
                if box.full_since is not None:
                    expected.losses += not was_full
                    expected.waiting.clear()
                if paused:
                    assert box.waiting_bytes - expected.answer_bytes <= LIMIT
            case "answer":
                answers += 1
                box.add(answer(answers))
                expected.answer_bytes += len(answer(answers))
            case "pause":
                box.pause()
                paused = True
            case "resume":
                box.resume()
                paused = False
            case _:
                box.flush(Numbering())
        if not paused and step in ("resume", "flush"):
            expected.flushed()
            assert box.waiting_bytes == 0
    box.resume()
    expected.flushed()

    assert [frame["seq"] for frame in wire.pushed] == list(range(1, len(wire.pushed) + 1))
    assert [frame["id"] for frame in wire.frames if frame["type"] == "res"] == list(range(1, answers + 1))
    stream = [frame for frame in wire.pushed if frame.get("event") != "door.resync"]
    assert len(wire.pushed) - len(stream) == expected.losses
    offsets = [frame["offset"] for frame in stream]
    assert offsets == sorted(set(offsets))
    assert texts(
        [frame for frame in stream if frame["type"] != "event"],
        lambda frame: (frame["type"], frame["runId"]),
        lambda frame: frame["content"],
    ) == texts(
        [pushed.increment for pushed in expected.written if pushed.increment is not None],
        lambda increment: (increment.kind, increment.run_id),
        lambda increment: increment.content,
    )
    assert [frame["offset"] for frame in stream if frame.get("event") == "event"] == [
        pushed.offset for pushed in expected.written if pushed.increment is None and not pushed.latest
    ]
    states = [pushed.offset for pushed in expected.written if pushed.latest]
    assert [frame["offset"] for frame in stream if frame.get("event") == "health"][-1:] == states[-1:]
