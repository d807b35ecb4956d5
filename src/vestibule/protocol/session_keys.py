"""Read and build session keys the way the gateway does.

`agent:<agentId>:<rest>`; what the rest looks like says where the session came from. Compares, never looks up.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

_AGENT_PREFIX = "agent:"
_MEMBER_PREFIX = "member-"
_DEFAULT_AGENT = "main"
_PEERS = frozenset({"direct", "dm", "group", "channel"})
_AGENT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PLAIN_SLUG = re.compile(r"[a-z0-9_-]{1,64}")


class SessionKind(StrEnum):
    """Where a session came from."""

    MAIN = "main"
    MEMBER = "member"
    """Ours: a member's own session inside an owner that has several."""
    DASHBOARD = "dashboard"
    """Made by `sessions.create`."""
    CHANNEL = "channel"
    """Telegram, Slack and the like: somebody outside is talking."""
    CRON = "cron"
    SUBAGENT = "subagent"
    NAMED = "named"
    """Anything else that belongs to an agent."""
    UNSCOPED = "unscoped"
    """No agent in it: `global`, `unknown`, or not a key."""


_BY_HEAD = {
    "dashboard": SessionKind.DASHBOARD,
    "cron": SessionKind.CRON,
    "subagent": SessionKind.SUBAGENT,
    "direct": SessionKind.CHANNEL,
}


@dataclass(frozen=True, slots=True)
class SessionKey:
    """A session key, taken apart."""

    key: str
    """The whole key, normalised."""
    agent: str | None
    rest: str
    kind: SessionKind


def normalise(key: str) -> str:
    """The form in which two keys of the same session are equal.

    The gateway keeps the case of Signal and Matrix room ids; folding them too merges only rooms that differ in
    nothing but case.
    """
    return key.strip().lower()


def parse(key: str) -> SessionKey:
    """What a key says; never fails."""
    key = normalise(key)
    agent, colon, rest = key.removeprefix(_AGENT_PREFIX).partition(":")
    agent = agent.strip()
    if not key.startswith(_AGENT_PREFIX) or not agent or not colon or not rest or rest.startswith(":"):
        return SessionKey(key, None, key, SessionKind.UNSCOPED)
    return SessionKey(key, agent, rest, _kind(rest))


def member_of(key: str) -> str | None:
    """The slug of the member whose own session this is (or a thread of it), else None."""
    parsed = parse(key)
    if parsed.kind is not SessionKind.MEMBER:
        return None
    return parsed.rest.removeprefix(_MEMBER_PREFIX).partition(":")[0]


def member_slug(member: str) -> str:
    """A member's id as it stands in session keys; different for any two members, whatever a gateway folds."""
    if _PLAIN_SLUG.fullmatch(member):
        return member
    readable = re.sub(r"[^a-z0-9_-]+", "-", member.lower())[:24].strip("-")
    # The full stop keeps it apart from every plain slug.
    return f"{readable}.{hashlib.sha256(member.encode()).hexdigest()[:20]}"


def chat_session_key(agent: str, member: str | None = None) -> str:
    """The one session in which an agent is talked to: the agent's main one, or the member's own."""
    rest = "main" if member is None else _MEMBER_PREFIX + member_slug(member)
    return f"{_AGENT_PREFIX}{normalise_agent(agent)}:{rest}"


def normalise_agent(agent: str) -> str:
    """An agent's name as the gateway turns it into an id."""
    text = agent.strip().lower()
    if _AGENT_ID.fullmatch(text):
        return text
    return re.sub(r"[^a-z0-9_-]+", "-", text).strip("-")[:64] or _DEFAULT_AGENT


def _kind(rest: str) -> SessionKind:
    if rest == "main":
        return SessionKind.MAIN
    if rest.startswith(_MEMBER_PREFIX):
        return SessionKind.MEMBER
    parts = rest.split(":")
    if kind := _BY_HEAD.get(parts[0]):
        return kind
    # `<channel>:<peer kind>:<peer>` or `<channel>:<account>:direct:<peer>`
    if len(parts) >= 3 and (parts[1] in _PEERS or parts[2] in _PEERS):
        return SessionKind.CHANNEL
    return SessionKind.NAMED
