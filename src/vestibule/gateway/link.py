"""One open, greeted socket to a gateway: frames to answers and events, calls to frames.

Never dials and never decides whether to: it reports that it is lost, once.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Protocol

from msgspec import DecodeError, Struct
from msgspec.json import Decoder

from vestibule.errors import (
    BadFrame,
    ConnectionClosed,
    GatewayLost,
    GatewayTimeout,
    Overloaded,
    TooLarge,
    VestibuleError,
)
from vestibule.gateway.answering import answer, refuse
from vestibule.gateway.correlation import Asked, Correlation
from vestibule.protocol.codec import decode_gateway, encode_request
from vestibule.protocol.frames import GatewayEvent, GatewayResponse
from vestibule.telemetry import metrics
from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.model import GatewayHello
    from vestibule.sockets.native import Socket

log = get_logger(__name__)

SILENT = 4000
"""What a gateway that went silent is closed with; OpenClaw's own client uses it for the same."""
_SILENT_TICKS = 2
_LONGEST_RESTART_MS = 300_000
_ENVELOPE_BYTES = 512
"""What a request has around its params, at most."""
_ID_IN_HEAD = re.compile(rb'"id"\s*:\s*"(\d{1,20})"')
_TRACES_FROM_WIRE = 4


class _Shutdown(Struct):
    restartExpectedMs: float | None = None


_shutdown = Decoder(_Shutdown)


class LinkOwner(Protocol):
    """Who is told what a link hears."""

    def link_event(self, event: GatewayEvent) -> None:
        """An event."""

    def link_flush(self) -> None:
        """The end of what one read of the socket brought."""

    def link_lost(self, link: Link, code: int, reason: str) -> None:
        """The socket is gone; nothing is pending any more."""


_traffic = metrics.gateway_traffic


class OpenLinks:
    """Every link of a pool whose socket is not gone yet."""

    def __init__(self) -> None:
        self._links: set[Link] = set()
        self._fewer = asyncio.Event()

    def __len__(self) -> int:
        return len(self._links)

    def add(self, link: Link) -> None:
        """A socket is open."""
        self._links.add(link)

    def discard(self, link: Link) -> None:
        """A socket is gone."""
        self._links.discard(link)
        self._fewer.set()

    async def closed(self, links: set[Link] | None = None, *, timeout_s: float) -> None:
        """Until these (all) are gone; those that take longer are cut."""
        mine = self._links if links is None else links
        try:
            async with asyncio.timeout(timeout_s):
                while not self._links.isdisjoint(mine):
                    self._fewer.clear()
                    await self._fewer.wait()
        except TimeoutError:
            for link in self._links & mine:
                link.abort()


