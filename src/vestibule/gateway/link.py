"""One socket to a gateway, from the handshake to its end, and the questions in flight on it.

Never dials and never comes back: its connection makes a new one. A reader survives any frame (P5).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Protocol

import msgspec

from vestibule.errors import BadFrame, GatewayReply, GatewayTimeout, TooLarge, VestibuleError
from vestibule.gateway.correlation import Asked, Correlation
from vestibule.gateway.ports import Body, Question
from vestibule.model import GatewayHello
from vestibule.protocol import codec
from vestibule.protocol.frames import GatewayEvent
from vestibule.protocol.handshake import Event, Handshake, Send, Welcome
from vestibule.protocol.refusals import Refused
from vestibule.sockets.native import Socket
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

log = get_logger(__name__)

_TWO_ANSWERS = "agent"
_OVERSIZE_ID = re.compile(rb'\{"type":"res","id":"(\d+)"')
_frames_in = metrics.frames.labels(side="gateway", direction="in")
_frames_out = metrics.frames.labels(side="gateway", direction="out")
_bytes_in = metrics.bytes_.labels(side="gateway", direction="in")
_bytes_out = metrics.bytes_.labels(side="gateway", direction="out")


class LinkRefused(Exception):
    """The gateway said no to the handshake."""

    def __init__(self, refused: Refused) -> None:
        self.refused = refused
        super().__init__(refused.code)


class LinkLost(Exception):
    """The socket ended before the gateway greeted us."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        super().__init__(f"closed {code} {reason}".strip())


class Receiver(Protocol):
    """Who hears a link: its connection."""

    def link_event(self, link: Link, event: GatewayEvent) -> None:
        """An event, before or after the greeting."""

    def link_flush(self, link: Link) -> None:
        """Everything one read brought has been delivered."""

    def link_closed(self, link: Link, code: int, reason: str) -> None:
        """The end of a greeted link. Its questions are still in it."""


class _Status(msgspec.Struct, frozen=True):
    class Payload(msgspec.Struct, frozen=True):
        status: str = ""

    payload: Payload | None = None


