"""The administration API: routes, members and tokens, for whoever runs the door.

The command line uses it while a server runs, so that a change is live at once.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from vestibule.directory.administration import (
    import_members,
    import_routes,
    member_from,
    no_gateway,
    no_user,
    remove_owner,
    route_from,
)
from vestibule.edge.http.bearer import Door, Runner
from vestibule.edge.http.failures import failures
from vestibule.errors import ClientFault, TooLarge

router = APIRouter(
    prefix="/api/v1/admin", tags=["administration"], responses=failures(400, 401, 403, 404, 409, 413, 502, 503)
)

_MAX_IMPORT_BYTES = 64 * 1024 * 1024


def _json_lines(example: str) -> dict[str, Any]:
    """The body of an import, which is read line by line, for the description."""
    content = {"application/x-ndjson": {"schema": {"type": "string"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


class RouteBody(BaseModel):
    """How to reach an owner's gateway."""

    url: str = Field(examples=["ws://127.0.0.1:18789"])
    token: str | None = None
    mode: str | None = Field(None, description="token or trusted-proxy")
    identity: str | None = None
    identityHeader: str | None = None
    tlsPin: str | None = None
    pair: bool = Field(
        default=False, description="Pair the door's device now; works while the gateway is on the door's own host."
    )


class MemberBody(BaseModel):
    """A member's place."""

    owner: str | None = None
    role: str | None = Field(None, description="viewer, operator or admin")


class TokensBody(BaseModel):
    """Whom to give tokens."""

    members: list[str] = Field(max_length=100_000)
    ttlSeconds: int | None = Field(None, ge=1)


@router.get("/gateways")
async def gateways(door: Door, _: Runner) -> dict[str, Any]:
    """Every route and the state of its gateway."""
    return {
        "gateways": [
            {"owner": route.owner, "url": route.url, "mode": route.mode, "revision": route.revision}
            | door.hub.gateway_summary(route.owner)
            for route in await door.directory.routes()
        ]
    }


@router.put("/gateways/{owner}")
async def put_gateway(owner: str, body: RouteBody, door: Door, _: Runner) -> dict[str, Any]:
    """Add a route, or move an owner's gateway: live, without losing calls. With `pair`, says how that went too."""
    existed = await door.directory.route(owner) is not None
    stored = await door.directory.put_route(route_from({"owner": owner, **body.model_dump(exclude={"pair"})}))
    answer = {"owner": stored.owner, "created": not existed, "revision": stored.revision}
    return answer | await door.pair(owner) if body.pair else answer


@router.delete("/gateways/{owner}")
async def remove_gateway(owner: str, door: Door, _: Runner) -> dict[str, Any]:
    """Remove an owner: its route and its members. `users` names those who went with it."""
    return {"owner": owner, "removed": True, "users": await remove_owner(door.directory, owner)}


@router.post(
    "/gateways/import",
    openapi_extra=_json_lines('{"owner": "ada", "url": "ws://10.0.0.7:18789", "token": "..."}\n'),
)
async def import_gateways(request: Request, door: Door, _: Runner) -> dict[str, Any]:
    """Routes as JSON lines: `{"owner": …, "url": …, "token": …}`."""
    report = await import_routes(door.directory, await _lines(request))
    return asdict(report)


@router.post("/gateways/{owner}/check")
async def check_gateway(owner: str, door: Door, _: Runner) -> dict[str, Any]:
    """One trial connection to an owner's gateway, apart from the one in use."""
    route = await door.directory.route(owner)
    if route is None:
        raise no_gateway(owner)
    return {"owner": owner, **await door.check(route)}


@router.post("/gateways/{owner}/pair")
async def pair_gateway(owner: str, door: Door, _: Runner) -> dict[str, Any]:
    """Introduce the door's device to an owner's gateway, so that it works from anywhere later."""
    if await door.directory.route(owner) is None:
        raise no_gateway(owner)
    return {"owner": owner, **await door.pair(owner)}


@router.get("/users")
async def users(door: Door, _: Runner) -> dict[str, Any]:
    """Every member."""
    members = await door.directory.members()
    return {"users": [{"member": each.id, "owner": each.owner, "role": each.role} for each in members]}


@router.put("/users/{member}")
async def put_user(member: str, body: MemberBody, door: Door, _: Runner) -> dict[str, Any]:
    """Add a member, or change its owner or role; what is not given stays. `hasGateway`: whether its owner has one."""
    known = await door.directory.member(member)
    kept = {} if known is None else {"owner": known.owner, "role": known.role.value}
    stored = await door.directory.put_member(
        member_from({"member": member, **kept, **body.model_dump(exclude_none=True)})
    )
    return {
        "member": stored.id,
        "owner": stored.owner,
        "role": stored.role,
        "created": known is None,
        "hasGateway": await door.directory.route(stored.owner) is not None,
    }


@router.delete("/users/{member}")
async def remove_user(member: str, door: Door, _: Runner) -> dict[str, Any]:
    """Remove a member; its sockets end, its tokens are worthless."""
    if not await door.directory.remove_member(member):
        raise no_user(member)
    return {"member": member, "removed": True}


@router.post(
    "/users/import",
    openapi_extra=_json_lines('{"member": "grace", "owner": "team", "role": "operator"}\n'),
)
async def import_users(request: Request, door: Door, _: Runner) -> dict[str, Any]:
    """Members as JSON lines: `{"member": …, "owner": …, "role": …}`."""
    report = await import_members(door.directory, await _lines(request))
    return asdict(report)


@router.post("/tokens")
async def tokens(body: TokensBody, door: Door, _: Runner) -> dict[str, Any]:
    """Bearer tokens for members, in the order asked."""
    issued = []
    for member in body.members:
        token = await door.authenticator.issue(member, ttl_s=body.ttlSeconds)
        issued.append({"member": member, "token": token.token, "expiresAt": token.expires_at})
    return {"tokens": issued}


async def _lines(request: Request) -> list[str]:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MAX_IMPORT_BYTES:
            raise TooLarge(f"An import may have {_MAX_IMPORT_BYTES // 1024 // 1024} MiB; split the file.")
    try:
        return body.decode().splitlines()
    except UnicodeDecodeError as error:
        raise ClientFault(f"Not UTF-8 at byte {error.start}.") from None
