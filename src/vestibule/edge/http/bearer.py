"""Who sends an HTTP request: the bearer token in its `Authorization` header, never one in its URL."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from vestibule.auth.credentials import Token
from vestibule.edge.http.services import Services, services
from vestibule.errors import Forbidden, Unauthenticated
from vestibule.model import Principal

_bearer = HTTPBearer(auto_error=False, description="A token of `vestibule user token`.")


async def principal(
    request: Request,
    door: Annotated[Services, Depends(services)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    """Who asks. Raises Unauthenticated."""
    if credentials is None:
        raise Unauthenticated("Not authenticated")
    found = await door.authenticator.authenticate(Token(credentials.credentials))
    request.state.runs_door = found.runs_door
    return found


async def door_runner(who: Annotated[Principal, Depends(principal)]) -> Principal:
    """Who asks, if they may administer this door. Raises Forbidden."""
    if not who.runs_door:
        raise Forbidden("Only whoever runs this door may do that.")
    return who


Door = Annotated[Services, Depends(services)]
Who = Annotated[Principal, Depends(principal)]
Runner = Annotated[Principal, Depends(door_runner)]
