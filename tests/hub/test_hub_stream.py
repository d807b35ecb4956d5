"""hub.stream: positions, and a tail that is complete or not there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vestibule.hub.audience import Audience, To
from vestibule.hub.stream import Increment, Pushed, Stream

EVERYBODY = Audience(To.SCOPE)


def push(stream: Stream, size: int = 10, now: float = 0.0) -> Pushed:
    pushed = Pushed(stream.advance(), b"x" * size, EVERYBODY)
    stream.keep(pushed, now)
    return pushed


def increment(run_id: str, kind: str = "chunk") -> Increment:
    return Increment(kind, run_id, "text", lambda content, offset: b"")


def test_positions_grow_by_one() -> None:
    """C6: the offset names a position in the owner's stream."""
    stream = Stream("e", tail_bytes=100, tail_age_s=10)

    assert [stream.advance(), stream.advance(), stream.offset] == [1, 2, 2]


def test_who_was_away_for_two_frames_gets_these_two() -> None:
    """C6: everything after the offset, in order."""
    stream = Stream("e", tail_bytes=100, tail_age_s=10)
    first, second, third = push(stream), push(stream), push(stream)

    assert stream.since(0, now=1.0) == [first, second, third]
    assert stream.since(1, now=1.0) == [second, third]
    assert stream.since(3, now=1.0) == []


def test_a_tail_too_long_gives_up_its_oldest() -> None:
    """R4, C6: bounded by bytes; what is incomplete is not given at all."""
    stream = Stream("e", tail_bytes=25, tail_age_s=10)
    _, second, third = push(stream), push(stream), push(stream)

    assert stream.tail_bytes == 20
    assert stream.since(0, now=0.0) is None
    assert stream.since(1, now=0.0) == [second, third]


def test_what_is_too_old_goes() -> None:
    """C6: bounded by age."""
    stream = Stream("e", tail_bytes=100, tail_age_s=10)
    push(stream, now=0.0)
    young = push(stream, now=9.0)

    assert stream.since(0, now=11.0) is None
    assert stream.since(1, now=11.0) == [young]
    assert stream.since(2, now=100.0) == []
    assert stream.tail_bytes == 0


def test_one_frame_larger_than_the_tail_empties_it() -> None:
    """R4: no single frame breaks the bound."""
    stream = Stream("e", tail_bytes=50, tail_age_s=10)
    push(stream)
    push(stream, size=51)

    assert stream.tail_bytes == 0
    assert stream.since(1, now=0.0) is None
    assert stream.since(2, now=0.0) == []


def test_an_offset_of_the_future_or_below_zero_is_nobodys() -> None:
    """C6: an offset this stream never gave is not recovered from."""
    stream = Stream("e", tail_bytes=50, tail_age_s=10)
    push(stream)

    assert stream.since(2, now=0.0) is None
    assert stream.since(-1, now=0.0) is None


def test_only_neighbours_of_one_kind_and_run_are_joined() -> None:
    """C3: text and thinking, or two runs, are never mixed."""
    assert increment("r1").joins(increment("r1"))
    assert not increment("r1").joins(increment("r2"))
    assert not increment("r1").joins(increment("r1", "thinking"))
    assert not increment("r1").joins(None)


@given(
    steps=st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0.0, 1.0, 4.0])), max_size=40),
    tail_bytes=st.integers(0, 100),
    asked=st.integers(-1, 45),
)
def test_it_is_all_or_nothing(steps: list[tuple[int, float]], tail_bytes: int, asked: int) -> None:
    """C6: `since` is every later frame in order or None, and never None for who missed nothing."""
    stream = Stream("e", tail_bytes=tail_bytes, tail_age_s=5.0)
    everything: list[Pushed] = []
    now = 0.0
    for size, pause in steps:
        now += pause
        everything.append(push(stream, size, now))
        assert stream.tail_bytes <= tail_bytes

    found = stream.since(asked, now)

    if found is not None:
        assert found == [pushed for pushed in everything if pushed.offset > asked]
    assert stream.since(stream.offset, now) == []
