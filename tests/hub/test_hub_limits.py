"""hub.limits: how fast a client may send."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vestibule.hub.limits import TokenBucket


def test_a_burst_is_let_through_and_then_no_more() -> None:
    """S5: `burst` at once, not one more."""
    bucket = TokenBucket(rate=1, burst=3)

    assert [bucket.take(100.0) for _ in range(5)] == [True, True, True, False, False]


def test_it_refills_at_its_rate() -> None:
    """S5: after the burst, `rate` per second and no faster."""
    bucket = TokenBucket(rate=2, burst=2)
    assert bucket.take(10.0)
    assert bucket.take(10.0)

    assert not bucket.take(10.25)
    assert bucket.take(10.5)
    assert not bucket.take(10.75)
    assert bucket.take(11.0)


def test_a_long_silence_earns_one_burst_only() -> None:
    """S5: what was not used yesterday is not saved up, not even beside a bucket that is partly full."""
    bucket = TokenBucket(rate=1, burst=3)
    assert bucket.take(0.0)
    assert bucket.take(0.0)

    assert [bucket.take(1_000.0) for _ in range(4)] == [True, True, True, False]


@given(
    rate=st.integers(1, 50),
    burst=st.integers(1, 20),
    pauses=st.lists(st.sampled_from([0.0, 0.01, 0.25, 1.0, 60.0]), min_size=1, max_size=60),
)
def test_no_window_lets_more_through_than_burst_and_rate(rate: int, burst: int, pauses: list[float]) -> None:
    """S5: whatever the timing, any window of T seconds passes at most burst + rate * T."""
    bucket = TokenBucket(rate, burst)
    now, taken = 1_000.0, []
    for pause in pauses:
        now += pause
        if bucket.take(now):
            taken.append(now)

    for first in range(len(taken)):
        for last in range(first, len(taken)):
            assert last - first + 1 <= burst + rate * (taken[last] - taken[first]) + 1e-6
