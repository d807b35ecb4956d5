"""The pages at `/`: the web app, or, where it was not built, a plain page that says so and lets one say hello.

Static; the sign-in token stays in the address's fragment, and so do the app's own routes: no path but `/` is a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, Request, Response

from vestibule.edge.http import bundle
from vestibule.edge.http.bundle import Asset
from vestibule.errors import NotFound

STATIC = Path(__file__).parent / "static"
APP = STATIC / "app"
"""Where the build of `web/app` goes."""

_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # components position themselves by style attributes
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "connect-src": "'self' ws: wss:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PLAIN = ("page.html", "page.css", "page.js")


def pages(app: Path = APP) -> APIRouter:
    """The routes of the app built in `app`; of the plain page, if there is none."""
    files = bundle.load(app) or _plain_page()
    router = APIRouter(include_in_schema=False)

    def serve(path: str, name: str) -> None:
        @router.api_route(path, methods=["GET", "HEAD"], name=name)
        async def file(request: Request) -> Response:
            return files[name].answer(request.headers, _HEADERS)

    serve("/", "index.html")
    for name in files:
        if "/" not in name and name != "index.html":
            serve(f"/{name}", name)

    @router.api_route("/assets/{name:path}", methods=["GET", "HEAD"])
    async def asset(name: str, request: Request) -> Response:
        found = files.get(f"assets/{name}")
        if found is None:
            raise NotFound("There is no such file; the app may have been updated: reload the page.")
        return found.answer(request.headers, _HEADERS)

    return router


def _plain_page() -> Mapping[str, Asset]:
    files = bundle.read(STATIC, _PLAIN)
    return {"index.html": files["page.html"], **files}
