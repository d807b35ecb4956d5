from __future__ import annotations

import pytest

from vestibule.gateway.states import MOVES, Event, State, move


def test_the_way_of_a_connection() -> None:
    """Wanted, dialled, ready, lost, waiting, dialled again, idle."""
    state = State.IDLE
    way = []
    for event in (Event.WANTED, Event.WELCOMED, Event.LOST, Event.DUE, Event.WELCOMED, Event.IDLED):
        state = move(state, event)
        way.append(state)
    assert way == [State.DIALING, State.READY, State.WAITING, State.DIALING, State.READY, State.IDLE]


def test_a_pair_that_is_not_there_is_a_defect() -> None:
    """Nobody is welcomed who did not dial."""
    with pytest.raises(KeyError):
        move(State.IDLE, Event.WELCOMED)


def test_closing_is_possible_from_everywhere_and_final() -> None:
    """P9: whatever goes on, closing wins."""
    assert {move(state, Event.CLOSED) for state in State} == {State.CLOSED}
    assert [event for state, event in MOVES if state is State.CLOSED] == [Event.CLOSED]


def test_every_state_can_be_reached() -> None:
    """The table has no islands."""
    assert {State.IDLE, *MOVES.values()} == set(State)
