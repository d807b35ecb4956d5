"""Refuse request bodies beyond a size: they are read before anybody looks at who sends them.

The import of many lines streams its body, after sign-in, and has its own bound.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 8 * 1024 * 1024
_STREAMED = "/import"


class BoundedBodies:
    """In front of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application on a body that ends in time."""
        if scope["type"] != "http" or scope["path"].endswith(_STREAMED):
            await self._app(scope, receive, send)
            return
        size = 0
        announced = Headers(scope=scope).get("content-length", "")

        async def bounded() -> Message:
            nonlocal size
            if announced.isdecimal() and int(announced) > LARGEST_BODY:
                raise _too_large()
            message = await receive()
            size += len(message.get("body", b""))
            if size > LARGEST_BODY:
                raise _too_large()
            return message

        await self._app(scope, bounded, send)


def _too_large() -> HTTPException:
    return HTTPException(413, f"A request may have {LARGEST_BODY // 1024 // 1024} MiB; use the WebSocket for more.")
