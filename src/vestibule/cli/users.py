"""`vestibule user ...`: who may come in, and their tokens."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any

import typer

from vestibule.cli.administration import administration
from vestibule.cli.exits import CommandFailed, Exit
from vestibule.cli.gateways import report_import
from vestibule.cli.options import Config, Home, Json, Token, Url
from vestibule.cli.output import as_json, note, read_lines, say, table

app = typer.Typer(
    name="user",
    help="Who may come in. Changes are live at once if a server runs.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400}


def seconds(text: str) -> int:
    """A length of time: `90`, `90s`, `15m`, `1h`, `30d`, `2w`. Raises CommandFailed."""
    match = re.fullmatch(r"(\d{1,9})\s*([smhdw]?)", text.strip())
    if match is None or int(match[1]) == 0:
        raise CommandFailed(
            f"{text!r} is no length of time.", remedy="write it like 90s, 15m, 1h or 30d", exit=Exit.USAGE
        )
    return int(match[1]) * _SECONDS[match[2]]


@app.command(
    epilog="Examples:\n\n"
    "  vestibule user add ada                                 a person with a gateway of her own\n\n"
    "  vestibule user add grace --owner team --role viewer    a member of a team"
)
def add(
    member: Annotated[str, typer.Argument(help="The user's name or id.")],
    owner: Annotated[
        str | None, typer.Option("--owner", help="Whose gateway they use; their own by default.", show_default=False)
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            "--role",
            help="viewer, operator or admin. [dim]\\[default: admin of their own gateway, operator of another's][/]",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    home: Home = None,
    url: Url = None,
    token: Token = None,
    config: Config = None,
) -> None:
    """Add a user, or change their owner or role."""
    given = {name: value for name, value in (("owner", owner), ("role", role)) if value is not None}

    async def work() -> dict[str, Any]:
        async with administration(home, url, token, config=config) as admin:
            return await admin.put_user(member, given)

    stored = asyncio.run(work())
    if json:
        as_json(stored)
    else:
        verb = "Added" if stored.get("created", True) else "Changed"
        say(f"{verb} {stored['member']}: {stored['role']} at the gateway of {stored['owner']}.")
    if not stored["hasGateway"]:
        note(f"{stored['owner']} has no gateway yet. Add it: vestibule gateway add {stored['owner']} --url ws://...")


@app.command(
    epilog="Examples:\n\n  vestibule user token ada --ttl 1h\n\n  TOKEN=$(vestibule user token ada)",
)
def token(
    members: Annotated[list[str], typer.Argument(metavar="MEMBER...", help="Users; - reads them from stdin.")],
    ttl: Annotated[
        str | None, typer.Option("--ttl", help="How long it lasts: 90s, 15m, 1h, 30d.", show_default=False)
    ] = None,
    json: Json = False,
    home: Home = None,
    url: Url = None,
    door_token: Token = None,
    config: Config = None,
) -> None:
    """Print a bearer token for each user, one a line, in the order named."""
    ttl_s = None if ttl is None else seconds(ttl)
    names = [line.strip() for line in read_lines("-") if line.strip()] if members == ["-"] else members

    async def work() -> list[dict[str, Any]]:
        async with administration(home, url, door_token, config=config) as admin:
            return await admin.tokens(names, ttl_s)

    issued = asyncio.run(work())
    if json:
        as_json(issued)
    for each in () if json else issued:
        say(each["token"])


@app.command("import", epilog='Each line: {"member": "ada", "owner": "team", "role": "operator"}')
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="JSON lines; - reads stdin.")],
    json: Json = False,
    home: Home = None,
    url: Url = None,
    token: Token = None,
    config: Config = None,
) -> None:
    """Add or change many users in one go. Good lines are kept, bad ones reported by number."""
    lines = read_lines(file)

    async def work() -> dict[str, Any]:
        async with administration(home, url, token, config=config) as admin:
            return await admin.import_users(lines)

    report_import(asyncio.run(work()), json=json)


@app.command("list", epilog="Example: vestibule user list --json | jq -r '.[].member' | vestibule user token -")
def list_(json: Json = False, home: Home = None, url: Url = None, token: Token = None, config: Config = None) -> None:
    """Every user."""

    async def work() -> list[dict[str, Any]]:
        async with administration(home, url, token, config=config) as admin:
            return await admin.users()

    rows = asyncio.run(work())
    if json:
        as_json(rows)
    elif not rows:
        note("No users. Add one: vestibule user add NAME")
    else:
        table(("MEMBER", "OWNER", "ROLE"), ((row["member"], row["owner"], row["role"]) for row in rows))


@app.command(epilog="Example: vestibule user remove bo")
def remove(
    member: Annotated[str, typer.Argument(help="The user.")],
    json: Json = False,
    home: Home = None,
    url: Url = None,
    token: Token = None,
    config: Config = None,
) -> None:
    """Remove a user. Their connections end and their tokens are worthless."""

    async def work() -> dict[str, Any]:
        async with administration(home, url, token, config=config) as admin:
            return await admin.remove_user(member)

    removed = asyncio.run(work())
    if json:
        as_json(removed)
    else:
        say(f"Removed {member}.")
