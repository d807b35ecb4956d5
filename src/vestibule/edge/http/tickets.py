"""Single-use tickets: how a browser opens its WebSocket without a token in the URL (S2)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel

from vestibule.edge.http.bearer import Door, Who
from vestibule.edge.http.failures import failures
from vestibule.edge.http.urls import ws_url

router = APIRouter(prefix="/api/v1/ws", tags=["websocket"])


class TicketIssued(BaseModel):
    """A ticket for `?ticket=`, good for one connection."""

    ticket: str
    expiresInMs: int
    wsUrl: str


@router.post("/ticket", responses=failures(401, 503))
async def ticket(request: Request, door: Door, who: Who) -> TicketIssued:
    """A ticket for the caller."""
    return TicketIssued(
        ticket=door.authenticator.issue_ticket(who),
        expiresInMs=door.settings.ticket_ttl_s * 1_000,
        wsUrl=ws_url(door.settings, request),
    )
