"""On what a run was made: numbers without it cannot be compared."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bench.processes import PROC, read

_ROAD = ("picows", "aiofastnet", "uvloop", "msgspec", "uvicorn", "fastapi", "websockets")
_NODE_RELAY = Path(__file__).parent / "relays" / "node" / "package.json"


def described() -> str:
    """Date, commit, machine, versions and load, in one paragraph."""
    now = datetime.now(UTC).date().isoformat()
    load = " ".join(f"{each:.2f}" for each in os.getloadavg())
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _ROAD)
    return (
        f"{now}, commit {_said('git', 'describe', '--always', '--dirty')}; {os.cpu_count()} x {_processor()}, "
        f"{platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, Node {_said('node', '--version').lstrip('v')}, "
        f"ws {json.loads(_NODE_RELAY.read_text())['dependencies']['ws']}, nginx {_nginx()}; "
        f"{versions}; load average {load}."
    )


def _processor() -> str:
    for line in read(PROC / "cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _nginx() -> str:
    """`nginx version: nginx/1.22.1` is all it says."""
    return _said("nginx", "-v").rpartition("/")[2]


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return (done.stdout or done.stderr).strip()
