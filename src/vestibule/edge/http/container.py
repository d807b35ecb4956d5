"""The owner's gateway over HTTP: one-shot calls for old clients, and its state.

The socket is the way for everything else: a call here pays sign-in and set-up each time.
"""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from vestibule.edge.http.bearer import Door, Who
from vestibule.edge.http.errors import error_object_response
from vestibule.edge.http.failures import failures
from vestibule.edge.http.tracing import Trace
from vestibule.errors import ClientFault, NotFound
from vestibule.model import GatewayState

router = APIRouter(prefix="/api/v1/container", tags=["container"])

_DEPRECATED = {
    "Deprecation": "@1767225600",  # 2026-01-01, as RFC 9745 writes it
    "Sunset": "Fri, 31 Dec 2027 23:59:59 GMT",
    "Link": '</ws>; rel="successor-version"',
}
_STATUS = {
    GatewayState.READY: "running",
    GatewayState.DEGRADED: "running",
    GatewayState.STARTING: "provisioning",
    GatewayState.CONNECTING: "provisioning",
    GatewayState.STOPPED: "stopped",
    GatewayState.DOWN: "error",
}


class RpcRequest(BaseModel):
    """One call to the gateway."""

    method: str = Field(min_length=1, max_length=256, examples=["health"])
    params: dict[str, Any] | None = None


class RpcResult(BaseModel):
    """The gateway's payload."""

    result: Any


class _Answer(msgspec.Struct):
    ok: bool
    payload: msgspec.Raw = msgspec.Raw(b"null")
    error: dict[str, Any] | None = None


class ContainerStatus(BaseModel):
    """The owner's gateway as a service."""

    service_name: str
    status: str = Field(description="running, provisioning, stopped or error")
    created_at: str | None
    updated_at: str | None
    region: str | None


@router.post(
    "/rpc",
    deprecated=True,
    summary="[Deprecated] Call the gateway once; use the WebSocket at /ws instead",
    response_model=RpcResult,
    responses=failures(400, 401, 403, 404, 413, 429, 502, 503, 504),
)
async def rpc(body: RpcRequest, door: Door, who: Who, trace: Trace) -> Response:
    """Calls `method` on the caller's own gateway and answers `{result}`."""
    called = await door.hub.call(who, body.method, _encoded(body.params), traceparent=trace)
    answer = msgspec.json.decode(b"{" + called[1:], type=_Answer)
    if answer.ok:
        response = Response(b'{"result":' + bytes(answer.payload) + b"}", media_type="application/json")
    else:
        response = error_object_response(answer.error or {})
    response.headers.update(_DEPRECATED)
    return response


def _encoded(params: dict[str, Any] | None) -> bytes:
    if params is None:
        return b""
    try:
        return msgspec.json.encode(params)
    except (UnicodeEncodeError, RecursionError):
        raise ClientFault("params: cannot be sent on: half a character, or nested too deep.") from None


@router.get("/status", responses=failures(401, 404))
async def status(door: Door, who: Who) -> ContainerStatus:
    """Whether the caller's gateway runs, and since when it is known here."""
    route = await door.directory.route(who.owner)
    if route is None:
        raise NotFound("No container found")
    state = door.hub.pool.status(who.owner).state
    return ContainerStatus(
        service_name=f"openclaw-{who.owner}",
        status=_STATUS.get(state, "stopped"),
        created_at=route.created_at.isoformat() if route.created_at else None,
        updated_at=route.updated_at.isoformat() if route.updated_at else None,
        region=door.settings.region or None,
    )
