"""What the HTTP routes are handed: the running parts of the replica, and nothing to build them with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from vestibule.auth.authenticator import Authenticator
from vestibule.directory.port import Directory
from vestibule.hub.hub import Hub
from vestibule.model import Route
from vestibule.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The replica as the routes see it."""

    settings: Settings
    hub: Hub
    directory: Directory
    authenticator: Authenticator
    check: Callable[[Route], Awaitable[dict[str, Any]]]
    """One trial connection to where a route points: `{ok, state, version, protocol, tookMs, error, remedy}`."""
    pair: Callable[[str], Awaitable[dict[str, Any]]]
    """Introduce an owner's device to its gateway over loopback: `{paired, error?, remedy?}`."""
    not_ready: Callable[[], Awaitable[str]]
    """Why new clients are not welcome (`starting`, `stopping`, `storage`); empty when they are."""


def services(request: Request) -> Services:
    """The services of the application a request came to."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found
