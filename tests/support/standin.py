"""An OpenClaw for PATH that starts at once: a simulated gateway where the launcher expects the real one.

Run as `openclaw gateway`: it finds port and token where OpenClaw does, and ends with SIGTERM as OpenClaw does.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from vestibule.launchers.install import SHIPPED_VERSION
from vestibule.testing import Fault, SimulatedGateway

NEVER_ANSWERED = "cron.list"

_SOURCES = os.pathsep.join(str(Path(__file__).parents[n] / name) for n, name in ((1, ""), (2, "src")))
_SCRIPTS = {
    "node": "echo v24.16.0",
    "openclaw": f"""
if [ "$1" = --version ]; then echo {SHIPPED_VERSION}; exit; fi
PYTHONPATH='{_SOURCES}' exec '{sys.executable}' -m support.standin
""",
}


def put_on_path(folder: Path) -> str:
    """Write the commands into `folder`; the PATH with which they are found."""
    folder.mkdir(parents=True)
    for name, script in _SCRIPTS.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o700)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


async def main(config: dict[str, Any]) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with SimulatedGateway(config["port"], token=config["auth"]["token"]) as gateway:
        gateway.add_fault(Fault.NEVER_ANSWER, method=NEVER_ANSWERED)
        await ended.wait()


if __name__ == "__main__":
    content = json.loads(Path(os.environ["OPENCLAW_STATE_DIR"], "openclaw.json").read_text())
    asyncio.run(main(content["gateway"]))
