"""Why a gateway is not connected, and what that means for whoever wants it.

Pure: knows failures and moments, no socket and no task. Callers pass `now`.
"""

from __future__ import annotations

from math import inf

from vestibule.errors import GatewayDown, GatewayFault, GatewayStarting, NoGateway
from vestibule.gateway.dialer import DialFailed
from vestibule.model import GatewayState, GatewayStatus

HOPELESS_AFTER = 3
"""Failed dials in a row after which calls are answered at once instead of being queued."""
PATIENCE_S = 10.0
"""How long after a loss calls are queued anyway: a gateway restarts in about 4 s."""
HALTED_S = 60.0
"""A gateway that refused for good is asked again at most this often, and only when somebody comes."""
URGED_S = 10.0
"""As often if somebody asks for that: OpenClaw shuts out whoever fails to sign in ten times a minute."""
HURRIED_S = 1.0
"""Between two dials, however often somebody asks for one."""

CONNECTING = "Connecting to the gateway."
LOST = "The connection to the gateway was lost. Connecting again."
RESTARTING = "The gateway is restarting."


class Prospect:
    """What is known of a gateway while there is no link to it."""

    def __init__(self) -> None:
        self.failure: DialFailed | NoGateway | None = None
        """Of the last attempt."""
        self.retry_at = 0.0
        """When the next attempt is due."""
        self._failures = 0
        self._patient_until = -inf
        self._halted_at = -inf
        self._failed_at = -inf
        self._reason = CONNECTING

    # -- facts

    @property
    def unprovisioned(self) -> bool:
        """Whether the owner has no gateway."""
        return isinstance(self.failure, NoGateway)

    @property
    def starting(self) -> bool:
        """Whether the gateway said that it is starting."""
        return isinstance(self.failure, DialFailed) and self.failure.starting

    def may_ask_again(self, now: float) -> bool:
        """Whether a gateway that refused for good may be bothered again."""
        return now - self._halted_at >= HALTED_S

    def may_be_urged(self, now: float) -> bool:
        """Whether it may be because somebody asks for it."""
        return now - self._halted_at >= URGED_S

    def hopeful(self, now: float) -> bool:
        """Whether a call that cannot be sent now is worth being queued."""
        failure = self.failure
        if failure is None:
            return True
        if isinstance(failure, NoGateway) or failure.fatal:
            return False
        if now < self._patient_until:
            return True
        return not failure.starting and not failure.refused and self._failures < HOPELESS_AFTER

    def fault(self, wait_ms: int | None) -> GatewayFault:
        """Why a call cannot go up. `wait_ms`: until the next attempt, if one is due."""
        if self.failure is None:
            return GatewayDown(retry_after_ms=wait_ms, may_have_run=False)
        if isinstance(self.failure, NoGateway):
            return NoGateway(may_have_run=False)
        return self.failure.error(wait_ms)

    def wait_ms(self, now: float) -> int:
        """How long until the next attempt."""
        return max(0, int((self.retry_at - now) * 1_000))

    def status(self, now: float, wait_ms: int | None) -> GatewayStatus:
        """What clients are told."""
        failure = self.failure
        if failure is None:
            state = GatewayState.STARTING if self._reason is RESTARTING else GatewayState.CONNECTING
            return GatewayStatus(state, self._reason, wait_ms)
        if isinstance(failure, NoGateway):
            return GatewayStatus(GatewayState.UNPROVISIONED, NoGateway.default)
        if failure.starting:
            return GatewayStatus(GatewayState.STARTING, GatewayStarting.default, wait_ms)
        state = GatewayState.CONNECTING if self.hopeful(now) else GatewayState.DOWN
        return GatewayStatus(state, failure.message, wait_ms)

    # -- what happens

    def wanted(self) -> None:
        """Somebody came, and nothing is known yet."""
        self._patient_until = -inf
        self._reason = CONNECTING

    def failed(self, failure: DialFailed | NoGateway, now: float) -> None:
        """An attempt failed."""
        self.failure = failure
        self._failures += 1
        self._failed_at = now
        if isinstance(failure, DialFailed) and failure.fatal:
            self._halted_at = now

    def hurried(self, now: float) -> bool:
        """Somebody asks for the next attempt: whether it is due sooner now. What the gateway asked for is waited."""
        if isinstance(self.failure, DialFailed) and self.failure.asks_to_wait:
            return False
        sooner = max(now, self._failed_at + HURRIED_S)
        if sooner >= self.retry_at:
            return False
        self.retry_at = sooner
        return True

    def lost(self, now: float, *, restart_expected_ms: int | None) -> None:
        """The link went away. A gateway that announced its restart is given time for it."""
        self._reason = LOST if restart_expected_ms is None else RESTARTING
        self._patient_until = now + max(PATIENCE_S, 3 * (restart_expected_ms or 0) / 1_000)

    def forget_failures(self) -> None:
        """There is a link, or nobody wants one any more."""
        self.failure = None
        self._failures = 0

    def start_over(self) -> None:
        """It is another gateway, or another way to it."""
        self.forget_failures()
        self._reason = CONNECTING
