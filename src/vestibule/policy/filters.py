"""Which answers are looked into before a client gets them, by method (S1).

None for everything else: those payloads go through untouched, whatever they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import TYPE_CHECKING

from vestibule.policy.paths import hide_host, hide_nested_paths, hide_paths
from vestibule.policy.roles import ADMIN
from vestibule.policy.scrubbing import scrubber

if TYPE_CHECKING:
    from vestibule.model import Principal

Body = bytes
Filter = Callable[[Body], Body]

_LOOKED_INTO = frozenset(
    {
        "agents", "audit", "channels", "config", "cron", "device", "diagnostics", "doctor", "environments", "exec",
        "gateway", "health", "last-heartbeat", "logs", "models", "node", "plugins", "secrets", "skills", "status",
        "system", "system-presence", "tools", "update", "wizard",
    }
)  # fmt: skip
"""Families that tell of the gateway itself: its config, its logs, its state."""
_LOOKED_INTO_TOO = frozenset(
    {"sessions.list", "sessions.describe", "sessions.resolve", "sessions.create", "sessions.patch", "sessions.usage"}
)
"""Of the sessions what is not their content."""
_NO_PATHS = frozenset({"config.schema", "config.schema.lookup"})
"""The same for every gateway, and 2 MB of it."""
_NESTED = frozenset({"config", "logs"})
_TELL_THE_HOST = frozenset({"system.info", "system-presence"})

_TELLING_EVENTS = frozenset({"health", "presence", "config.changed"})

_HEAD = re.compile(rb',"ok":(?:true|false),"(?:payload|error)":')


def filter_for(method: str, principal: Principal, secrets: Callable[[], Collection[str]]) -> Filter | None:
    """What to do with the answer to `method` for `principal`; None for nothing.

    `secrets` are the gateway's own: nobody sees them, admins neither. They are asked for now, since the route may be
    another one by the time of the answer, and again when it is there, since the first call goes up before anybody knows
    them. Paths and names of the host are hidden from everybody but admins.
    """
    if not _is_looked_into(method):
        return None
    family = method.partition(".")[0]
    before = secrets()
    steps: list[Filter] = [lambda body: scrubber(frozenset((*before, *secrets()))).scrub(body)]
    if ADMIN not in principal.scopes:
        if method not in _NO_PATHS:
            steps.append(hide_paths)
        if family in _NESTED and method not in _NO_PATHS:
            steps.append(hide_nested_paths)
        if method in _TELL_THE_HOST:
            steps.append(hide_host)
    return _through(steps)


@lru_cache(maxsize=1024)
def _is_looked_into(method: str) -> bool:
    return method.partition(".")[0] in _LOOKED_INTO or method in _LOOKED_INTO_TOO


def tells_of_the_gateway(event: str) -> bool:
    """Whether an event is looked into before clients get it."""
    return event in _TELLING_EVENTS


def event_payload(payload: bytes, *, admin: bool, secrets: tuple[str, ...]) -> bytes:
    """The payload of an event that tells of the gateway, as admins or as others may see it."""
    payload = scrubber(frozenset(secrets)).scrub(payload) if any(secrets) else payload
    return payload if admin else hide_host(hide_paths(payload))


def _through(steps: list[Filter]) -> Filter:
    def rewrite(body: Body) -> Body:
        head = found.group() if (found := _HEAD.match(body)) else b""
        before = rest = body[len(head) :]
        for step in steps:
            rest = step(rest)
        return body if rest is before else head + rest

    return rewrite
