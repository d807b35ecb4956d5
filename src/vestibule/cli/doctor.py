"""`vestibule doctor`: is everything as it should be, and if not, what helps. One line a check."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from vestibule.cli import checks, serverfile
from vestibule.cli.administration import administration
from vestibule.cli.checks import Check, Level, counted, fail, ok, warn
from vestibule.cli.exits import CommandFailed, Exit
from vestibule.cli.gateways import check_all
from vestibule.cli.options import Config, Home, Json
from vestibule.cli.output import as_json, say
from vestibule.cli.status import health
from vestibule.errors import VestibuleError
from vestibule.settings import Settings, load

_NAMED = 5


def doctor(json: Json = False, home: Home = None, config: Config = None) -> None:
    """Check the machine, the state folder, the server and every gateway; say what helps.

    Ends with 1 if a check failed. Warnings do not count.
    """
    found = asyncio.run(examine(home, config))
    if json:
        as_json([asdict(each) for each in found])
    for each in () if json else found:
        say(line(each))
    if any(each.level is Level.FAIL for each in found):
        raise typer.Exit(Exit.FAILED)


def line(check: Check) -> str:
    """A check as a line."""
    remedy = f" -> {check.remedy}" if check.remedy and check.level is not Level.OK else ""
    return f"{check.level:4}  {check.name:12}  {' '.join(check.text.split())}{remedy}"


async def examine(home: Path | None, config: Path | None) -> list[Check]:
    """All checks, in the order one would look."""
    found = [checks.python()]
    try:
        settings = load(config, home=home)
    except VestibuleError as error:
        return [*found, fail("settings", error.message, error.remedy or "")]
    found += checks.unknown_settings()
    found += await checks.openclaw(settings)
    found += [checks.state_folder(settings), checks.disk_space(settings)]
    found += [checks.secret_key(settings), await checks.database(settings)]
    server = serverfile.running(settings.home)
    found += [await _server(settings, server), checks.port(settings, server)]
    found += [checks.descriptors(settings), checks.clock(settings)]
    if all(each.level is not Level.FAIL for each in found if each.name in ("database", "secret key", "state folder")):
        found += await _gateways(settings, config)
    return found


async def _server(settings: Settings, server: serverfile.ServerFile | None) -> Check:
    if server is None:
        stale = serverfile.read(settings.home)
        if stale is not None:
            text = f"process {stale.pid} ended without tidying up"
            return warn("server", text, "start it again: `vestibule up` (the next start removes what it left)")
        return warn("server", "not running", "start it: `vestibule up`")
    said = await health(server.url)
    if not said["healthy"]:
        remedy = f"look at its log; if it hangs, stop process {server.pid} and start it again"
        return fail("server", f"{server.url} does not answer: {said['reason']}", remedy)
    if not said["ready"]:
        return warn("server", f"{server.url} is not ready: {said['reason']}", "wait a moment, then look at its log")
    return ok("server", f"{server.url}, version {said['version']}, process {server.pid}")


def _users(users: list[dict[str, Any]], owners: set[str]) -> Check:
    """Whoever may come in should find a gateway."""
    without = [row for row in users if row["owner"] not in owners]
    if not without:
        return ok("users", f"{counted(len(users), 'user')}, each with a gateway")
    named = ", ".join(row["member"] for row in without[:_NAMED]) + (", ..." if len(without) > _NAMED else "")
    remedy = (
        f"vestibule gateway add {without[0]['owner']} --url ws://..., or vestibule user remove {without[0]['member']}"
    )
    return warn("users", f"without a gateway: {named}", remedy)


async def _gateways(settings: Settings, config: Path | None) -> list[Check]:
    made = bool(settings.database_url.get_secret_value()) or (settings.home / "vestibule.db").exists()
    if serverfile.running(settings.home) is None and not made:
        return []  # nothing was ever started here: nothing to look at, and nothing to make
    try:
        async with administration(settings.home, None, None, config=config) as admin:
            owners = [row["owner"] for row in await admin.gateways()]
            users = await admin.users()
            results = await check_all(admin, owners)
    except (CommandFailed, VestibuleError) as error:
        return [fail("gateways", error.message, error.remedy or "")]
    found = [_users(users, set(owners))] if users else []
    for result in results:
        name = f"gateway {result['owner']}"
        if result["ok"]:
            text = f"OpenClaw {result['version']}, wire {result['protocol']}, {result['tookMs']} ms"
            found.append(ok(name, text))
        else:
            found.append(
                fail(name, str(result.get("error") or result["state"]), result.get("remedy") or "is it running?")
            )
    return found