class Link:
    """A socket with its questions. Implements `sockets.native.SocketListener`."""

    def __init__(
        self, owner: str, receiver: Receiver, handshake: Handshake, *, run_timeout_s: float, clock: Callable[[], float]
    ) -> None:
        self.owner = owner
        self.welcome: asyncio.Future[Welcome] = asyncio.get_running_loop().create_future()
        """Set by the handshake, or failed with LinkRefused or LinkLost."""
        self.hello: GatewayHello | None = None
        self.heard_at = clock()
        self.closed_by_us = False
        self._receiver = receiver
        self._handshake: Handshake | None = handshake
        self._run_timeout_s = run_timeout_s
        self._clock = clock
        self._socket: Socket | None = None
        self._questions = Correlation()
        self._complained: set[str] = set()

    def opened(self, socket: Socket) -> None:
        """The socket is there; the handshake begins with the gateway's first frame."""
        self._socket = socket

    def __len__(self) -> int:
        """Questions in flight."""
        return len(self._questions)

    # -- asking

    def ask(self, question: Question, *, deadline: float) -> None:
        """Send a question. Its answer, a timeout or the end of the link decides it."""
        assert self._socket is not None
        assert self.hello is not None
        upstream_id = self._questions.ask(question, deadline=deadline)
        traceparent = question.traceparent if self.hello.protocol >= 4 else None
        frame = codec.encode_request(upstream_id, question.method, question.params, traceparent)
        _frames_out.inc()
        _bytes_out.inc(len(frame))
        self._socket.send(frame)

    def expire(self, now: float) -> None:
        """Answer the questions whose time is up."""
        for asked in self._questions.overdue(now):
            fail(asked.question, GatewayTimeout(may_have_run=True))

    def fail_all(self, error: Callable[[], VestibuleError]) -> None:
        """Answer every question in flight with an error (P6)."""
        for asked in self._questions.drain():
            fail(asked.question, error())

    @property
    def frozen_after_s(self) -> float:
        """How long a silence means that the gateway is frozen: two of its ticks (P12)."""
        return 2 * self.hello.tick_interval_ms / 1_000 if self.hello else float("inf")

    def close(self) -> None:
        """Say goodbye; the socket is cut if the gateway does not answer."""
        self.closed_by_us = True
        if self._socket is not None:
            self._socket.close(1000)

    def abort(self) -> None:
        """Cut the socket now."""
        if self._socket is not None:
            self._socket.abort()

    # -- hearing (sockets.native.SocketListener)

    def on_message(self, data: bytes, last_in_read: bool) -> None:
        """A message of the gateway."""
        _frames_in.inc()
        _bytes_in.inc(len(data))
        self.heard_at = self._clock()
        try:
            if self._handshake is not None:
                self._greet(self._handshake, data)
            else:
                self._take(data)
        except BadFrame as error:
            self._complain("bad_frame", error.message)
        except Exception:
            # P5: a defect in whoever hears a frame must not end the reader of everybody's frames.
            log.exception("gateway.frame_failed", owner=self.owner)
            self._complain("defect", "see the log")
        if last_in_read:
            self._receiver.link_flush(self)

    def on_oversize(self, size: int, head: bytes) -> None:
        """A message above the limit was skipped: only the call it answers fails (P10)."""
        self.heard_at = self._clock()
        self._complain("oversize", f"{size} bytes")
        found = _OVERSIZE_ID.match(head)
        upstream_id = found[1].decode() if found else ""
        asked = self._questions.find(upstream_id)
        if asked is not None:
            self._questions.settle(upstream_id)
            error = TooLarge("The answer is too large to pass on.", details={"bytes": size}, may_have_run=True)
            fail(asked.question, error)
        self._receiver.link_flush(self)

    def on_closed(self, code: int, reason: str) -> None:
        """The socket ended."""
        if not self.welcome.done():
            self.welcome.set_exception(LinkLost(code, reason))
        elif self.hello is not None:
            self._receiver.link_closed(self, code, reason)

    def _greet(self, handshake: Handshake, data: bytes) -> None:
        for action in handshake.receive(data):
            match action:
                case Send(frame) if self._socket is not None:
                    self._socket.send(frame)
                case Event(event):
                    self._receiver.link_event(self, event)
                case Welcome() as welcome if not self.welcome.done():
                    self._handshake = None
                    self.hello = welcome.hello
                    self.welcome.set_result(welcome)
                case Refused() as refused if not self.welcome.done():
                    self.welcome.set_exception(LinkRefused(refused))

    def _take(self, data: bytes) -> None:
        match codec.decode_gateway(data):
            case codec.GatewayResponse() as response:
                self._answer(response.upstream_id, response.body, response.ok)
            case GatewayEvent() as event:
                self._receiver.link_event(self, event)
            case None:
                self._complain("unknown_type", "")

    def _answer(self, upstream_id: str, body: Body, ok: bool) -> None:
        asked = self._questions.find(upstream_id)
        if asked is None:
            metrics.late_answers.inc()
            return
        if ok and asked.question.method == _TWO_ANSWERS and not asked.accepted and _is_accepted(body):
            self._questions.accept(upstream_id, deadline=self._clock() + self._run_timeout_s)
            self._tell(asked, body, final=False)
            return
        self._questions.settle(upstream_id)
        self._tell(asked, body, final=True)

    def _tell(self, asked: Asked, body: Body, *, final: bool) -> None:
        question = asked.question
        if question.filter is not None:
            try:
                body = question.filter(body)
            except Exception:
                # A filter that fails must not let the unfiltered answer through (S1).
                log.exception("gateway.filter_failed", owner=self.owner, method=question.method)
                body = codec.error_body(GatewayReply(may_have_run=True))
        question.asker.answer(question, body, final)

    def _complain(self, kind: str, detail: str) -> None:
        metrics.bad_frames.labels(side="gateway", kind=kind).inc()
        if kind not in self._complained:
            self._complained.add(kind)
            log.warning("gateway.bad_frame", owner=self.owner, kind=kind, detail=detail)


def fail(question: Question, error: VestibuleError) -> None:
    """Answer a question with an error of ours."""
    question.asker.answer(question, codec.error_body(error), True)


def _is_accepted(body: Body) -> bool:
    try:
        answer = msgspec.json.decode(b"{" + body[1:], type=_Status)
    except (msgspec.DecodeError, RecursionError):
        return False
    return answer.payload is not None and answer.payload.status == "accepted"