class Link:
    """A socket in use. Implements `sockets.native.SocketListener`."""

    def __init__(
        self,
        owner: str,
        socket: Socket,
        hello: GatewayHello,
        reports_to: LinkOwner,
        links: OpenLinks,
        *,
        run_timeout_s: float,
        max_unsent_bytes: int,
        clock: Callable[[], float],
    ) -> None:
        self.hello = hello
        self.restart_expected_ms: int | None = None
        """The gateway announced its end, and when it expects to be back."""
        self.opened_at = clock()
        self._owner = owner
        self._socket = socket
        self._reports_to = reports_to
        self._links = links
        self._clock = clock
        self._correlation = Correlation(run_timeout_s=run_timeout_s)
        self._max_unsent_bytes = max_unsent_bytes
        self._active = True  # events are passed on, and the owner wants to know when it is lost
        self._retiring = False  # closes when the last answer is in
        self._over = False
        self._heard = True
        self._heard_at = self.opened_at
        self._suspected = False
        self._complaints: set[str] = set()
        self._debug = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)
        links.add(self)

    @property
    def over(self) -> bool:
        """Nothing is pending any more, and nothing can be asked."""
        return self._over

    @property
    def pending(self) -> int:
        """Calls without a final answer."""
        return len(self._correlation)

    # -- calls

    def ask(self, asked: Asked) -> None:
        """Send a question. What cannot be sent is refused at once."""
        question = asked.question
        size = len(question.params)
        if size > self.hello.max_payload_bytes - _ENVELOPE_BYTES:
            # It would cost the socket, and so everybody's calls.
            refuse(asked, TooLarge("Larger than the gateway takes.", may_have_run=False))
            return
        if self._socket.buffered + size > self._max_unsent_bytes:
            refuse(asked, Overloaded(may_have_run=False))
            return
        upstream = self._correlation.ask(asked)
        trace = question.traceparent if self.hello.protocol >= _TRACES_FROM_WIRE else None
        frame = encode_request(upstream, question.method, question.params, trace)
        _traffic.frames_out += 1
        _traffic.bytes_out += len(frame)
        if self._debug:
            log.debug("call.sent", owner=self._owner, call=question.call, upstream=upstream, method=question.method)
        self._socket.send(frame)

    # -- the end

    def retire(self) -> None:
        """Another link has taken over: no events any more; closes when its calls are answered, or overdue."""
        self._active = False
        self._retiring = True
        self._close_if_done()

    def close(self, error: VestibuleError | None = None) -> None:
        """Close it now; what is pending is answered with `error`."""
        if not self._over:
            self._end(error or ConnectionClosed(may_have_run=True))
            self._socket.close(1000)

    def abort(self) -> None:
        """Cut it: it took too long to close."""
        self._end(ConnectionClosed(may_have_run=True))
        self._socket.abort()

    def _end(self, error: VestibuleError) -> None:
        self._over = True
        self._active = self._retiring = False
        for asked in self._correlation.drain():
            refuse(asked, error)

    def _close_if_done(self) -> None:
        if self._retiring and not self._correlation:
            self.close()

    # -- time

    def sweep(self, now: float) -> None:
        """A few times a second: overdue calls, and whether the gateway still lives (P12)."""
        if self._over:
            return
        if now >= self._correlation.due:
            for asked in self._correlation.overdue(now):
                refuse(asked, GatewayTimeout(may_have_run=True))
            self._close_if_done()
        if self._heard:
            self._heard = self._suspected = False
            self._heard_at = now
        elif now - self._heard_at >= _SILENT_TICKS * self.hello.tick_interval_ms / 1_000:
            if self._suspected:
                self._frozen(now)
            # The first time may be our own stall: what waits in the socket is read before the next sweep.
            self._suspected = True

    def _frozen(self, now: float) -> None:
        log.warning("gateway.frozen", owner=self._owner, silent_s=round(now - self._heard_at, 1))
        self._lose(SILENT, "silent")
        self._socket.abort()

    # -- the socket's side

    def on_message(self, data: bytes, last_in_read: bool) -> None:
        """A frame of the gateway."""
        self._heard = True
        _traffic.frames_in += 1
        _traffic.bytes_in += len(data)
        try:
            match decode_gateway(data):
                case GatewayResponse() as response:
                    self._answer(response)
                case GatewayEvent() as event:
                    self._event(event)
                case None:
                    self._complain("unknown_type", data)
        except BadFrame as bad:
            self._complain(bad.message.lower().replace(" ", "_"), data)
        except Exception:  # P5: a defect behind a frame must not end the reader, nor the frames after it
            log.exception("gateway.frame_failed", owner=self._owner)
        if last_in_read:
            self._reports_to.link_flush()

    def on_oversize(self, size: int, head: bytes) -> None:
        """An answer (or event) beyond what the door passes on was skipped: only that call fails (P10)."""
        self._heard = True
        self._complain("oversize", head)
        found = _ID_IN_HEAD.search(head)
        asked = self._correlation.take(found[1].decode()) if found else None
        if asked is not None:
            question = asked.question
            log.warning(
                "call.answer_too_large", owner=self._owner, call=question.call, method=question.method, size=size
            )
            refuse(asked, TooLarge("The answer is too large.", may_have_run=True))
        self._close_if_done()
        self._reports_to.link_flush()

    def on_closed(self, code: int, reason: str) -> None:
        """The socket is gone."""
        self._links.discard(self)
        self._lose(code, reason)

    # -- inside

    def _lose(self, code: int, reason: str) -> None:
        if self._over:
            return
        was_active = self._active
        self._end(GatewayLost(may_have_run=True))
        if was_active:
            self._reports_to.link_lost(self, code, reason)
        self._reports_to.link_flush()

    def _answer(self, response: GatewayResponse) -> None:
        found = self._correlation.answer(response.upstream_id, response.body, self._clock())
        if found is None:
            metrics.late_answers.inc()
            return
        asked, final = found
        if self._debug:
            log.debug("call.answered", owner=self._owner, call=asked.question.call, ok=response.ok, final=final)
        if final and not response.ok and asked.undo is not None:
            asked.undo()
        answer(asked.question, response.body, final)
        if self._retiring:
            self._close_if_done()

    def _event(self, event: GatewayEvent) -> None:
        if not self._active:
            return
        if event.event == "shutdown":
            self._hear_shutdown(event)
        self._reports_to.link_event(event)

    def _hear_shutdown(self, event: GatewayEvent) -> None:
        try:
            expected_ms = _shutdown.decode(event.payload).restartExpectedMs
        except (DecodeError, UnicodeDecodeError):
            return
        if expected_ms is not None:
            self.restart_expected_ms = int(min(max(expected_ms, 0), _LONGEST_RESTART_MS))

    def _complain(self, kind: str, data: bytes) -> None:
        metrics.bad_frames.labels(side="gateway", kind=kind).inc()
        if kind not in self._complaints:
            self._complaints.add(kind)
            log.warning("gateway.bad_frame", owner=self._owner, kind=kind, size=len(data))
