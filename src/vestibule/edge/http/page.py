"""The page at `/`: what runs here and what to do next. Static; the sign-in token stays in its fragment."""

from __future__ import annotations

from importlib import resources

from fastapi import APIRouter, Response

router = APIRouter(include_in_schema=False)

_FILES = resources.files("vestibule.edge.http") / "static"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def _file(name: str, media_type: str) -> Response:
    return Response((_FILES / name).read_bytes(), media_type=media_type, headers=_HEADERS)


@router.get("/")
async def page() -> Response:
    """The page."""
    return _file("page.html", "text/html; charset=utf-8")


@router.get("/page.css")
async def style() -> Response:
    """Its style."""
    return _file("page.css", "text/css; charset=utf-8")


@router.get("/page.js")
async def script() -> Response:
    """Its script."""
    return _file("page.js", "text/javascript; charset=utf-8")
