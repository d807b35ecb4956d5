"""hub.turns: which run belongs to which turn."""

from __future__ import annotations

from vestibule.hub.run import Run
from vestibule.hub.turns import FOLLOW_UP_S, Turn, Turns


def begun(run_id: str = "r1", *, session: str = "agent:main:main", client: str = "tab") -> tuple[Turns, Turn]:
    turns, turn = Turns(), Turn(client, "ada", "t1", "main", session, {run_id: Run(run_id)})
    turns.begin(turn)
    return turns, turn


def test_a_turn_of_two_runs_ends_with_the_second() -> None:
    """C2: an approval in the middle; another run goes on with the turn once it is answered."""
    turns, turn = begun()
    turn.approvals.add("a1")
    turn.runs["r1"].ended = True
    assert not turn.ended(0.0)

    for waiting in turns.waiting_for("a1"):
        waiting.answered("a1", 0.0)
    assert turn.may_go_on(FOLLOW_UP_S - 1)
    turns.go_on(turn, "r2")

    assert turns.of_run("r2") is turn
    assert not turn.ended(0.0)
    turn.runs["r2"].ended = True
    assert turn.ended(0.0)


def test_nobody_goes_on_with_a_turn_for_ever() -> None:
    """C2: an unknown run long after the answer is somebody else's."""
    _, turn = begun()
    turn.runs["r1"].ended = True
    turn.answered("a1", 0.0)

    assert not turn.ended(FOLLOW_UP_S - 1)
    assert not turn.may_go_on(FOLLOW_UP_S)
    assert turn.ended(FOLLOW_UP_S)


def test_a_run_that_is_on_is_not_followed() -> None:
    _, turn = begun()
    turn.approvals.add("a1")

    assert not turn.may_go_on(0.0)


def test_sessions_are_compared_as_the_gateway_compares_them() -> None:
    """P16: it lower-cases keys."""
    turns, turn = begun(session="agent:Main:Notes")

    assert turns.in_session("agent:main:notes") is turn
    assert turns.in_session("agent:main:other") is None
    assert turns.in_session(None) is None


def test_the_newest_turn_of_a_session_is_meant() -> None:
    turns, _ = begun("r1")
    newer = Turn("tab", "ada", None, "main", "agent:main:main", {"r2": Run("r2")})
    turns.begin(newer)

    assert turns.in_session("agent:main:main") is newer


def test_the_oldest_turn_that_was_put_off_comes_first() -> None:
    """C2: the gateway answers what waits in its order."""
    turns, first = begun("r1")
    second = Turn("tab", "ada", None, "main", "agent:main:main", {"r2": Run("r2")})
    turns.begin(second)
    assert turns.put_off_in("agent:main:main") is None

    first.runs["r1"].put_off = second.runs["r2"].put_off = True
    assert turns.put_off_in("Agent:main:main") is first
    assert turns.put_off_in("agent:main:other") is None
    assert turns.put_off_in(None) is None
    first.runs["r1"].ended = True
    assert turns.put_off_in("agent:main:main") is second


def test_an_ended_run_is_remembered_until_it_is_forgotten() -> None:
    """C7: its id, sent again, is looked up and not run again; one that never began may be tried again."""
    turns, turn = begun("r1", client="tab-a")
    turns.end(turn)
    turns.end(turn)

    assert (len(turns), turns.of_run("r1"), turns.starter_of("r1")) == (0, None, "tab-a")
    turns.forget("r1")
    assert turns.starter_of("r1") is None


def test_only_so_many_ended_runs_are_remembered() -> None:
    turns = Turns()
    for number in range(1_000):
        turn = Turn("tab", "ada", None, "main", "s", {str(number): Run(str(number))})
        turns.begin(turn)
        turns.end(turn)

    assert turns.starter_of("0") is None
    assert turns.starter_of("999") == "tab"
