"""Session keys, read as the gateway reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.wire import fuzz
from vestibule.protocol.session_keys import (
    SessionKind,
    chat_session_key,
    member_of,
    member_slug,
    normalise,
    normalise_agent,
    parse,
)


@pytest.mark.parametrize(
    ("key", "agent", "kind"),
    [
        ("agent:main:main", "main", SessionKind.MAIN),
        (" Agent:Main:MAIN ", "main", SessionKind.MAIN),
        ("agent:main:dashboard:5D0C-1", "main", SessionKind.DASHBOARD),
        ("agent:helper-two:member-ann", "helper-two", SessionKind.MEMBER),
        ("agent:main:cron:job-1:run:r1", "main", SessionKind.CRON),
        ("agent:main:subagent:5d0c", "main", SessionKind.SUBAGENT),
        ("agent:main:telegram:direct:4711", "main", SessionKind.CHANNEL),
        ("agent:main:slack:channel:C01", "main", SessionKind.CHANNEL),
        ("agent:main:whatsapp:group:1@g.us:thread:2", "main", SessionKind.CHANNEL),
        ("agent:main:telegram:default:direct:4711", "main", SessionKind.CHANNEL),
        ("agent:main:discord:dm:4711", "main", SessionKind.CHANNEL),
        ("agent:main:direct:4711", "main", SessionKind.CHANNEL),
        ("agent:main:planning", "main", SessionKind.NAMED),
        ("agent:main:acp:binding:x", "main", SessionKind.NAMED),
        ("agent:main:telegram:direct", "main", SessionKind.NAMED),
        ("global", None, SessionKind.UNSCOPED),
        ("main", None, SessionKind.UNSCOPED),
        ("", None, SessionKind.UNSCOPED),
        ("agent:main", None, SessionKind.UNSCOPED),
        ("agent:main:", None, SessionKind.UNSCOPED),
        ("agent: :main", None, SessionKind.UNSCOPED),
        ("agent:main::main", None, SessionKind.UNSCOPED),
        ("telegram:direct:1", None, SessionKind.UNSCOPED),
    ],
)
def test_kinds(key, agent, kind):
    """R1: a key says whether somebody outside, a schedule or a member is talking."""
    parsed = parse(key)

    assert (parsed.agent, parsed.kind, parsed.key) == (agent, kind, normalise(key))


def test_one_session_per_agent_and_member():
    """C1: a personal owner talks to the agent's main session, a member of several to its own."""
    assert chat_session_key("main") == "agent:main:main"
    assert chat_session_key("Helper Two") == "agent:helper-two:main"
    assert chat_session_key("main", "ann") == "agent:main:member-ann"
    assert member_of("agent:main:main") is None
    assert member_of("Agent:Main:Member-Ann:thread:1") == "ann"


@fuzz
@given(st.text(), st.text())
def test_no_two_members_share_a_session(one, other):
    """P16, R1: the gateway folds keys; members whose ids differ in anything at all keep different sessions."""
    keys = {normalise(chat_session_key("main", member)) for member in (one, other)}

    assert len(keys) == len({one, other})
    assert member_of(chat_session_key("main", one)) == member_slug(one)


@pytest.mark.parametrize(("one", "other"), [("Ann", "ann"), ("a.b", "a-b"), ("ann@x", "ann-x"), ("", "-"), ("é", "É")])
def test_members_who_look_alike(one, other):
    """R1: folding an id for reading never makes two members one."""
    assert member_slug(one) != member_slug(other)
    slug = member_slug("Ann Lee <ann@example.com>")
    assert slug.startswith("ann-lee-ann-example-com.")
    assert normalise(slug) == slug


@fuzz
@given(st.text(), st.text())
def test_keys_are_compared_in_any_case(agent, rest):
    """P16: the key the gateway sends back is recognised, however it was written."""
    key = f"agent:{agent}:{rest}"

    assert normalise(normalise(key)) == normalise(key)
    assert normalise(f" {key.lower()} ") == normalise(key.strip())


@pytest.mark.parametrize(
    ("name", "agent"),
    [
        ("Main", "main"),
        (" Helper Two ", "helper-two"),
        ("--a--", "a"),
        ("_x", "_x"),
        ("a" * 70, "a" * 64),
        ("é!", "main"),
        ("", "main"),
    ],
)
def test_agent_ids(name, agent):
    """P16: an agent's name becomes the id the gateway gives it."""
    assert normalise_agent(name) == agent
