"""The states of a gateway connection and the moves between them, on one screen.

Decides nothing: whoever moves says why. A pair that is not in the table is a defect, not an `else`.
"""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """Where a gateway connection is."""

    IDLE = "idle"
    """No socket, and nobody who wants one."""
    DIALING = "dialing"
    """Looking up the route, connecting, greeting."""
    READY = "ready"
    """Greeted: calls go up at once."""
    REPLACING = "replacing"
    """Ready by the old route while the new one is dialled."""
    WAITING = "waiting"
    """Between two attempts."""
    HALTED = "halted"
    """Refused for good: until the route changes, or somebody comes after a while."""
    CLOSED = "closed"
    """Over."""


class Event(Enum):
    """What happens to it."""

    WANTED = "wanted"
    WELCOMED = "welcomed"
    FAILED = "failed"
    REFUSED = "refused"
    LOST = "lost"
    DUE = "due"
    ROUTE_CHANGED = "route changed"
    ROUTE_KEPT = "route kept"
    IDLED = "idled"
    CLOSED = "closed"


MOVES = {
    (State.IDLE, Event.WANTED): State.DIALING,
    (State.DIALING, Event.WELCOMED): State.READY,
    (State.DIALING, Event.FAILED): State.WAITING,
    (State.DIALING, Event.REFUSED): State.HALTED,
    (State.DIALING, Event.ROUTE_CHANGED): State.DIALING,
    (State.DIALING, Event.IDLED): State.IDLE,
    (State.READY, Event.LOST): State.WAITING,
    (State.READY, Event.ROUTE_CHANGED): State.REPLACING,
    (State.READY, Event.IDLED): State.IDLE,
    (State.REPLACING, Event.WELCOMED): State.READY,
    (State.REPLACING, Event.ROUTE_KEPT): State.READY,
    (State.REPLACING, Event.ROUTE_CHANGED): State.REPLACING,
    (State.REPLACING, Event.FAILED): State.WAITING,
    (State.REPLACING, Event.REFUSED): State.HALTED,
    (State.REPLACING, Event.LOST): State.DIALING,
    (State.REPLACING, Event.IDLED): State.IDLE,
    (State.WAITING, Event.DUE): State.DIALING,
    (State.WAITING, Event.WANTED): State.DIALING,
    (State.WAITING, Event.ROUTE_CHANGED): State.DIALING,
    (State.WAITING, Event.IDLED): State.IDLE,
    (State.HALTED, Event.WANTED): State.DIALING,
    (State.HALTED, Event.ROUTE_CHANGED): State.DIALING,
    (State.HALTED, Event.IDLED): State.IDLE,
} | {(state, Event.CLOSED): State.CLOSED for state in State}


def move(state: State, event: Event) -> State:
    """The state after `event`. KeyError: it cannot happen there."""
    return MOVES[state, event]
