"""The socket's address asked for as a page: says that a WebSocket is there."""

from __future__ import annotations

from fastapi import APIRouter, Response

from vestibule.edge.upgrade import NO_UPGRADE, PATHS

router = APIRouter(include_in_schema=False)


def plain() -> Response:
    """What a browser or curl is told."""
    return Response(NO_UPGRADE.body(), NO_UPGRADE.status, dict(NO_UPGRADE.headers), "application/json")


for path in sorted(PATHS - {"/"}):
    router.add_api_route(path, plain, methods=["GET", "HEAD"])
