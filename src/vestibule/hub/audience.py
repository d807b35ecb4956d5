"""To whom an event of a gateway is addressed, and whether a given client is among them.

Pure: event names and decoded addressing in, an `Audience` out. What nobody can place goes to the
owner's admins only; it is never broadcast.
"""

from __future__ import annotations

from enum import Enum

import msgspec

from vestibule.model import Principal, Role
from vestibule.policy.roles import APPROVALS, QUESTIONS, READ, satisfies
from vestibule.protocol.session_keys import normalise

PAIRING = "operator.pairing"

# State of the gateway as a whole: whoever may read it may hear of it.
# fmt: off
_STATE_EVENTS = frozenset({
    "health", "presence", "tick", "heartbeat", "cron", "task", "config.changed", "shutdown", "skills.changed",
    "plugins.changed", "update.available", "update.run.changed", "gateway.suspension", "node.presence",
    "node.hostStats", "talk.mode", "voicewake.changed", "models.changed", "agents.changed",
})
# fmt: on
_STATE_UNLESS_OF_A_SESSION = frozenset({"chat.metadata.changed"})
_BY_SCOPE = (
    ("exec.approval.", APPROVALS),
    ("plugin.approval.", APPROVALS),
    ("openclaw.approval.", APPROVALS),
    ("question.", QUESTIONS),
    ("node.pair.", PAIRING),
    ("device.pair.", PAIRING),
)
LATEST_WINS = frozenset({"health", "presence", "tick"})
# The conversation itself; `sessions.changed` and others only speak about it.
_PRIVATE = frozenset({"chat", "agent", "session.message", "session.tool", "session.approval"})


class Subscription(Enum):
    """What a client must have subscribed to before an event of this kind is for it."""

    NONE = 0
    SESSIONS = 1
    """`sessions.subscribe`"""
    MESSAGES = 2
    """`sessions.subscribe`, or `sessions.messages.subscribe` of that session"""
    MESSAGES_ONLY = 3
    """`sessions.messages.subscribe` of that session"""


_NEEDS = {
    "sessions.changed": Subscription.SESSIONS,
    "session.tool": Subscription.SESSIONS,
    "session.message": Subscription.MESSAGES,
    "session.approval": Subscription.MESSAGES_ONLY,
}


class To(Enum):
    """The kinds of audience."""

    SCOPE = 0
    """Every member who holds a scope."""
    SESSION = 1
    """Who takes part in a session, and admins unless it is somebody's own."""
    CLIENT = 2
    """One client, wherever it is attached: the frames of the chat bridge."""
    ADMINS = 3
    CLIENTS = 4
    """Some clients: those that asked for what has changed."""


class Audience(msgspec.Struct, frozen=True, gc=False):
    """Who a pushed frame is for."""

    to: To
    scope: str = READ
    session_key: str = ""
    client_id: str = ""
    client_ids: frozenset[str] = frozenset()
    subscription: Subscription = Subscription.NONE
    private: bool = False
    """The conversation itself: in somebody's own session not even admins get it."""
    bridged_to: str = ""
    """A client that gets the same as chat frames, and so not as events."""


READERS = Audience(To.SCOPE)
ADMINS = Audience(To.ADMINS)


class Addressing(msgspec.Struct, frozen=True):
    """The fields of an event's payload that say whom it concerns."""

    sessionKey: str | None = None
    runId: str | None = None
    stream: str | None = None


_addressing = msgspec.json.Decoder(Addressing)
NOWHERE = Addressing()


def addressing_of(payload: bytes | memoryview | msgspec.Raw) -> Addressing:
    """The addressing fields of a payload; empty where it has none or they are not what they should be."""
    try:
        return _addressing.decode(payload)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        return NOWHERE


def audience_of(event: str, where: Addressing, *, bridged_to: str = "") -> Audience:
    """To whom the gateway's event is addressed."""
    if event in _STATE_EVENTS:
        return READERS
    for prefix, scope in _BY_SCOPE:
        if event.startswith(prefix):
            return Audience(To.SCOPE, scope=scope)
    if where.sessionKey:
        return Audience(
            To.SESSION,
            session_key=normalise(where.sessionKey),
            subscription=_NEEDS.get(event, Subscription.NONE),
            private=event in _PRIVATE,
            bridged_to=bridged_to,
        )
    return READERS if event in _STATE_UNLESS_OF_A_SESSION else ADMINS


def holds(principal: Principal, scope: str) -> bool:
    """Whether the principal holds a scope."""
    return satisfies(principal.scopes, scope)


def is_admin(principal: Principal) -> bool:
    """Whether the principal is an admin of its owner."""
    return principal.role is Role.ADMIN
