"""What waits to be written to one client: bounded in bytes, numbered as it leaves.

Never waits and never drops an answer. When full: join what can be joined, then drop the pushed
frames and tell the client to reload, and report a client that stays full as too slow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from vestibule.hub.numbering import Numbering
from vestibule.hub.stream import Increment, Pushed
from vestibule.telemetry import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.hub.ports import ClientTransport

_traffic = metrics.client_traffic


class Outbox:
    """Frames for one client, in order, written in one piece per flush."""

    def __init__(
        self, transport: ClientTransport, *, limit_bytes: int, answers_limit_bytes: int, resync: Callable[[], Pushed]
    ) -> None:
        self._transport = transport
        self._limit = limit_bytes
        self._answers_limit = answers_limit_bytes
        self._resync = resync
        self._items: list[bytes | Pushed] = []
        self._bytes = 0
        self._seq = 0
        self._paused = False
        self._dropping = False
        self.full_since: float | None = None
        """Since when frames are being dropped; None while the client keeps up."""
        self.hopeless = False
        """Not even the answers fit: close."""

    @property
    def waiting_bytes(self) -> int:
        """Bytes that wait here, not counting what the transport holds."""
        return self._bytes

    def add(self, frame: bytes) -> None:
        """A complete frame that must arrive: an answer, an error, a notice. It is not part of the stream."""
        self._items.append(frame)
        self._bytes += len(frame)
        if self._paused and self._bytes > self._answers_limit:
            self.hopeless = True

    def push(self, pushed: Pushed, now: float) -> None:
        """A frame of the stream."""
        if self._dropping:
            metrics.dropped_frames.inc()
            return
        self._items.append(pushed)
        self._bytes += len(pushed.head)
        if self._paused and self._bytes > self._limit:
            self._make_room(now)

    def flush(self, numbering: Numbering) -> None:
        """Write everything, unless the transport is full."""
        if self._paused:
            return
        if self._dropping:
            self._items.append(self._resync())
            self._dropping = False
            self.full_since = None
        items = self._items
        if not items:
            return
        self._items = []
        self._bytes = 0
        if len(items) == 1 and isinstance(answer := items[0], bytes):  # nothing to number, nothing to share
            _traffic.frames_out += 1
            _traffic.bytes_out += len(answer)
            self._transport.write(answer)
            return
        batch, self._seq = numbering.batch(items, self._seq)
        _traffic.frames_out += len(batch.messages)
        _traffic.bytes_out += batch.size
        self._transport.write_many(batch)

    def pause(self) -> None:
        """The transport is full: keep frames here."""
        self._paused = True

    def resume(self) -> None:
        """The transport has room again."""
        self._paused = False
        self.flush(Numbering())

    def _make_room(self, now: float) -> None:
        before = len(self._items)
        self._items = _joined(self._items)
        self._bytes = sum(len(item) if isinstance(item, bytes) else len(item.head) for item in self._items)
        metrics.coalesced_frames.inc(before - len(self._items))
        if self._bytes <= self._limit // 2:
            return
        kept = [item for item in self._items if isinstance(item, bytes)]
        metrics.dropped_frames.inc(len(self._items) - len(kept))
        self._items = [*kept]
        self._bytes = sum(len(item) for item in kept)
        self._dropping = True
        self.full_since = now


def _joined(items: list[bytes | Pushed]) -> list[bytes | Pushed]:
    """The same frames in fewer: neighbouring increments of a run joined, of each state only the newest."""
    newest = {item.latest: item for item in items if isinstance(item, Pushed) and item.latest}
    result: list[bytes | Pushed] = []
    run: list[Pushed] = []

    def end_run() -> None:
        if run:
            result.append(_join(run))
            run.clear()

    for item in items:
        if isinstance(item, bytes):
            end_run()
            result.append(item)
        elif item.latest and newest[item.latest] is not item:
            continue
        elif item.increment is not None:
            if run and not _increment(run[-1]).joins(item.increment):
                end_run()
            run.append(item)
        else:
            end_run()
            result.append(item)
    end_run()
    return result


def _join(run: list[Pushed]) -> Pushed:
    """One frame for neighbouring increments; it carries the last position it covers."""
    if len(run) == 1:
        return run[0]
    last = run[-1]
    increment = replace(_increment(last), content="".join(_increment(pushed).content for pushed in run))
    return replace(last, head=increment.encode(increment.content, last.offset), increment=increment)


def _increment(pushed: Pushed) -> Increment:
    assert pushed.increment is not None
    return pushed.increment
