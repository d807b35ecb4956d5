"""The bus of a single replica: subscribers are called before `publish` returns.

Reaches no other process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vestibule.telemetry.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from vestibule.bus.port import Message, Subscriber

log = get_logger(__name__)


class MemoryBus:
    """Topics and who listens to them, in this process."""

    def __init__(self) -> None:
        self._subscribers: dict[str, list[Subscriber]] = {}

    async def start(self) -> None:
        """Nothing to do: it is there."""

    async def close(self) -> None:
        """Forget all subscribers."""
        self._subscribers.clear()

    def publish(self, topic: str, message: Message) -> None:
        """Call everybody who subscribed to `topic`, in the order they came, each with a message of its own."""
        for subscriber in tuple(self._subscribers.get(topic, ())):
            try:
                subscriber(dict(message))
            except Exception:  # the publisher did its work: a subscriber's defect must not undo it, nor stop the others
                log.exception("bus.subscriber_failed", topic=topic)

    def subscribe(self, topic: str, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` for `topic` until the function returned here is called; calling that twice is fine."""
        own: Subscriber = lambda message: subscriber(message)  # noqa: E731  an identity of its own, if it comes twice
        self._subscribers.setdefault(topic, []).append(own)

        def unsubscribe() -> None:
            if own in (subscribers := self._subscribers.get(topic, [])):
                subscribers.remove(own)
            if not subscribers:
                self._subscribers.pop(topic, None)

        return unsubscribe
