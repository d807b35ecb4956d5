"""The HTTP application: every route the door serves beside its WebSocket."""

from __future__ import annotations

from fastapi import FastAPI

from vestibule.edge.http import admin, container, errors, health, page, plain, tickets
from vestibule.edge.http.services import Services
from vestibule.version import __version__

_DESCRIPTION = "The front door for OpenClaw gateways. The main way in is the WebSocket at `/ws`: see docs/protocol.md."


def create_application(services: Services) -> FastAPI:
    """The application over the replica's services."""
    app = FastAPI(title="Vestibule", version=__version__, description=_DESCRIPTION, docs_url=None, redoc_url=None)
    app.state.services = services
    errors.install(app)
    for module in (health, container, tickets, admin, plain):
        app.include_router(module.router)
    app.include_router(page.pages())
    return app
