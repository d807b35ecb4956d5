"""Owners, routes and members from the command line: through the running server, or in its directory when none runs.

Both ways give the same results; a change through the server is live at once.
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from vestibule.cli.exits import CommandFailed, Exit
from vestibule.cli.target import Target, find, is_here, is_secure, refused, state_folder, unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import httpx

    from vestibule.auth.authenticator import Authenticator
    from vestibule.directory.port import Directory
    from vestibule.model import Route
    from vestibule.settings import Settings

Row = dict[str, Any]

_RUNS_THE_DOOR = "this wants the token of whoever runs the door: `vestibule status --json` on its machine shows it"


class Administration(Protocol):
    """What can be done to owners, routes and members. Rows are as the HTTP API gives them."""

    async def gateways(self) -> list[Row]:
        """Every route, with the state of its gateway where that is known."""

    async def put_gateway(self, owner: str, fields: Row) -> Row:
        """Add or move an owner's gateway: `{owner, created, revision}`, and with `pair` `{paired, error?, remedy?}`."""

    async def remove_gateway(self, owner: str) -> Row:
        """Remove an owner: `{owner, removed, users}`, those being the members who went with it. Raises NotFound."""

    async def check_gateway(self, owner: str) -> Row:
        """One trial connection: `{owner, ok, state, version, protocol, tookMs, error, remedy}`."""

    async def import_gateways(self, lines: list[str]) -> Row:
        """JSON lines: `{added, updated, failed: [{line, error}]}`."""

    async def users(self) -> list[Row]:
        """Every member: `{member, owner, role}`."""

    async def put_user(self, member: str, fields: Row) -> Row:
        """Add or change a member: `{member, owner, role, created, hasGateway}`."""

    async def remove_user(self, member: str) -> Row:
        """Remove a member: `{member, removed}`. Raises NotFound."""

    async def import_users(self, lines: list[str]) -> Row:
        """JSON lines: `{added, updated, failed: [{line, error}]}`."""

    async def tokens(self, members: list[str], ttl_s: int | None) -> list[Row]:
        """A bearer token for each: `{member, token, expiresAt}`."""


@contextlib.asynccontextmanager
async def administration(
    home: Path | None, url: str | None, token: str | None, *, config: Path | None = None
) -> AsyncIterator[Administration]:
    """The server's administration if one is named or runs here, else that of the directory itself."""
    target = find(home, url, token)
    if target is not None:
        import httpx

        async with httpx.AsyncClient(
            base_url=f"{target.url}/api/v1/admin",
            headers={"Authorization": f"Bearer {target.token}"},
            timeout=httpx.Timeout(60.0, connect=5.0),
            trust_env=not is_here(target.url),
            verify=is_secure(target.url),
        ) as client:
            yield OverHttp(client, target)
        return
    from vestibule.settings import load

    settings = load(config, home=None if home is None else state_folder(home))
    async with _opened(settings) as direct:
        yield direct


class OverHttp:
    """Administration through the HTTP API of a running server."""

    def __init__(self, client: httpx.AsyncClient, target: Target) -> None:
        self._client = client
        self._target = target

    async def gateways(self) -> list[Row]:
        """`GET /gateways`."""
        rows: list[Row] = (await self._ask("GET", "/gateways"))["gateways"]
        return rows

    async def put_gateway(self, owner: str, fields: Row) -> Row:
        """`PUT /gateways/{owner}`."""
        return await self._ask("PUT", f"/gateways/{quote(owner, safe='')}", json=fields)

    async def remove_gateway(self, owner: str) -> Row:
        """`DELETE /gateways/{owner}`."""
        return await self._ask("DELETE", f"/gateways/{quote(owner, safe='')}")

    async def check_gateway(self, owner: str) -> Row:
        """`POST /gateways/{owner}/check`."""
        return await self._ask("POST", f"/gateways/{quote(owner, safe='')}/check")

    async def import_gateways(self, lines: list[str]) -> Row:
        """`POST /gateways/import`."""
        return await self._ask("POST", "/gateways/import", content="\n".join(lines).encode())

    async def users(self) -> list[Row]:
        """`GET /users`."""
        rows: list[Row] = (await self._ask("GET", "/users"))["users"]
        return rows

    async def put_user(self, member: str, fields: Row) -> Row:
        """`PUT /users/{member}`."""
        return await self._ask("PUT", f"/users/{quote(member, safe='')}", json=fields)

    async def remove_user(self, member: str) -> Row:
        """`DELETE /users/{member}`."""
        return await self._ask("DELETE", f"/users/{quote(member, safe='')}")

    async def import_users(self, lines: list[str]) -> Row:
        """`POST /users/import`."""
        return await self._ask("POST", "/users/import", content="\n".join(lines).encode())

    async def tokens(self, members: list[str], ttl_s: int | None) -> list[Row]:
        """`POST /tokens`."""
        asked: Row = {"members": members} if ttl_s is None else {"members": members, "ttlSeconds": ttl_s}
        rows: list[Row] = (await self._ask("POST", "/tokens", json=asked))["tokens"]
        return rows

    async def _ask(self, method: str, path: str, *, json: Any = None, content: bytes | None = None) -> Row:
        import httpx

        try:
            response = await self._client.request(method, path, json=json, content=content)
        except httpx.HTTPError as error:
            raise unreachable(self._target.url, error) from None
        try:
            body = response.json()
        except ValueError:
            body = None
        if response.is_success and isinstance(body, dict):
            return body
        raise _http_failure(response.status_code, body, self._target.url)


