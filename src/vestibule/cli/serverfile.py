"""`server.json` in the state folder: where the running server is, for scripts and for this command line.

Written in one step and readable by its user only, because the token in it runs the door. Removed only by the
process that wrote it. A file whose process is gone is stale and counts as none.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from vestibule.errors import StorageFault

if TYPE_CHECKING:
    from pathlib import Path

NAME = "server.json"


@dataclass(frozen=True, slots=True)
class ServerFile:
    """What the file says."""

    pid: int
    url: str
    """The HTTP address."""
    ws_url: str
    token: str = field(repr=False)
    """Bearer token of the local user; administers the door."""

    @property
    def is_stale(self) -> bool:
        """Whether the process that wrote it is gone."""
        return not _alive(self.pid)

    def write(self, home: Path) -> None:
        """Replace the file in `home`. Raises StorageFault."""
        path = home / NAME
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(prefix=f".{NAME}.", dir=home)  # mode 0600
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(asdict(self), file, indent=2)
                    file.write("\n")
                os.replace(temporary, path)
            except BaseException:
                os.unlink(temporary)
                raise
        except OSError as error:
            raise StorageFault(
                f"{path} cannot be written: {error.strerror or error}.",
                remedy="make the folder writable, free some space, or set VESTIBULE_HOME",
            ) from error

    def remove(self, home: Path) -> None:
        """Remove the file if it is still this one: a server started later may have replaced it."""
        if read(home) == self:
            (home / NAME).unlink(missing_ok=True)


def read(home: Path) -> ServerFile | None:
    """The file in `home`, stale or not; None if there is none that can be read."""
    try:
        content = json.loads((home / NAME).read_text("utf-8"))
        pid = content["pid"]
        texts = [content[name] for name in ("url", "ws_url", "token")]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(pid, int) or pid <= 0 or not all(isinstance(text, str) for text in texts):
        return None
    return ServerFile(pid, *texts)


def running(home: Path) -> ServerFile | None:
    """The server that runs in `home`, or None."""
    found = read(home)
    return None if found is None or found.is_stale else found


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
