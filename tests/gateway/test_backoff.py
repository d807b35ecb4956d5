from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from vestibule.gateway.backoff import Backoff

seeds = st.integers(0, 10_000)


def backoff(seed: int, *, base_s: float = 1.0, cap_s: float = 30.0) -> Backoff:
    return Backoff(base_s, cap_s, random.Random(seed))


@given(seed=seeds, failures=st.integers(1, 80))
def test_full_jitter_between_nothing_and_a_doubling_bound(seed: int, failures: int) -> None:
    """P8: each delay is drawn from zero to a bound that doubles up to the cap, for ever."""
    it = backoff(seed)
    for n in range(failures):
        assert 0 <= it.after_failure() <= min(30.0, 2.0**n)


def test_no_two_replicas_in_step() -> None:
    """P8: connections that failed together do not come back together."""
    assert len({backoff(seed).after_failure() for seed in range(100)}) == 100


@given(seed=seeds, wish_ms=st.integers(0, 300_000))
def test_the_gateways_wish_is_waited_in_full(seed: int, wish_ms: int) -> None:
    """P8: `retryAfterMs` is a lower bound, with at most one base of jitter on top."""
    assert wish_ms / 1_000 <= backoff(seed).after_failure(retry_after_ms=wish_ms) <= wish_ms / 1_000 + 1.0


@given(seed=seeds)
def test_an_announced_restart_is_waited_for(seed: int) -> None:
    """P8: `shutdown.restartExpectedMs` says when to come back."""
    assert 1.5 <= backoff(seed).after_loss(1012, lived_s=9.0, restart_expected_ms=1_500) <= 2.5


@given(seed=seeds)
def test_the_first_dial_after_a_loss_is_quick(seed: int) -> None:
    """P8: within the base; a gateway that closed with 1012 is dialled like any other, 1013 is left alone for a base."""
    assert 0 <= backoff(seed).after_loss(1006, lived_s=9.0) <= 1.0
    assert 0 <= backoff(seed).after_loss(1012, lived_s=9.0) <= 1.0
    assert 1.0 <= backoff(seed).after_loss(1013, lived_s=9.0) <= 2.0


@given(seed=seeds)
def test_a_gateway_that_greets_and_dies_is_not_hammered(seed: int) -> None:
    """P8: only a connection that lasted starts the growth anew."""
    it = backoff(seed, base_s=8.0)
    for _ in range(10):
        it.after_loss(1006, lived_s=0.1)
    later = [it.after_loss(1006, lived_s=0.1) for _ in range(200)]
    assert max(later) > 16.0
    assert it.after_loss(1006, lived_s=60.0) <= 8.0


@given(seed=seeds)
def test_another_route_begins_anew(seed: int) -> None:
    """P11: what the old address did says nothing of the new one."""
    it = backoff(seed)
    for _ in range(10):
        it.after_failure()
    it.reset()
    assert it.after_failure() <= 1.0
