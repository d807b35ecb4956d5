"""The door's own addresses, as its users see them."""

from __future__ import annotations

from fastapi import Request

from vestibule.settings import Settings


def ws_url(settings: Settings, request: Request) -> str:
    """Where the WebSocket is: under the public URL if one is set, else where the request came to."""
    base = settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    return f"ws{base.removeprefix('http')}/ws"
