"""deadline.py: time that is spent once."""

from __future__ import annotations

from vestibule.deadline import Deadline


class Clock:
    """A clock that stands until it is told to go on."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_stages_share_what_is_left() -> None:
    """Shutdown: a stage that takes all it may leaves the next one less; in a row they never exceed the whole."""
    clock = Clock()
    deadline = Deadline(10.0, clock=clock)
    deadline.begin()
    for _ in range(50):
        clock.now_s += deadline.part_s(0.4)
    assert 9.9 < deadline.spent_s <= 10.0


def test_what_a_stage_saves_is_the_next_ones() -> None:
    """Shutdown: a milestone is a share of the whole, so it stands where it stands whoever was quick or slow before."""
    clock = Clock()
    deadline = Deadline(10.0, clock=clock)
    deadline.begin()
    clock.now_s += 1
    assert deadline.until_s(0.4) == 3.0
    clock.now_s += 5
    assert deadline.until_s(0.4) == 0.0
    assert deadline.until_s(1.0) == deadline.left_s == 4.0


def test_it_begins_once() -> None:
    """The signal begins it; that the replica is stopped later does not give time back."""
    clock = Clock()
    deadline = Deadline(10.0, clock=clock)
    clock.now_s += 5
    assert deadline.left_s == 10.0
    deadline.begin()
    clock.now_s += 4
    deadline.begin()
    assert deadline.left_s == 6.0


def test_nothing_is_left_of_a_time_that_is_over() -> None:
    """Never negative: whoever comes late gets nothing, not an error."""
    clock = Clock()
    deadline = Deadline(1.0, clock=clock)
    deadline.begin()
    clock.now_s += 3
    assert (deadline.left_s, deadline.part_s(0.5)) == (0.0, 0.0)
