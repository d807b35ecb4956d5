"""`vestibule gateway ...`: which gateway belongs to whom."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from vestibule.cli.administration import Administration, administration
from vestibule.cli.exits import CommandFailed, Exit
from vestibule.cli.options import Config, DoorToken, DoorUrl, Home, Json, Token, Url
from vestibule.cli.output import as_json, asks, confirmed, note, read_lines, read_secret, say, table

app = typer.Typer(
    name="gateway",
    help="Whose gateway is where. Changes are live at once if a server runs.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
CHECKS_AT_ONCE = 8
_NONE = "No gateways. Add one: vestibule gateway add OWNER --url ws://..."


@app.command(
    epilog="Examples:\n\n"
    "  vestibule gateway add ada --url ws://127.0.0.1:18789 --token-stdin < token.txt\n\n"
    "  vestibule gateway add team --url wss://claw.example.com --mode trusted-proxy --identity vestibule"
)
def add(
    owner: Annotated[str, typer.Argument(help="The account the gateway belongs to.")],
    url: Annotated[str, typer.Option("--url", help="The gateway's address: ws://host:18789 or wss://host.")],
    token: Annotated[str | None, typer.Option("--token", help="The gateway's token.", show_default=False)] = None,
    token_stdin: Annotated[bool, typer.Option("--token-stdin", help="Read the gateway's token from stdin.")] = False,
    mode: Annotated[str, typer.Option("--mode", help="token, or trusted-proxy.")] = "token",
    identity: Annotated[str | None, typer.Option("--identity", help="trusted-proxy: the user to connect as.")] = None,
    identity_header: Annotated[
        str | None, typer.Option("--identity-header", help="trusted-proxy: the header that carries it.")
    ] = None,
    tls_pin: Annotated[
        str | None, typer.Option("--tls-pin", help="SHA-256 of the gateway's certificate, in hexadecimal.")
    ] = None,
    pair: Annotated[
        bool, typer.Option("--pair", help="Pair the door's key with it now, so that it works from elsewhere later.")
    ] = False,
    json: Json = False,
    home: Home = None,
    door: DoorUrl = None,
    door_token: DoorToken = None,
    config: Config = None,
) -> None:
    """Add an owner's gateway. On an owner that has one it moves the route: live, no call is lost."""
    fields: dict[str, Any] = {
        "url": url,
        "token": read_secret("token") if token_stdin else token,
        "mode": mode,
        "identity": identity,
        "identityHeader": identity_header,
        "tlsPin": tls_pin,
    }
    given = {name: value for name, value in fields.items() if value is not None}

    async def work() -> dict[str, Any]:
        async with administration(home, door, door_token, config=config) as admin:
            return await admin.put_gateway(owner, given | ({"pair": True} if pair else {}))

    stored = asyncio.run(work())
    if json:
        as_json(stored)
    else:
        say(f"{'Added' if stored['created'] else 'Moved'} the gateway of {stored['owner']}.")
    if pair and not stored["paired"]:
        why = stored.get("error") or "There is nothing to pair."
        raise CommandFailed(why, remedy=stored.get("remedy") or "", exit=Exit.GATEWAY_AWAY)


@app.command(
    "import",
    epilog='Each line: {"owner": "ada", "url": "ws://10.0.0.7:18789", "token": "..."}\n\n'
    "Example: vestibule simulate --gateways 500 | vestibule gateway import -",
)
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="JSON lines; - reads stdin.")],
    json: Json = False,
    home: Home = None,
    url: Url = None,
    token: Token = None,
    config: Config = None,
) -> None:
    """Add or move many gateways in one go. Good lines are kept, bad ones reported by number."""
    lines = read_lines(file)

    async def work() -> dict[str, Any]:
        async with administration(home, url, token, config=config) as admin:
            return await admin.import_gateways(lines)

    report_import(asyncio.run(work()), json=json)


