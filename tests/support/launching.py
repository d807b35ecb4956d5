"""A process that launches a gateway and can be killed: what happens to the gateway when Vestibule dies?

python -m support.launching HOME COMMAND...      prints each status as a line of JSON
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from vestibule.launchers.install import OpenClaw
from vestibule.launchers.local import LocalLauncher
from vestibule.telemetry.log import configure

if TYPE_CHECKING:
    from vestibule.launchers.port import LaunchStatus


async def main(home: Path, openclaw: OpenClaw) -> None:
    launcher = LocalLauncher(home, openclaw, quiet=True, first_pause_s=0.1)

    def tell(status: LaunchStatus) -> None:
        print(json.dumps({"state": status.state, "pid": launcher.pid(status.owner)}), flush=True)

    launcher.watch(tell)
    await launcher.start("ada")
    await asyncio.Event().wait()


if __name__ == "__main__":
    home, bin_folder, compile_cache, *command = sys.argv[1:]
    openclaw = OpenClaw("test", tuple(command), Path(bin_folder), Path(compile_cache))
    configure()  # to stderr: stdout is for the statuses
    asyncio.run(main(Path(home), openclaw))
