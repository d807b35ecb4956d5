from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestibule.errors import Overloaded
from vestibule.gateway.subscriptions import MESSAGES, MOST_PER_CLIENT, SESSIONS, Forward, Local, Subscriptions

UNSUBSCRIBE = "sessions.unsubscribe"
UNSUBSCRIBE_MESSAGES = "sessions.messages.unsubscribe"
MAIN = b'{"key":"agent:main:main"}'
APPROVALS = b'{"key":"agent:main:main","includeApprovals":true}'


def test_the_last_one_out_ends_it() -> None:
    """Two tabs subscribe, one leaves: the other hears on. OpenClaw itself has no `sessions.unsubscribe`."""
    shared = Subscriptions()
    assert shared.plan("a", SESSIONS, b"{}") == Forward(b"{}", (SESSIONS, ""))
    assert shared.plan("b", SESSIONS, b"") == Forward(b"", (SESSIONS, ""))

    assert shared.plan("a", UNSUBSCRIBE, b"") == Local(b'{"subscribed":false}')
    assert not shared.has("a", SESSIONS)
    assert shared.has("b", SESSIONS)
    assert shared.plan("b", UNSUBSCRIBE, b"") == Local(b'{"subscribed":false}')
    assert not shared


def test_a_session_is_counted_by_itself() -> None:
    """One session's messages have nothing to do with another's."""
    shared = Subscriptions()
    shared.plan("a", MESSAGES, MAIN)
    shared.plan("b", MESSAGES, MAIN)
    shared.plan("b", MESSAGES, b'{"key":"agent:main:other"}')

    answer = shared.plan("a", UNSUBSCRIBE_MESSAGES, MAIN)
    assert isinstance(answer, Local)
    assert json.loads(answer.payload) == {"subscribed": False, "key": "agent:main:main"}
    assert shared.plan("b", UNSUBSCRIBE_MESSAGES, MAIN) == Forward(MAIN)
    assert shared.has("b", MESSAGES, "agent:main:other")


def test_keys_are_compared_the_way_the_gateway_does() -> None:
    """P16: the gateway lower-cases session keys, so `Agent:Main:MAIN` is the same session."""
    shared = Subscriptions()
    shared.plan("a", MESSAGES, MAIN)
    assert shared.has("a", MESSAGES, " Agent:Main:MAIN ")
    assert shared.plan("b", MESSAGES, b'{"key":"Agent:main:MAIN"}') == Forward(
        b'{"key":"Agent:main:MAIN"}', (MESSAGES, "agent:main:main")
    )
    assert isinstance(shared.plan("a", UNSUBSCRIBE_MESSAGES, b'{"key":"AGENT:main:main"}'), Local)


def test_who_was_not_subscribed_may_unsubscribe() -> None:
    """The gateway answers for what nobody has; for what others have the answer is made here."""
    shared = Subscriptions()
    assert shared.plan("a", UNSUBSCRIBE_MESSAGES, MAIN) == Forward(MAIN)
    shared.plan("b", MESSAGES, MAIN)
    assert isinstance(shared.plan("a", UNSUBSCRIBE_MESSAGES, MAIN), Local)
    assert shared.has("b", MESSAGES, "agent:main:main")


def test_a_client_that_goes_for_good_lets_go_of_what_only_it_had() -> None:
    """Upstream ends what nobody listens to any more, and nothing else."""
    shared = Subscriptions()
    shared.plan("a", MESSAGES, APPROVALS)
    shared.plan("a", SESSIONS, b'{"limit":5}')
    shared.plan("b", SESSIONS, b"{}")
    assert shared.release("a") == [(UNSUBSCRIBE_MESSAGES, MAIN)]
    assert shared.release("nobody") == []
    assert shared.release("b") == []
    assert not shared


