"""The command tree, and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vestibule.cli import doctor, gateways, settingstable, simulate, status, talk, up, users
from vestibule.cli.exits import MEANING, CommandFailed, Exit, from_error
from vestibule.cli.output import note, say
from vestibule.errors import VestibuleError
from vestibule.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPILOG = "\n\n".join(
    [
        "[bold]First steps[/]",
        "  vestibule up                                  a gateway, and a link to sign in",
        "  vestibule up --gateway ws://127.0.0.1:18789   in front of the gateway you have",
        '  vestibule chat "hi"                           talk to its agent',
        "  vestibule call sessions.list '{\"limit\": 5}'   call any of its methods",
        "  vestibule doctor                              what is wrong, and what helps",
        "[bold]Exit codes[/]",
        *(f"  {code.value:>3}  {text}" for code, text in MEANING.items()),
        "[dim]Settings come from flags, VESTIBULE_* and a TOML file: see `vestibule settings`.[/]",
    ]
)

app = typer.Typer(
    name="vestibule",
    help="The front door for OpenClaw gateways: sign in once, one WebSocket, your own gateway behind it.",
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_RUN, _USE, _RUN_FOR_OTHERS, _LOOK = "Run it", "Use a gateway", "Run it for others", "Look around"

app.command(
    rich_help_panel=_RUN,
    epilog="Examples:\n\n"
    "  vestibule up                        a real OpenClaw gateway of your own\n\n"
    "  vestibule up --simulated --port 0   to look around, on any free port\n\n"
    "  vestibule up --gateway ws://127.0.0.1:18789 --gateway-token-stdin < token.txt",
)(up.up)
app.command(
    rich_help_panel=_RUN,
    epilog="Examples:\n\n  vestibule serve --config door.toml\n\n"
    "Then, in another terminal:\n\n"
    "  vestibule gateway add ada --url ws://10.0.0.7:18789 --token-stdin < ada.token\n\n"
    "  vestibule user add ada && vestibule user token ada",
)(up.serve)
app.command(rich_help_panel=_RUN, epilog="Example: vestibule status --json | jq -r .ws_url")(status.status)
app.command(
    rich_help_panel=_USE,
    epilog='Examples:\n\n  vestibule chat "What can you do?"\n\n'
    "  git diff | vestibule chat - --agent reviewer\n\n"
    "  vestibule chat hi --json | jq -rj 'select(.type == \"chunk\").content'",
)(talk.chat)
app.command(
    rich_help_panel=_USE,
    epilog="Examples:\n\n  vestibule call health\n\n  vestibule call sessions.list '{\"limit\": 5}' | jq .count",
)(talk.call)
app.command(rich_help_panel=_USE, epilog="Example: vestibule events --filter 'chat*' | jq .payload")(talk.events)
app.add_typer(gateways.app, rich_help_panel=_RUN_FOR_OTHERS)
app.add_typer(users.app, rich_help_panel=_RUN_FOR_OTHERS)
app.command(rich_help_panel=_LOOK, epilog="Example: vestibule doctor --json | jq '.[] | select(.level != \"ok\")'")(
    doctor.doctor
)
app.command(rich_help_panel=_LOOK, epilog="Example: vestibule settings --json | jq .port")(settingstable.settings)
app.command(
    rich_help_panel=_LOOK,
    epilog="Example: vestibule simulate --port 18789 --gateways 20 --fault freeze --faulty 2",
)(simulate.simulate)


@app.command(rich_help_panel=_LOOK)
def version() -> None:
    """Print the version."""
    say(__version__)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(__version__)
        raise typer.Exit


@app.callback()
def common(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks and debug logs.", envvar="VESTIBULE_DEBUG")
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Everything that is before a command."""
    from vestibule.telemetry.log import configure

    if debug:
        os.environ["VESTIBULE_DEBUG"] = "1"
    configure(level="debug" if debug else "error", style="console")


@cache
def _commands() -> Any:
    """The tree, built once: reading the annotations of all commands is most of what a small command does."""
    return typer.main.get_command(app)


def run(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    try:
        _commands().main(args=None if argv is None else list(argv), prog_name="vestibule")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else Exit.OK if ended.code is None else Exit.FAILED
    except (CommandFailed, VestibuleError) as error:
        if _debugging(argv):
            raise
        failed = error if isinstance(error, CommandFailed) else from_error(error)
        note(f"error: {failed}")
        return failed.exit
    except Exception as error:
        # The last line before the shell: a defect of ours is one sentence for a person, a traceback on request.
        if _debugging(argv):
            raise
        failed = CommandFailed(
            f"Something went wrong: {type(error).__name__}: {error}", remedy="run it with --debug for the traceback"
        )
        note(f"error: {failed}")
        return failed.exit
    return Exit.OK


def _debugging(argv: Sequence[str] | None) -> bool:
    given = sys.argv[1:] if argv is None else argv
    return "--debug" in given or os.environ.get("VESTIBULE_DEBUG", "") not in ("", "0", "false")
