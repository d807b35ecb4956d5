"""Faults with names: what a gateway can do wrong, usable in tests and by `vestibule simulate --fault NAME`.

Declares and counts faults only; the places that misbehave ask `Faults` whether they should.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Fault(StrEnum):
    """What the simulated gateway does wrong. `HELP` says when each one strikes."""

    # before the WebSocket
    REFUSE_TCP = "refuse_tcp"
    HANG_IN_TCP = "hang_in_tcp"
    HANG_IN_UPGRADE = "hang_in_upgrade"
    HTTP_503 = "http_503"
    # the handshake
    HANG_IN_HANDSHAKE = "hang_in_handshake"
    REFUSE_AUTH = "refuse_auth"
    STARTING = "starting"
    EVENT_BEFORE_HELLO = "event_before_hello"
    SCOPES_MISSING = "scopes_missing"
    PROTOCOL_MISMATCH = "protocol_mismatch"
    NOT_PAIRED = "not_paired"
    RATE_LIMITED = "rate_limited"
    # an answer
    DROP_AFTER_SEND = "drop_after_send"
    FAST_REPLY = "fast_reply"
    NEVER_ANSWER = "never_answer"
    LATE_ANSWER = "late_answer"
    DOUBLE_ANSWER = "double_answer"
    ANSWER_UNKNOWN_ID = "answer_unknown_id"
    ERROR_NULL = "error_null"
    OVERSIZE_REPLY = "oversize_reply"
    KEY_ORDER = "key_order"
    # frames nobody asked for
    LIST_FRAME = "list_frame"
    UNKNOWN_TYPE = "unknown_type"
    BINARY_FRAME = "binary_frame"
    GARBAGE_FRAME = "garbage_frame"
    INVALID_JSON = "invalid_json"
    SEQ_GAP = "seq_gap"
    FLOOD = "flood"
    # the end
    CLEAN_CLOSE_1000 = "clean_close_1000"
    CLEAN_CLOSE_1001 = "clean_close_1001"
    CLEAN_CLOSE_1012 = "clean_close_1012"
    CLEAN_CLOSE_1013 = "clean_close_1013"
    HANG_IN_CLOSE = "hang_in_close"
    SHUTDOWN_EVENT = "shutdown_event"
    HALF_CLOSE = "half_close"
    # silence
    FREEZE = "freeze"
    NO_TICK = "no_tick"
    SLOW_DRIP = "slow_drip"


HELP: dict[Fault, str] = {
    Fault.REFUSE_TCP: "The port refuses connections.",
    Fault.HANG_IN_TCP: "TCP connects hang: the accept queue is full.",
    Fault.HANG_IN_UPGRADE: "The HTTP upgrade is read and never answered.",
    Fault.HTTP_503: "The upgrade is answered with HTTP 503, as during a restart.",
    Fault.HANG_IN_HANDSHAKE: "The challenge is sent; `connect` is never answered.",
    Fault.REFUSE_AUTH: "`connect` is refused with AUTH_TOKEN_MISMATCH and 1008.",
    Fault.STARTING: "`connect` is refused with UNAVAILABLE, startup-sidecars and 1013; 3 times by default.",
    Fault.EVENT_BEFORE_HELLO: "Events arrive between `connect` and `hello-ok`.",
    Fault.SCOPES_MISSING: "`hello-ok` grants no scopes.",
    Fault.PROTOCOL_MISMATCH: "`connect` is refused with PROTOCOL_MISMATCH and 1002.",
    Fault.NOT_PAIRED: "`connect` is refused with NOT_PAIRED, a requestId, and 1008.",
    Fault.RATE_LIMITED: "`connect` is refused with AUTH_RATE_LIMITED and `retry_after_ms`.",
    Fault.DROP_AFTER_SEND: "A request is carried out and the socket dies before the answer (1006).",
    Fault.FAST_REPLY: "Answers leave in the loop tick that read the request (always; named for tests that rely on it).",
    Fault.NEVER_ANSWER: "A request is carried out and never answered.",
    Fault.LATE_ANSWER: "The answer comes after `delay_s`.",
    Fault.DOUBLE_ANSWER: "The answer comes twice.",
    Fault.ANSWER_UNKNOWN_ID: "An answer to an id nobody used comes before the right one.",
    Fault.ERROR_NULL: "The answer is `ok:false` with `error:null`.",
    Fault.OVERSIZE_REPLY: "The answer's payload has `size_bytes`; by default more than the policy's maxPayload.",
    Fault.KEY_ORDER: "The answer's keys come in another order, with whitespace.",
    Fault.LIST_FRAME: "A JSON list comes before the answer.",
    Fault.UNKNOWN_TYPE: "A frame of unknown type comes before the answer.",
    Fault.BINARY_FRAME: "The answer comes as a binary frame holding JSON.",
    Fault.GARBAGE_FRAME: "A binary frame of garbage comes before the answer.",
    Fault.INVALID_JSON: "A text frame that is not JSON comes before the answer.",
    Fault.SEQ_GAP: "One `seq` is left out at the next event.",
    Fault.FLOOD: "Events are sent as fast as the socket takes them.",
    Fault.CLEAN_CLOSE_1000: "A request is answered by a clean close 1000.",
    Fault.CLEAN_CLOSE_1001: "A request is answered by a clean close 1001.",
    Fault.CLEAN_CLOSE_1012: "A request is answered by a clean close 1012.",
    Fault.CLEAN_CLOSE_1013: "A request is answered by a clean close 1013.",
    Fault.HANG_IN_CLOSE: "A close frame is never answered and TCP stays up.",
    Fault.SHUTDOWN_EVENT: "`shutdown` with `restart_expected_ms`, then close 1012, at once; once by default.",
    Fault.HALF_CLOSE: "The sending side of TCP is closed (FIN) while reading goes on.",
    Fault.FREEZE: "TCP stays up, nothing is read or written any more.",
    Fault.NO_TICK: "No `tick` and no `health` events.",
    Fault.SLOW_DRIP: "Everything is sent at `bytes_per_s`.",
}

_DEFAULT_TIMES = {Fault.STARTING: 3, Fault.SHUTDOWN_EVENT: 1, Fault.SEQ_GAP: 1}


@dataclass(slots=True)
class FaultPlan:
    """One active fault with its numbers."""

    fault: Fault
    times: int | None = None
    """How often it still strikes; None: until it is removed."""
    method: str | None = None
    """Only requests of this method; None: all."""
    delay_s: float = 1.0
    retry_after_ms: int = 500
    restart_expected_ms: int | None = 1500
    bytes_per_s: int = 256
    size_bytes: int | None = None
    struck: int = 0
    """How often it struck."""


class Faults:
    """The faults of one gateway. Changeable at run time."""

    def __init__(self, on_change: Callable[[Fault, FaultPlan | None], None]) -> None:
        self._plans: dict[Fault, FaultPlan] = {}
        self._on_change = on_change

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._plans))

    def __contains__(self, fault: Fault | str) -> bool:
        return Fault(fault) in self._plans

    def __len__(self) -> int:
        return len(self._plans)

    def add(
        self,
        fault: Fault | str,
        *,
        times: int | None = None,
        method: str | None = None,
        delay_s: float = 1.0,
        retry_after_ms: int = 500,
        restart_expected_ms: int | None = 1500,
        bytes_per_s: int = 256,
        size_bytes: int | None = None,
    ) -> FaultPlan:
        """Start a fault. Adding it again replaces its numbers."""
        name = Fault(fault)
        plan = FaultPlan(
            name,
            times=_DEFAULT_TIMES.get(name) if times is None else times,
            method=method,
            delay_s=delay_s,
            retry_after_ms=retry_after_ms,
            restart_expected_ms=restart_expected_ms,
            bytes_per_s=bytes_per_s,
            size_bytes=size_bytes,
        )
        self._plans[name] = plan
        self._on_change(name, plan)
        return plan

    def remove(self, fault: Fault | str) -> None:
        """End a fault; unknown or inactive ones are fine."""
        if self._plans.pop(Fault(fault), None) is not None:
            self._on_change(Fault(fault), None)

    def clear(self) -> None:
        """End all faults."""
        for fault in tuple(self._plans):
            self.remove(fault)

    def peek(self, fault: Fault) -> FaultPlan | None:
        """The plan if the fault is active, without counting."""
        return self._plans.get(fault)

    def strike(self, fault: Fault, method: str | None = None) -> FaultPlan | None:
        """The plan if the fault strikes now; counts, and ends it after its last time."""
        plan = self._plans.get(fault)
        if plan is None or (plan.method is not None and plan.method != method):
            return None
        plan.struck += 1
        if plan.times is not None:
            plan.times -= 1
            if plan.times <= 0:
                self.remove(fault)
        return plan