def test_a_new_socket_is_subscribed_to_everything_again() -> None:
    """R3, P8: after a reconnect nobody has to ask again; lists are not asked for a second time."""
    shared = Subscriptions()
    shared.plan("a", SESSIONS, b'{"limit":5}')
    shared.plan("a", MESSAGES, MAIN)
    shared.plan("b", MESSAGES, APPROVALS)
    assert shared.active() == [(SESSIONS, b"{}"), (MESSAGES, APPROVALS)]


def test_approvals_are_not_taken_from_who_wants_them() -> None:
    """The flag is shared: a plain subscribe goes up in the fuller form somebody already has."""
    shared = Subscriptions()
    shared.plan("a", MESSAGES, APPROVALS)
    assert shared.plan("b", MESSAGES, MAIN) == Forward(APPROVALS, (MESSAGES, "agent:main:main"))
    shared.release("a")
    assert shared.plan("b", MESSAGES, MAIN) == Forward(MAIN)


def test_what_the_gateway_refused_is_taken_back() -> None:
    """A failed subscribe leaves nothing; one that repeats a good one does not undo it."""
    shared = Subscriptions()
    first = shared.plan("a", SESSIONS, b"{}")
    again = shared.plan("a", SESSIONS, b"{}")
    assert isinstance(first, Forward)
    assert isinstance(again, Forward)
    assert again.added is None
    assert first.added is not None
    shared.undo("a", first.added)
    shared.undo("a", first.added)
    assert not shared.has("a", SESSIONS)


@pytest.mark.parametrize("params", [b"[1]", b'{"key":7}', b"{", b'{"key":""}', b"{}", b""])
def test_what_cannot_be_read_is_the_gateways_to_refuse(params: bytes) -> None:
    """Its own words, and nothing noted."""
    shared = Subscriptions()
    assert shared.plan("a", MESSAGES, params) == Forward(params)
    assert not shared


def test_a_client_cannot_subscribe_without_end() -> None:
    """P13: bounded per client."""
    shared = Subscriptions()
    for n in range(MOST_PER_CLIENT):
        shared.plan("a", MESSAGES, b'{"key":"agent:main:%d"}' % n)
    with pytest.raises(Overloaded):
        shared.plan("a", MESSAGES, MAIN)
    assert isinstance(shared.plan("b", MESSAGES, MAIN), Forward)


calls = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from([SESSIONS, UNSUBSCRIBE, MESSAGES, UNSUBSCRIBE_MESSAGES, "release"]),
        st.sampled_from(["agent:main:main", "AGENT:main:Main", "agent:main:x"]),
    )
)


@given(calls)
def test_the_gateways_flag_is_up_while_somebody_listens(sequence: list[tuple[str, str, str]]) -> None:
    """P9: whatever the clients do in whatever order, nobody listens in vain, no session is heard for nobody."""
    shared = Subscriptions()
    flags: set[tuple[str, str]] = set()
    listeners: dict[tuple[str, str], set[str]] = {}

    def upstream(method: str, params: bytes) -> None:
        key = json.loads(params or b"{}").get("key", "").lower()
        topic = (method.replace("unsubscribe", "subscribe"), key)
        (flags.discard if "unsubscribe" in method else flags.add)(topic)

    for client, method, key in sequence:
        if method == "release":
            for call in shared.release(client):
                upstream(*call)
            for members in listeners.values():
                members.discard(client)
            continue
        about_messages = "messages" in method
        params = json.dumps({"key": key}).encode() if about_messages else b"{}"
        topic = (method.replace("unsubscribe", "subscribe"), key.lower() if about_messages else "")
        (
            listeners.setdefault(topic, set()).discard
            if "unsubscribe" in method
            else listeners.setdefault(topic, set()).add
        )(client)
        plan = shared.plan(client, method, params)
        if isinstance(plan, Forward):
            upstream(method, plan.params)
        heard = {topic for topic, members in listeners.items() if members}
        assert {topic for topic in flags if topic[0] == MESSAGES} == {topic for topic in heard if topic[0] == MESSAGES}
        assert heard <= flags  # the flag for sessions cannot be taken down
