"""`vestibule status`: what runs, where, and how it is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from vestibule.cli import serverfile
from vestibule.cli.exits import CommandFailed, Exit
from vestibule.cli.options import Home, Json, Token, Url
from vestibule.cli.output import as_json, say
from vestibule.cli.target import is_here, is_secure, must_find, refused, state_folder, unreachable, why

_TIMEOUT_S = 5.0


def status(json: Json = False, home: Home = None, url: Url = None, token: Token = None) -> None:
    """Show the running server: address, health, and the state of your gateway.

    With --json the answer holds everything a script needs: running, pid, url, ws_url, token.
    """
    try:
        found = asyncio.run(describe(home, url, token))
    except CommandFailed as none:
        if json and none.exit is Exit.NO_SERVER:
            as_json({"running": False})
        raise
    if json:
        as_json(found)
    else:
        for name in ("url", "ws_url", "pid", "version", "ready", "reason", "gateway"):
            if (value := found.get(name)) not in (None, ""):
                say(f"{name:8} {_told(value)}")
    if not found["healthy"]:
        failed = unreachable(found["url"], found["reason"])
        if found["pid"]:
            failed.remedy = f"look at its log, or stop process {found['pid']} and start it again"
        raise failed
    if found["refused"]:
        raise refused(found["refused"])


async def describe(home: Path | None, url: str | None, token: str | None) -> dict[str, Any]:
    """What there is to say about the server named or found. Raises CommandFailed when there is none."""
    target = must_find(home, url, token)
    local = serverfile.running(state_folder(home))
    mine = local is not None and local.url.rstrip("/") == target.url
    facts: dict[str, Any] = {
        "running": True,
        "pid": local.pid if local is not None and mine else None,
        "url": target.url,
        "ws_url": target.ws_url,
        "token": target.token,
    }
    facts |= await health(target.url)
    return facts | (await _gateway(target.ws_url, target.token) if facts["healthy"] else {})


async def health(url: str) -> dict[str, Any]:
    """What a server says of itself without a credential: `{healthy, version, ready, reason}`."""
    import httpx

    try:
        client = httpx.AsyncClient(base_url=url, timeout=_TIMEOUT_S, trust_env=not is_here(url), verify=is_secure(url))
        async with client:
            live = (await client.get("/healthz")).json()
            ready = (await client.get("/readyz")).json()
        return {
            "healthy": True,
            "version": live.get("version"),
            "ready": ready.get("ready") is True,
            "reason": ready.get("reason") or "",
        }
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        return {"healthy": False, "version": None, "ready": False, "reason": why(error)}


async def _gateway(ws_url: str, token: str) -> dict[str, Any]:
    """What a member is told: `{gateway, refused}`."""
    from vestibule.client import DoorClosed, DoorError, connect

    try:
        async with connect(ws_url, token, open_timeout_s=_TIMEOUT_S, retry_open=False) as door:
            known = {"state": door.status.state, "reason": door.status.reason, "version": door.hello.gateway_version}
            return {"gateway": {"owner": door.hello.principal.owner, **known}, "refused": ""}
    except DoorClosed as error:
        return {"gateway": None, "refused": error.reason}
    except DoorError:
        return {"gateway": None, "refused": ""}


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    return str(value)
