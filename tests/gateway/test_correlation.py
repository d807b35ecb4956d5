from __future__ import annotations

from math import inf

import pytest

from vestibule.errors import Overloaded
from vestibule.gateway.correlation import Asked, Correlation, WaitingCalls
from vestibule.gateway.ports import Body, Question

OK = b',"ok":true,"payload":{}}'
ACCEPTED = b',"ok":true,"payload":{"runId":"r","status":"accepted"}}'
REFUSED = b',"ok":false,"error":{"code":"INVALID_REQUEST","message":"no"}}'


class Tab:
    def __init__(self, id: str) -> None:
        self.id = id

    def answer(self, question: Question, body: Body, final: bool) -> None: ...


def asked(tab: str = "tab", frame_id: bytes = b'"1"', *, method: str = "health", deadline: float = 9.0) -> Asked:
    return Asked(Question(Tab(tab), frame_id, method, b"{}", timeout_s=9.0), deadline)


def correlation() -> Correlation:
    return Correlation(run_timeout_s=3_600.0)


def test_two_tabs_may_use_the_same_id() -> None:
    """P4: each tab gets its own answer although both asked with id "1"; so does a tab that used it twice."""
    open_ = correlation()
    first, second, third = asked("tab-a"), asked("tab-b"), asked("tab-b")
    ids = [open_.ask(each) for each in (first, second, third)]

    assert len(set(ids)) == 3
    assert open_.answer(ids[2], OK, 0.0) == (third, True)
    assert open_.answer(ids[1], OK, 0.0) == (second, True)
    assert open_.answer(ids[0], OK, 0.0) == (first, True)
    assert len(open_) == 0


def test_a_second_answer_finds_nothing() -> None:
    """P13: late, doubled and foreign answers are for nobody."""
    open_ = correlation()
    upstream = open_.ask(asked())
    open_.answer(upstream, OK, 0.0)
    assert open_.answer(upstream, OK, 0.0) is None
    assert open_.answer("never-asked", OK, 0.0) is None


def test_agent_answers_twice() -> None:
    """The mapping is kept after `accepted`, with the deadline of a run."""
    open_ = correlation()
    run = asked(method="agent", deadline=9.0)
    upstream = open_.ask(run)

    assert open_.answer(upstream, ACCEPTED, 5.0) == (run, False)
    assert open_.overdue(100.0) == []
    assert open_.answer(upstream, ACCEPTED, 6.0) == (run, True), "the second answer ends it, whatever it says"
    assert open_.answer(upstream, OK, 7.0) is None


@pytest.mark.parametrize("body", [REFUSED, OK, b',"ok":true,"payload":"accepted"}', b',"ok":true,"payload":{"status"'])
def test_agent_may_be_refused_at_once(body: Body) -> None:
    """An error, or anything but `accepted`, is the only answer."""
    open_ = correlation()
    run = asked(method="agent")
    assert open_.answer(open_.ask(run), body, 0.0) == (run, True)


def test_accepted_is_nothing_special_elsewhere() -> None:
    """Only `agent` answers twice."""
    open_ = correlation()
    call = asked(method="chat.send")
    assert open_.answer(open_.ask(call), ACCEPTED, 0.0) == (call, True)


def test_what_is_overdue_is_forgotten() -> None:
    """P13: a deadline ends a call; its answer then comes too late."""
    open_ = correlation()
    soon, later = asked(deadline=1.0), asked(deadline=2.0)
    upstream = open_.ask(soon)
    open_.ask(later)
    assert open_.due == 1.0

    assert open_.overdue(0.9) == []
    assert open_.overdue(1.0) == [soon]
    assert open_.due == 2.0
    assert open_.answer(upstream, OK, 1.1) is None
    assert open_.overdue(3.0) == [later]
    assert open_.due == inf


def test_a_lost_socket_takes_all_questions_with_it() -> None:
    """P6: nobody is left waiting; ids go on counting."""
    open_ = correlation()
    both = [asked("a"), asked("b")]
    ids = [open_.ask(each) for each in both]

    assert open_.drain() == both
    assert (len(open_), open_.due) == (0, inf)
    assert open_.ask(asked()) not in ids


def test_one_question_can_be_taken_out() -> None:
    """P10: the call whose answer was too large ends alone."""
    open_ = correlation()
    call = asked()
    upstream = open_.ask(call)
    assert open_.take(upstream) is call
    assert open_.take(upstream) is None


def test_waiting_calls_leave_in_order() -> None:
    """What was asked first goes up first."""
    waiting = WaitingCalls(max_bytes=1_000)
    calls = [asked(frame_id=b"%d" % n) for n in range(3)]
    for call in calls:
        waiting.add(call)
    assert (len(waiting), waiting.bytes) == (3, 24)
    assert waiting.drain() == calls
    assert (len(waiting), waiting.bytes, waiting.due) == (0, 0, inf)


def test_waiting_calls_are_bounded_in_bytes() -> None:
    """P13: a call beyond the bound is refused, with a code that says it did not run."""
    waiting = WaitingCalls(max_bytes=20)
    waiting.add(asked())
    waiting.add(asked())
    with pytest.raises(Overloaded) as refused:
        waiting.add(asked())
    assert refused.value.may_have_run is False
    assert len(waiting) == 2


def test_waiting_calls_have_deadlines() -> None:
    """P13: whoever waited too long is told; the others stay in order and in bounds."""
    waiting = WaitingCalls(max_bytes=1_000)
    first, second, third = asked(deadline=3.0), asked(deadline=1.0), asked(deadline=4.0)
    for call in (first, second, third):
        waiting.add(call)
    assert waiting.due == 1.0
    assert waiting.overdue(0.5) == []
    assert waiting.overdue(2.0) == [second]
    assert (waiting.bytes, waiting.due) == (16, 3.0)
    assert waiting.drain() == [first, third]
