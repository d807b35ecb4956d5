from __future__ import annotations

import pytest

from vestibule.auth.tickets import Tickets
from vestibule.errors import Overloaded, Unauthenticated
from vestibule.model import Principal, Role

BOB = Principal("bob", "acme", Role.VIEWER, frozenset())


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_ticket_works_once() -> None:
    """S2: found in a log afterwards, it opens nothing."""
    tickets = Tickets()
    ticket = tickets.issue(BOB)
    assert tickets.redeem(ticket) is BOB
    with pytest.raises(Unauthenticated, match="Not authenticated"):
        tickets.redeem(ticket)
    assert ticket != tickets.issue(BOB)


def test_a_ticket_expires() -> None:
    """After seconds, and is then forgotten."""
    clock = Clock()
    tickets = Tickets(ttl_s=30, clock=clock)
    late = tickets.issue(BOB)
    clock.now = 30
    with pytest.raises(Unauthenticated, match="expired"):
        tickets.redeem(late)
    with pytest.raises(Unauthenticated, match="Not authenticated"):
        tickets.redeem(late)


def test_open_tickets_are_bounded() -> None:
    """Who asks for tickets and never comes costs little; expired ones make room."""
    clock = Clock()
    tickets = Tickets(ttl_s=30, limit=2, clock=clock)
    tickets.issue(BOB)
    clock.now = 10
    second = tickets.issue(BOB)
    with pytest.raises(Overloaded):
        tickets.issue(BOB)
    clock.now = 30
    tickets.issue(BOB)
    assert len(tickets) == 2
    assert tickets.redeem(second) is BOB
    clock.now = 100
    tickets.issue(BOB)
    assert len(tickets) == 1
