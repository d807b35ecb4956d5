"""`vestibule simulate`: gateways that are not there, faults included, to try things against."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from vestibule.cli.exits import CommandFailed, Exit
from vestibule.cli.output import note, table


def simulate(
    port: Annotated[int, typer.Option("--port", help="Port of all of them; 0 picks a free one.", min=0, max=65535)] = 0,
    gateways: Annotated[int, typer.Option("--gateways", help="How many.", min=1, max=100_000)] = 1,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    protocol: Annotated[int, typer.Option("--protocol", help="OpenClaw's wire: 3 or 4.", min=3, max=4)] = 4,
    token: Annotated[
        str, typer.Option("--token", help="Their token; with several, -1, -2, ... is added.")
    ] = "sim-token",
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help="What goes wrong (repeatable); --faults lists all.", show_default=False),
    ] = None,
    faulty: Annotated[
        int | None, typer.Option("--faulty", help="Only the first so many have the faults.", min=0, show_default=False)
    ] = None,
    faults: Annotated[bool, typer.Option("--faults", help="List the faults and end.")] = False,
) -> None:
    """Run simulated OpenClaw gateways until Ctrl-C.

    Prints a JSON line for each, as `vestibule gateway import` reads them.
    """
    from vestibule.testing.faults import HELP, Fault
    from vestibule.testing.simulate import simulate as run

    if faults:
        table(("FAULT", "WHAT HAPPENS"), ((name.value, text) for name, text in HELP.items()))
        return
    for name in fault or ():
        if name not in set(Fault):
            raise CommandFailed(
                f"There is no fault {name!r}.", remedy="`vestibule simulate --faults` lists them", exit=Exit.USAGE
            )
    if faulty is not None and not fault:
        raise CommandFailed("--faulty says how many have a --fault, and there is none.", exit=Exit.USAGE)
    if faulty is not None and faulty > gateways:
        raise CommandFailed(f"--faulty {faulty} is more than there are: --gateways {gateways}.", exit=Exit.USAGE)
    chosen = [Fault(each) for each in fault or ()]
    note(f"{gateways} simulated gateway{'s' if gateways > 1 else ''}. Ctrl-C ends it.")
    try:
        asyncio.run(run(gateways, host=host, port=port, protocol=protocol, token=token, faults=chosen, faulty=faulty))
    except OSError as error:
        raise CommandFailed(
            f"Cannot listen on {host}:{port}: {error.strerror or error}.", remedy="choose another --port"
        ) from None