@app.command("list", epilog="Example: vestibule gateway list --json | jq -r '.[].owner'")
def list_(json: Json = False, home: Home = None, url: Url = None, token: Token = None, config: Config = None) -> None:
    """Every gateway and how it is."""

    async def work() -> list[dict[str, Any]]:
        async with administration(home, url, token, config=config) as admin:
            return await admin.gateways()

    rows = asyncio.run(work())
    if json:
        as_json(rows)
    elif not rows:
        note(_NONE)
    else:
        table(
            ("OWNER", "URL", "MODE", "STATE", "REASON"),
            (tuple(str(row.get(name) or "-") for name in ("owner", "url", "mode", "state", "reason")) for row in rows),
        )


@app.command(epilog="Example: vestibule gateway check ada bo")
def check(
    owners: Annotated[list[str] | None, typer.Argument(metavar="[OWNER]...", help="All if none is named.")] = None,
    json: Json = False,
    home: Home = None,
    url: Url = None,
    token: Token = None,
    config: Config = None,
) -> None:
    """Try a connection to each gateway; says what is wrong and what helps."""

    async def work() -> list[dict[str, Any]]:
        async with administration(home, url, token, config=config) as admin:
            names = owners or [row["owner"] for row in await admin.gateways()]
            return await check_all(admin, names)

    results = asyncio.run(work())
    if json:
        as_json(results)
    elif not results:
        note(_NONE)
    for result in () if json else results:
        say(check_line(result))
    if not all(result["ok"] for result in results):
        raise typer.Exit(Exit.FAILED)


@app.command(epilog="Example: vestibule gateway remove ada --yes")
def remove(
    owner: Annotated[str, typer.Argument(help="Whose gateway to forget; the owner's users go with it.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, even if users go with it.")] = False,
    json: Json = False,
    home: Home = None,
    url: Url = None,
    token: Token = None,
    config: Config = None,
) -> None:
    """Remove an owner: its route and its users. The gateway itself is not touched.

    On a terminal it asks first if users go with it; in a script it does not.
    """

    async def work() -> dict[str, Any]:
        async with administration(home, url, token, config=config) as admin:
            if not yes and asks():
                going = [row["member"] for row in await admin.users() if row["owner"] == owner]
                if going and not confirmed(f"{', '.join(going)} can no longer come in. Remove {owner}?"):
                    raise CommandFailed("Nothing was removed.")
            return await admin.remove_gateway(owner)

    removed = asyncio.run(work())
    if json:
        as_json(removed)
    else:
        users = ", ".join(removed["users"])
        say(f"Removed {owner}, and who could use it: {users}." if users else f"Removed {owner}.")


async def check_all(admin: Administration, owners: list[str]) -> list[dict[str, Any]]:
    """Check several gateways, some at a time."""
    slots = asyncio.Semaphore(CHECKS_AT_ONCE)

    async def one(owner: str) -> dict[str, Any]:
        async with slots:
            return await admin.check_gateway(owner)

    return list(await asyncio.gather(*(one(owner) for owner in owners)))


def check_line(result: dict[str, Any]) -> str:
    """The result of one check as a line."""
    owner = result["owner"]
    if result["ok"]:
        return f"ok    {owner}: OpenClaw {result['version']}, wire {result['protocol']}, {result['tookMs']} ms"
    return f"FAIL  {owner}: {CommandFailed(what_is_wrong(result), remedy=result.get('remedy') or '')}"


def what_is_wrong(result: dict[str, Any]) -> str:
    """Why a check failed, with what only who runs the door may see."""
    error, detail = str(result.get("error") or result["state"]), result.get("detail")
    return f"{error.rstrip('.')} ({detail})." if detail else error


def report_import(report: dict[str, Any], *, json: bool) -> None:
    """Print what became of an import's lines; ends with FAILED if some were bad."""
    if json:
        as_json(report)
    else:
        for failure in report["failed"]:
            note(f"line {failure['line']}: {failure['error']}")
        say(f"{report['added']} added, {report['updated']} updated, {len(report['failed'])} failed.")
    if report["failed"]:
        raise typer.Exit(Exit.FAILED)
