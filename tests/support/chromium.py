"""The Chromium of this machine, installed from Debian where there is none yet.

Never skips: what cannot be had is one clear line.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from support.apt import NotInstalled, install

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
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
    say("installing Chromium from Debian, once")
    try:
        install("chromium")
    except NotInstalled as error:
        raise NoChromium(f"The browser tests need Chromium. {error} {HOW}") from None
    if found := _found():
        return found
    raise NoChromium(f"apt-get installed no Chromium that is on the PATH. {HOW}")


def _found() -> str | None:
    on_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    return on_path or (str(MAC) if MAC.exists() else None)
