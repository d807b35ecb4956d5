"""Who has subscribed to what: the gateway knows only one flag per connection, the door counts.

Pure. A client is an id; a subscription is a method family and, for messages, a session key.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from vestibule.protocol.session_keys import normalise

SESSIONS = "sessions.subscribe"
MESSAGES = "sessions.messages.subscribe"
_ENDS = {"sessions.unsubscribe": SESSIONS, "sessions.messages.unsubscribe": MESSAGES}


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be subscribed to."""

    kind: str
    """The method that subscribes."""
    key: str = ""
    """The session, for MESSAGES."""

    @property
    def params(self) -> bytes:
        """Raw params that subscribe to it or end it."""
        return msgspec.json.encode({"key": self.key}) if self.key else b"{}"

    @property
    def end_method(self) -> str:
        """The method that ends it."""
        return self.kind.removesuffix("subscribe") + "unsubscribe"


class _Key(msgspec.Struct, frozen=True):
    key: str = ""


def topic_of(method: str, params: bytes) -> tuple[Topic, bool] | None:
    """The topic a call is about and whether it begins it; None for other calls and unreadable params."""
    kind = method if method in (SESSIONS, MESSAGES) else _ENDS.get(method)
    if kind is None:
        return None
    if kind == SESSIONS:
        return Topic(SESSIONS), method == kind
    try:
        key = msgspec.json.decode(params or b"{}", type=_Key).key
    except (msgspec.DecodeError, RecursionError):
        return None
    return (Topic(MESSAGES, normalise(key)), method == kind) if key else None


class Subscriptions:
    """The holders of each topic on one owner's connection."""

    def __init__(self) -> None:
        self._holders: dict[Topic, set[str]] = {}

    def begin(self, client: str, topic: Topic) -> None:
        """The client holds the topic from now on."""
        self._holders.setdefault(topic, set()).add(client)

    def end(self, client: str, topic: Topic) -> bool:
        """The client holds it no more. Returns whether nobody does now, so that the gateway has to be told."""
        holders = self._holders.get(topic)
        if holders is None:
            return True
        holders.discard(client)
        if not holders:
            del self._holders[topic]
        return not holders

    def release(self, client: str) -> list[Topic]:
        """The client is gone for good. Returns the topics nobody holds any more."""
        held = [topic for topic, holders in self._holders.items() if client in holders]
        return [topic for topic in held if self.end(client, topic)]

    def holds(self, client: str, kind: str, key: str | None) -> bool:
        """Whether the client holds the topic."""
        return client in self._holders.get(Topic(kind, normalise(key) if key and kind == MESSAGES else ""), ())

    @property
    def topics(self) -> list[Topic]:
        """Everything somebody holds: asked for again after a reconnect."""
        return list(self._holders)
