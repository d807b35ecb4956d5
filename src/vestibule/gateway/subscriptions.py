"""Who subscribed to what on a connection that all clients of an owner share.

The gateway keeps one flag per connection and topic, not a count: here it is counted, so that one client's
unsubscribe does not cut off the others, and so that a new socket can be subscribed again. Sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import DecodeError, Struct
from msgspec.json import Decoder, encode

from vestibule.errors import Overloaded
from vestibule.protocol.session_keys import normalise

SESSIONS = "sessions.subscribe"
MESSAGES = "sessions.messages.subscribe"
_SUBSCRIBES = frozenset({SESSIONS, MESSAGES})
_UNSUBSCRIBES = {"sessions.unsubscribe": SESSIONS, "sessions.messages.unsubscribe": MESSAGES}
"""OpenClaw has no `sessions.unsubscribe`: its flag stays up for as long as the socket lives, and the door alone decides
who hears of sessions."""
METHODS = frozenset({*_SUBSCRIBES, *_UNSUBSCRIBES})
"""The methods this module wants to see."""
MOST_PER_CLIENT = 1_024

Topic = tuple[str, str]
"""The method that subscribes, and the normalised session key or ''."""
Call = tuple[str, bytes]
"""A method and its params, to be sent to the gateway."""


@dataclass(frozen=True, slots=True)
class Forward:
    """Send the call to the gateway, with these params."""

    params: bytes
    added: Topic | None = None
    """What this subscribed anew: to be taken back if the gateway says no."""


@dataclass(frozen=True, slots=True)
class Local:
    """Answer the call here: others still listen."""

    payload: bytes


class _Params(Struct):
    key: str = ""
    includeApprovals: bool = False


_params = Decoder(_Params)


@dataclass(slots=True)
class _Member:
    params: bytes
    approvals: bool


class Subscriptions:
    """The subscriptions of one owner's clients."""

    def __init__(self) -> None:
        self._topics: dict[Topic, dict[str, _Member]] = {}

    def __bool__(self) -> bool:
        return bool(self._topics)

    def plan(self, client: str, method: str, params: bytes) -> Forward | Local:
        """What to do with a call of one of `METHODS`. Raises Overloaded."""
        try:
            wanted = _params.decode(params) if params else _Params()
        except (DecodeError, UnicodeDecodeError, RecursionError):
            return Forward(params)  # the gateway refuses it with its own words
        subscribe = _UNSUBSCRIBES.get(method, method)
        if subscribe == MESSAGES and not wanted.key:
            return Forward(params)
        topic = (subscribe, normalise(wanted.key) if subscribe == MESSAGES else "")
        if method in _SUBSCRIBES:
            return self._subscribe(client, topic, _Member(params, wanted.includeApprovals))
        return self._unsubscribe(client, topic, params, wanted.key)

    def undo(self, client: str, topic: Topic) -> None:
        """The gateway refused what `plan` had noted."""
        self._remove(client, topic)

    def release(self, client: str) -> list[Call]:
        """Forget a client. What nobody listens to any more is to be unsubscribed."""
        calls = []
        for topic in [topic for topic, members in self._topics.items() if client in members]:
            member = self._topics[topic][client]
            if self._remove(client, topic) and topic[1]:
                calls.append(("sessions.messages.unsubscribe", _key_only(member.params)))
        return calls

    def active(self) -> list[Call]:
        """What a new socket has to be subscribed to."""
        return [(topic[0], self._params(topic)) for topic in self._topics]

    def has(self, client: str, kind: str, key: str | None = None) -> bool:
        """Whether a client subscribed to this."""
        return client in self._topics.get((kind, normalise(key) if key else ""), ())

    def _subscribe(self, client: str, topic: Topic, member: _Member) -> Forward:
        members = self._topics.get(topic)
        if members is not None and client in members:
            members[client] = member
            return Forward(self._with_approvals(topic, member))
        if sum(client in each for each in self._topics.values()) >= MOST_PER_CLIENT:
            raise Overloaded("Too many subscriptions.", may_have_run=False)
        self._topics.setdefault(topic, {})[client] = member
        return Forward(self._with_approvals(topic, member), added=topic)

    def _unsubscribe(self, client: str, topic: Topic, params: bytes, key: str) -> Forward | Local:
        self._remove(client, topic)
        if topic not in self._topics and topic[1]:
            return Forward(params)
        return Local(encode({"subscribed": False, "key": key}) if topic[1] else b'{"subscribed":false}')

    def _remove(self, client: str, topic: Topic) -> bool:
        """Whether that was the last one."""
        members = self._topics.get(topic, {})
        if members.pop(client, None) is None or members:
            return False
        del self._topics[topic]
        return True

    def _params(self, topic: Topic) -> bytes:
        if not topic[1]:
            return b"{}"  # params of `sessions.subscribe` only ask for a list in the answer
        members = self._topics[topic].values()
        return next((member.params for member in members if member.approvals), next(iter(members)).params)

    def _with_approvals(self, topic: Topic, member: _Member) -> bytes:
        """A client that wants no approvals must not take them from one that does: the flag is shared too."""
        if topic[1] and not member.approvals:
            return next((each.params for each in self._topics[topic].values() if each.approvals), member.params)
        return member.params


def _key_only(params: bytes) -> bytes:
    return encode({"key": _params.decode(params).key})
