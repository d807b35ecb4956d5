"""Programs that tests need and Debian has: installed where there are none yet.

Never skips: what cannot be had is one clear line.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

INSTALL_S = 600
ONE_AT_A_TIME = Path(tempfile.gettempdir()) / "vestibule-tests-apt.lock"
"""Test processes run beside each other; apt-get refuses to."""


class NotInstalled(Exception):
    """There is none, and none could be installed; the message says why."""


def install(package: str) -> None:
    """Install it from Debian, as root. Raises NotInstalled."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise NotInstalled(f"{package} is not installed, and only root can install it, on Debian.")
    with ONE_AT_A_TIME.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", package)


def _apt(*args: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    ran = subprocess.run(
        ["apt-get", "-q", *args], env=environ, capture_output=True, text=True, timeout=INSTALL_S, check=False
    )
    if ran.returncode != 0:
        last = (ran.stderr.strip() or ran.stdout.strip() or "no word").splitlines()[-1]
        raise NotInstalled(f"apt-get {args[0]} did not work: {last}")
