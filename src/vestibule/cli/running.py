"""Run something in this process until a signal: the first SIGTERM or Ctrl-C stops it in order, a second one at once.

Knows nothing of what it runs: `start` puts everything that has to be ended on the stack. The deadline begins with
the first signal; a process that is still there when it is over is ended, whatever it hangs in.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from vestibule.cli.exits import Exit
from vestibule.cli.output import note
from vestibule.deadline import Deadline
from vestibule.sockets.loop import loop_factory

Start = Callable[[AsyncExitStack], Awaitable[None]]

_LAST_SHARE = 0.97
"""Of the time from the signal to the end of the process; ending it takes the rest."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def run_until_signal(start: Start, deadline: Deadline) -> None:
    """Run on the door's own event loop; returns when everything on the stack has ended."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_run(start, deadline))


async def _run(start: Start, deadline: Deadline) -> None:
    wanted = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, _signalled, wanted, deadline)
    async with AsyncExitStack() as stack:
        starting = loop.create_task(_started(start, stack), name="cli:start")
        stopping = loop.create_task(wanted.wait(), name="cli:stop")
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await stopping
        finally:
            starting.cancel()
            stopping.cancel()
            await asyncio.gather(starting, stopping, return_exceptions=True)


async def _started(start: Start, stack: AsyncExitStack) -> None:
    await start(stack)


def _signalled(wanted: asyncio.Event, deadline: Deadline) -> None:
    if wanted.is_set():
        os._exit(Exit.INTERRUPTED)  # children are on a leash and go with us
    wanted.set()
    deadline.begin()
    last = threading.Timer(_LAST_SHARE * deadline.within_s, _too_late)
    last.daemon = True
    last.start()
    note("Stopping. Once more to stop at once.")


def _too_late() -> None:
    """A thread's business: the loop itself, or a thread it waits for, may be what hangs."""
    note("Not everything ended in time.")
    os._exit(Exit.FAILED)
