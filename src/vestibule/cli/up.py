"""`vestibule up` and `vestibule serve`: the door for yourself, and the door for others.

Composes; the work is done by the replica, the launcher, the demo model and the simulated gateway.
"""

from __future__ import annotations

import os
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from vestibule.cli import serverfile
from vestibule.cli.exits import CommandFailed, Exit
from vestibule.cli.options import Config, Home
from vestibule.cli.output import note, read_secret, say
from vestibule.cli.running import Start, run_until_signal
from vestibule.deadline import Deadline
from vestibule.settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from vestibule.app import Replica
    from vestibule.launchers.local import LocalLauncher
    from vestibule.model import Route

Host = Annotated[str | None, typer.Option("--host", help="Address to listen on.", show_default=False)]
Port = Annotated[int | None, typer.Option("--port", help="Port; 0 picks a free one.", show_default=False)]

LOCAL = "local"
"""The one owner, and its one member, of `vestibule up`."""
_RUNNER = "door"
"""Whom the token in server.json of `vestibule serve` is for: it runs the door and has no gateway."""
_DEMO = "demo"


def up(
    simulated: Annotated[
        bool,
        typer.Option(
            "--simulated", help="A simulated gateway instead of OpenClaw: ready in two seconds, nothing is kept."
        ),
    ] = False,
    gateway: Annotated[
        str | None,
        typer.Option("--gateway", help="In front of this gateway, which already runs: ws://127.0.0.1:18789."),
    ] = None,
    gateway_token: Annotated[str | None, typer.Option("--gateway-token", help="Its token.", show_default=False)] = None,
    gateway_token_stdin: Annotated[
        bool, typer.Option("--gateway-token-stdin", help="Read its token from stdin.")
    ] = False,
    host: Host = None,
    port: Port = None,
    browser: Annotated[bool, typer.Option("--browser", help="Open the sign-in link in a browser.")] = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """Run the door for yourself: one user, one gateway, one link to sign in.

    Starts a real OpenClaw gateway (installed on first use), or stands in front of the one you have.
    """
    if simulated and gateway:
        raise CommandFailed("Either --simulated or --gateway, not both.", exit=Exit.USAGE)
    settings = load(config, host=host, port=port, home=home)
    refuse_second(settings)
    token = read_secret("token") if gateway_token_stdin else gateway_token or ""
    route = _route(gateway, token) if gateway else None
    deadline = Deadline(settings.shutdown_timeout_s)

    async def start(stack: AsyncExitStack) -> None:
        if route:
            replica = await _in_front_of(stack, settings, deadline, route)
        elif simulated:
            replica = await _simulated(stack, settings, deadline)
        else:
            replica = await _with_openclaw(stack, settings, deadline)
        server = await stack.enter_async_context(announced(replica, member=LOCAL))
        _greet(server, browser=browser)

    _run(settings, start, deadline)


def serve(config: Config = None, host: Host = None, port: Port = None, home: Home = None) -> None:
    """Run the door for others: owners, gateways and users from the directory, settings from a file."""
    settings = load(config, host=host, port=port, home=home)
    refuse_second(settings)
    deadline = Deadline(settings.shutdown_timeout_s)

    async def start(stack: AsyncExitStack) -> None:
        replica = await _replica(stack, settings, deadline)
        server = await stack.enter_async_context(announced(replica, member=_RUNNER))
        say(f"Vestibule listens on {server.url}")
        if not await replica.directory.routes():
            note("Nobody has a gateway yet: vestibule gateway add OWNER --url ws://… ; vestibule user add OWNER")

    _run(settings, start, deadline)


def refuse_second(settings: Settings) -> None:
    """One server per state folder. Raises CommandFailed."""
    other = serverfile.running(settings.home)
    if other is not None:
        raise CommandFailed(
            f"A server already runs here: {other.url} (process {other.pid}).",
            remedy="stop it first, or give this one another VESTIBULE_HOME and VESTIBULE_PORT",
        )


@asynccontextmanager
async def announced(replica: Replica, *, member: str) -> AsyncIterator[serverfile.ServerFile]:
    """`server.json` for a replica that is ready; its token is for `member` and administers the door."""
    issued = await replica.authenticator.issue(member, runs_door=True)
    server = serverfile.ServerFile(os.getpid(), replica.url, replica.ws_url, issued.token)
    server.write(replica.settings.home)
    try:
        yield server
    finally:
        server.remove(replica.settings.home)


def _run(settings: Settings, start: Start, deadline: Deadline) -> None:
    from vestibule.telemetry import log

    log.configure(level=settings.log_level, style=settings.log_format)
    run_until_signal(start, deadline)


async def _replica(
    stack: AsyncExitStack, settings: Settings, deadline: Deadline, launcher: LocalLauncher | None = None
) -> Replica:
    from vestibule.app import Replica

    return await stack.enter_async_context(Replica(settings, launcher=launcher, deadline=deadline))


def _route(url: str, token: str) -> Route:
    """Where the gateway that already runs is. Raises ClientFault, before anything is started."""
    from vestibule.directory.administration import route_from

    return route_from({"owner": LOCAL, "url": url, "token": token})


async def _in_front_of(stack: AsyncExitStack, settings: Settings, deadline: Deadline, route: Route) -> Replica:
    replica = await _replica(stack, settings, deadline)
    await _own(replica)
    stored = await replica.directory.put_route(route)
    found = await replica.check(stored)
    if not found.ok:
        note(f"The gateway is not usable yet: {found.error} {found.remedy or ''}".rstrip())
    return replica


async def _simulated(stack: AsyncExitStack, settings: Settings, deadline: Deadline) -> Replica:
    from pydantic import SecretStr

    from vestibule.directory import IN_MEMORY
    from vestibule.model import Route, Secret
    from vestibule.testing import SimulatedGateway, demo_script

    if not settings.database_url.get_secret_value():  # its gateway is gone with the process, and so is all of this
        settings = settings.model_copy(update={"database_url": SecretStr(IN_MEMORY)})
    simulated = await stack.enter_async_context(SimulatedGateway(settings.gateway_port, answers=demo_script))
    replica = await _replica(stack, settings, deadline)
    await _own(replica)
    await replica.directory.put_route(Route(LOCAL, simulated.url, token=Secret(simulated.token)))
    await replica.pair(LOCAL)
    return replica


async def _with_openclaw(stack: AsyncExitStack, settings: Settings, deadline: Deadline) -> Replica:
    from vestibule.cli.progress import InstallProgress, StartProgress  # rich's displays: for this road only
    from vestibule.launchers import install
    from vestibule.launchers.config import ModelProvider, model_for
    from vestibule.launchers.local import LocalLauncher
    from vestibule.testing import DemoModel

    cache = install.cache_folder(settings.cache_dir)
    with InstallProgress() as progress:
        openclaw = await install.ensure(cache, settings.openclaw_version, report=progress)
    model = await stack.enter_async_context(DemoModel())
    running: list[Replica] = []

    async def abort_runs(owner: str) -> None:
        for replica in running:
            await replica.abort_runs(owner)

    launcher = LocalLauncher(
        settings.home,
        openclaw,
        providers=(ModelProvider(_DEMO, model.base_url),),
        port=settings.gateway_port,
        before_stop=abort_runs,
        stop_timeout_s=settings.shutdown_timeout_s,
    )
    replica = await _replica(stack, settings, deadline, launcher)
    running.append(replica)
    await _own(replica)
    with StartProgress(launcher, LOCAL):
        await replica.launch(LOCAL)
    if not model_for(os.environ):
        note("No OPENAI_API_KEY or ANTHROPIC_API_KEY here: a small built-in demo model answers.")
    return replica


async def _own(replica: Replica) -> None:
    from vestibule.model import Member

    await replica.directory.put_member(Member(LOCAL, LOCAL))


def _greet(server: serverfile.ServerFile, *, browser: bool) -> None:
    """Print the sign-in link, and open it where that is wanted."""
    link = f"{server.url}/#token={server.token}"  # a fragment: it reaches no server and no log
    say(
        f"\nVestibule is ready. Sign in:\n\n  {link}\n\n"
        'Or, in another terminal: vestibule chat "hi". Ctrl-C stops it all.'
    )
    if browser:
        typer.launch(link)