def _http_failure(status: int, body: Any, url: str) -> CommandFailed:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return CommandFailed(
            f"{url} answered HTTP {status}, and not as a Vestibule server does.",
            remedy="check the address",
            exit=Exit.NO_SERVER,
        )
    message = str(error.get("message", f"HTTP {status}"))
    if status in (401, 403):
        return refused(message, remedy=_RUNS_THE_DOOR)
    return CommandFailed(
        message, remedy=str(error.get("remedy") or ""), exit=Exit.USAGE if status == 400 else Exit.FAILED
    )


@contextlib.asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[InDirectory]:
    import asyncio

    from vestibule.auth.authenticator import Authenticator
    from vestibule.auth.tickets import Tickets
    from vestibule.auth.tokens import Tokens
    from vestibule.bus.memory import MemoryBus
    from vestibule.directory import SecretKey, open_directory
    from vestibule.policy.roles import scopes_of

    key = await asyncio.to_thread(SecretKey.load, settings.home, settings.secret_key.get_secret_value())
    bus = MemoryBus()
    url = settings.database_url.get_secret_value()
    directory = open_directory(url, home=settings.home, key=key, bus=bus)
    await directory.start()
    try:
        authenticator = Authenticator(
            directory,
            Tokens(key.derive("tokens")),
            Tickets(ttl_s=settings.ticket_ttl_s),
            scopes_of=scopes_of,
            token_ttl_s=settings.token_ttl_s,
        )
        yield InDirectory(directory, authenticator, settings)
    finally:
        await directory.close()
        await bus.close()


class InDirectory:
    """Administration in the directory itself, while no server runs."""

    def __init__(self, directory: Directory, authenticator: Authenticator, settings: Settings) -> None:
        self._directory = directory
        self._authenticator = authenticator
        self._settings = settings

    async def gateways(self) -> list[Row]:
        """Routes; nobody is connected to any of them."""
        return [
            {"owner": route.owner, "url": route.url, "mode": route.mode.value, "revision": route.revision}
            for route in await self._directory.routes()
        ]

    async def put_gateway(self, owner: str, fields: Row) -> Row:
        """As the server does it."""
        from vestibule.directory.administration import route_from

        wanted = {name: value for name, value in fields.items() if name != "pair"}
        existed = await self._directory.route(owner) is not None
        stored = await self._directory.put_route(route_from({"owner": owner, **wanted}))
        answer = {"owner": stored.owner, "created": not existed, "revision": stored.revision}
        return answer | await self._pair(stored) if fields.get("pair") else answer

    async def _pair(self, route: Route) -> Row:
        from vestibule.gateway.pairing import pair

        pairing = await pair(route, self._settings)
        if pairing.paired:
            await self._directory.save_device_token(route.owner, pairing.device_token)
        return {"paired": pairing.paired, "error": pairing.error, "remedy": pairing.remedy}

    async def remove_gateway(self, owner: str) -> Row:
        """As the server does it."""
        from vestibule.directory.administration import remove_owner

        return {"owner": owner, "removed": True, "users": await remove_owner(self._directory, owner)}

    async def check_gateway(self, owner: str) -> Row:
        """A trial connection from here."""
        from vestibule.directory.administration import no_gateway
        from vestibule.gateway.check import check

        route = await self._directory.route(owner)
        if route is None:
            raise no_gateway(owner)
        found = await check(route, self._settings)
        return {
            "owner": owner,
            "ok": found.ok,
            "state": found.state,
            "version": found.version,
            "protocol": found.protocol,
            "tookMs": found.took_ms,
            "error": found.error,
            "remedy": found.remedy,
            "detail": found.detail,
        }

    async def import_gateways(self, lines: list[str]) -> Row:
        """As the server does it."""
        from vestibule.directory.administration import import_routes

        report = await import_routes(self._directory, lines)
        return asdict(report)

    async def users(self) -> list[Row]:
        """Members."""
        members = await self._directory.members()
        return [{"member": each.id, "owner": each.owner, "role": each.role.value} for each in members]

    async def put_user(self, member: str, fields: Row) -> Row:
        """As the server does it."""
        from vestibule.directory.administration import member_from

        known = await self._directory.member(member)
        kept = {} if known is None else {"owner": known.owner, "role": known.role.value}
        stored = await self._directory.put_member(member_from({"member": member, **kept, **fields}))
        return {
            "member": stored.id,
            "owner": stored.owner,
            "role": stored.role.value,
            "created": known is None,
            "hasGateway": await self._directory.route(stored.owner) is not None,
        }

    async def remove_user(self, member: str) -> Row:
        """As the server does it."""
        from vestibule.directory.administration import no_user

        if not await self._directory.remove_member(member):
            raise no_user(member)
        return {"member": member, "removed": True}

    async def import_users(self, lines: list[str]) -> Row:
        """As the server does it."""
        from vestibule.directory.administration import import_members

        report = await import_members(self._directory, lines)
        return asdict(report)

    async def tokens(self, members: list[str], ttl_s: int | None) -> list[Row]:
        """As the server does it, with the same key."""
        issued = [(member, await self._authenticator.issue(member, ttl_s=ttl_s)) for member in members]
        return [{"member": member, "token": each.token, "expiresAt": each.expires_at} for member, each in issued]
