"""The Chromium of this machine, installed from Debian where there is none yet.

Never skips: what cannot be had is one clear line.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
INSTALL_S = 600
HOW = "Install one (Debian: apt-get install chromium) or name it: CHROMIUM=/path/to/chromium"


class NoChromium(Exception):
    """There is none, and none could be installed; the message says what helps."""


def chromium(say: Callable[[str], None]) -> str:
    """Where Chromium is. Raises NoChromium."""
    if named := os.environ.get("CHROMIUM"):
        if found := shutil.which(named):
            return found
        raise NoChromium(f"CHROMIUM={named} is not a program.")
    if found := _found():
        return found
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise NoChromium(f"The browser tests need Chromium. {HOW}")
    say("installing Chromium from Debian, once")
    _apt("update")
    _apt("install", "-y", "--no-install-recommends", "chromium")
    if found := _found():
        return found
    raise NoChromium(f"apt-get installed no Chromium that is on the PATH. {HOW}")


def _found() -> str | None:
    on_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    return on_path or (str(MAC) if MAC.exists() else None)


def _apt(*args: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    ran = subprocess.run(
        ["apt-get", "-q", *args], env=environ, capture_output=True, text=True, timeout=INSTALL_S, check=False
    )
    if ran.returncode != 0:
        last = (ran.stderr.strip() or ran.stdout.strip() or "no word").splitlines()[-1]
        raise NoChromium(f"apt-get {args[0]} did not work: {last} {HOW}")
