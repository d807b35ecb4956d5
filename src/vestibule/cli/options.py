"""Options that several commands share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_SERVER = "Which server"

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="State folder of the server to look for. [dim]\\[default: ~/.vestibule][/]",
        envvar="VESTIBULE_HOME",
        show_default=False,
        show_envvar=True,
        rich_help_panel=_SERVER,
    ),
]
Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        "--door",
        help="Address of the server; without it the one running on this machine is found.",
        envvar="VESTIBULE_URL",
        show_default=False,
        rich_help_panel=_SERVER,
    ),
]
Token = Annotated[
    str | None,
    typer.Option(
        "--token",
        "--door-token",
        help="Bearer token for it. Better in the environment than on the command line, where others can see it.",
        envvar="VESTIBULE_TOKEN",
        show_default=False,
        rich_help_panel=_SERVER,
    ),
]
TokenStdin = Annotated[
    bool, typer.Option("--token-stdin", help="Read the bearer token from stdin.", rich_help_panel=_SERVER)
]
DoorUrl = Annotated[
    str | None,
    typer.Option(
        "--door",
        help="Address of the server; without it the one running on this machine is found.",
        envvar="VESTIBULE_URL",
        show_default=False,
        rich_help_panel=_SERVER,
    ),
]
DoorToken = Annotated[
    str | None,
    typer.Option(
        "--door-token",
        help="Bearer token for it.",
        envvar="VESTIBULE_TOKEN",
        show_default=False,
        rich_help_panel=_SERVER,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="Settings file, as given to `vestibule serve`: says where the directory is when no server runs.",
        show_default=False,
        rich_help_panel=_SERVER,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
