"""gateway.prospect: what a gateway that is not there means for whoever wants it."""

from __future__ import annotations

from vestibule.errors import GatewayDown, NoGateway
from vestibule.gateway.dialer import DialFailed
from vestibule.gateway.prospect import HALTED_S, HOPELESS_AFTER, HURRIED_S, PATIENCE_S, URGED_S, Prospect
from vestibule.model import GatewayState

DOWN = DialFailed("timeout", "It does not answer.")
REFUSED = DialFailed("refused", "Nothing listens there.", refused=True)
STARTING = DialFailed("refused", "Starting.", starting=True)
FATAL = DialFailed("auth", "The token is wrong.", fatal=True)


def test_nothing_known_is_hopeful() -> None:
    """P8: the first call waits for the first dial."""
    prospect = Prospect()

    assert prospect.hopeful(0.0)
    assert prospect.status(0.0, None).state is GatewayState.CONNECTING
    assert isinstance(prospect.fault(None), GatewayDown)


def test_calls_wait_for_a_few_failed_dials_and_no_longer() -> None:
    """P13: what waits is answered once there is no hope left."""
    prospect = Prospect()
    for _ in range(HOPELESS_AFTER - 1):
        prospect.failed(DOWN, 0.0)
    assert prospect.hopeful(0.0)
    assert prospect.status(0.0, 5).state is GatewayState.CONNECTING

    prospect.failed(DOWN, 0.0)

    assert not prospect.hopeful(0.0)
    assert prospect.status(0.0, 5).state is GatewayState.DOWN


def test_after_a_loss_calls_wait_for_the_restart() -> None:
    """P8: even a port that refuses is given the time a restart takes, longer if it was announced to be."""
    prospect = Prospect()
    prospect.lost(100.0, restart_expected_ms=None)
    prospect.failed(REFUSED, 100.0)
    assert prospect.hopeful(100.0 + PATIENCE_S - 0.1)
    assert not prospect.hopeful(100.0 + PATIENCE_S)

    prospect.lost(200.0, restart_expected_ms=20_000)

    assert prospect.hopeful(259.0)


def test_an_announced_restart_is_told_as_one() -> None:
    """P8: clients hear `starting`, not `down`."""
    prospect = Prospect()
    prospect.lost(0.0, restart_expected_ms=1_500)

    assert prospect.status(0.0, 10).state is GatewayState.STARTING
    assert prospect.status(0.0, 10).retry_in_ms == 10


def test_a_gateway_that_says_it_starts_is_starting() -> None:
    """P12: it takes connections and is not ready: retryable, and no error to show."""
    prospect = Prospect()
    prospect.failed(STARTING, 0.0)

    assert prospect.starting
    assert not prospect.hopeful(0.0)
    assert prospect.status(0.0, None).state is GatewayState.STARTING


def test_a_refusal_for_good_is_not_repeated_at_once() -> None:
    """P8: fatal errors stop the loop; whoever comes after a minute may try once more."""
    prospect = Prospect()
    prospect.failed(FATAL, 50.0)

    assert not prospect.hopeful(50.0)
    assert not prospect.may_ask_again(50.0 + HALTED_S - 0.1)
    assert prospect.may_ask_again(50.0 + HALTED_S)


def test_somebody_may_ask_a_gateway_that_refused_sooner() -> None:
    """P8: by hand, yet not so often that it shuts the door out."""
    prospect = Prospect()
    prospect.failed(FATAL, 50.0)

    assert not prospect.may_be_urged(50.0 + URGED_S - 0.1)
    assert prospect.may_be_urged(50.0 + URGED_S)


def test_somebody_may_hurry_the_next_attempt() -> None:
    """It is due at once, if the last one is a moment ago; never later than it was."""
    prospect = Prospect()
    prospect.failed(DOWN, 0.0)
    prospect.retry_at = 30.0

    assert prospect.hurried(0.25)
    assert prospect.retry_at == HURRIED_S
    assert not prospect.hurried(0.5)
    prospect.retry_at = 30.0
    assert prospect.hurried(10.0)
    assert prospect.retry_at == 10.0


def test_what_the_gateway_asked_for_is_not_hurried() -> None:
    """P8: a rate limit is waited out in full, an approval that only we wait for is not."""
    prospect = Prospect()
    prospect.retry_at = 300.0
    prospect.failed(DialFailed("refused", "Too often.", retry_after_ms=300_000), 0.0)
    assert not prospect.hurried(10.0)

    prospect.failed(DialFailed("refused", "Not approved yet.", retry_after_ms=30_000, refused=True), 0.0)

    assert prospect.hurried(10.0)


def test_an_owner_without_a_gateway() -> None:
    """The words of the origin contract, whatever else happened before."""
    prospect = Prospect()
    prospect.lost(0.0, restart_expected_ms=1_500)
    prospect.failed(NoGateway(), 0.0)

    assert prospect.unprovisioned
    assert not prospect.hopeful(0.0)
    assert prospect.fault(None).message == "No container provisioned."
    assert prospect.status(0.0, None).state is GatewayState.UNPROVISIONED


def test_another_route_starts_over() -> None:
    """P11: what the old address did is not held against the new one."""
    prospect = Prospect()
    prospect.lost(0.0, restart_expected_ms=1_500)
    for _ in range(HOPELESS_AFTER):
        prospect.failed(DOWN, 0.0)

    prospect.start_over()

    assert prospect.hopeful(0.0)
    assert prospect.status(0.0, None).state is GatewayState.CONNECTING
