"""hub.audience: to whom an event is addressed."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestibule.hub.audience import (
    NOWHERE,
    PAIRING,
    Addressing,
    Audience,
    Subscription,
    To,
    addressing_of,
    audience_of,
    holds,
    is_admin,
)
from vestibule.model import Principal, Role
from vestibule.policy.roles import APPROVALS, QUESTIONS, READ, WRITE, scopes_of


def principal(role: Role) -> Principal:
    return Principal("ada", "acme", role, scopes_of(role))


@pytest.mark.parametrize(
    "event", ["health", "presence", "tick", "cron", "config.changed", "shutdown", "chat.metadata.changed"]
)
def test_the_gateways_state_is_for_all_who_may_read(event: str) -> None:
    """R1: state of the whole gateway goes to whoever holds operator.read."""
    assert audience_of(event, NOWHERE) == Audience(To.SCOPE, scope=READ)


def test_what_changes_in_a_session_stays_there() -> None:
    """R1: the same event, with a session in it."""
    assert audience_of("chat.metadata.changed", Addressing(sessionKey="agent:main:main")).to is To.SESSION


@pytest.mark.parametrize(
    ("event", "scope"),
    [
        ("exec.approval.requested", APPROVALS),
        ("exec.approval.resolved", APPROVALS),
        ("plugin.approval.requested", APPROVALS),
        ("openclaw.approval.requested", APPROVALS),
        ("question.asked", QUESTIONS),
        ("device.pair.requested", PAIRING),
        ("node.pair.resolved", PAIRING),
    ],
)
def test_decisions_are_asked_of_those_who_may_decide(event: str, scope: str) -> None:
    """R2: commands and paths in approvals reach nobody else, whatever session they name."""
    where = Addressing(sessionKey="agent:main:member-bob")

    assert audience_of(event, where) == Audience(To.SCOPE, scope=scope)


def test_the_conversation_goes_to_who_takes_part() -> None:
    """R1, P16: a session's events go to that session, keys compared as the gateway compares them."""
    found = audience_of("chat", Addressing(sessionKey=" Agent:Main:Member-Bob", runId="r1"), bridged_to="tab-1")

    assert found == Audience(To.SESSION, session_key="agent:main:member-bob", private=True, bridged_to="tab-1")


@pytest.mark.parametrize(
    ("event", "subscription", "private"),
    [
        ("agent", Subscription.NONE, True),
        ("session.message", Subscription.MESSAGES, True),
        ("session.tool", Subscription.SESSIONS, True),
        ("session.approval", Subscription.MESSAGES_ONLY, True),
        ("sessions.changed", Subscription.SESSIONS, False),
        ("something.new", Subscription.NONE, False),
    ],
)
def test_what_has_to_be_subscribed_to(event: str, subscription: Subscription, private: bool) -> None:
    """R1: events that the gateway sends to subscribers only are for clients that subscribed."""
    found = audience_of(event, Addressing(sessionKey="agent:main:main"))

    assert (found.to, found.subscription, found.private) == (To.SESSION, subscription, private)


@pytest.mark.parametrize("event", ["chat", "agent", "something.new", "healthy", "exec.approval", ""])
def test_what_nobody_can_place_is_for_admins(event: str) -> None:
    """R1: unknown addressing is never broadcast."""
    assert audience_of(event, NOWHERE) == Audience(To.ADMINS)


def test_the_address_is_read_from_the_payload() -> None:
    """R1: sessionKey, runId and stream, as raw bytes, a view or msgspec's Raw."""
    payload = b'{"runId":"r1","sessionKey":"agent:main:main","stream":"tool","data":{"sessionKey":"other"}}'
    expected = Addressing("agent:main:main", "r1", "tool")

    assert addressing_of(payload) == expected
    assert addressing_of(memoryview(payload)) == expected
    assert addressing_of(msgspec.Raw(payload)) == expected


@pytest.mark.parametrize(
    "payload", [b"[]", b"null", b'"text"', b'{"sessionKey":7}', b'{"sessionKey":', b"", b'{"runId":[]}']
)
def test_an_address_that_is_none_is_nowhere(payload: bytes) -> None:
    """P5, R1: a payload of another shape raises nothing and reaches admins only."""
    assert addressing_of(payload) == NOWHERE


@given(event=st.text(max_size=30), payload=st.binary(max_size=60))
def test_no_bytes_are_broadcast_by_accident(event: str, payload: bytes) -> None:
    """R1: only events named as state are for everybody, whatever an unknown one carries."""
    found = audience_of(event, addressing_of(payload))

    assert found.to in (To.ADMINS, To.SESSION) or found.scope != READ or audience_of(event, NOWHERE).scope == READ


def test_roles_hold_what_they_hold() -> None:
    """R2: an admin holds every scope, an operator what belongs to the role, a viewer reads."""
    viewer, operator, admin = (principal(role) for role in Role)

    assert [holds(each, READ) for each in (viewer, operator, admin)] == [True, True, True]
    assert [holds(each, APPROVALS) for each in (viewer, operator, admin)] == [False, True, True]
    assert [holds(each, WRITE) for each in (viewer, operator, admin)] == [False, True, True]
    assert [holds(each, PAIRING) for each in (viewer, operator, admin)] == [False, False, True]
    assert [is_admin(each) for each in (viewer, operator, admin)] == [False, False, True]
