"""The folder of one owner's gateway: its state, its home, its configuration, its logs.

Knows where things are and keeps them private; what stands in the configuration is config.py's.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from vestibule.errors import BadConfiguration
from vestibule.launchers.pidfile import PidFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vestibule.launchers.config import Config


@dataclass(frozen=True, slots=True)
class Folder:
    """Where one owner's gateway keeps what it has."""

    path: Path

    @classmethod
    def of(cls, home: Path, owner: str) -> Folder:
        """The owner's folder; an owner's id may hold anything."""
        return cls(home / "gateways" / quote(owner, safe="@+=").replace(".", "%2E"))

    @property
    def home(self) -> Path:
        """The gateway's HOME: it shares no dotfile with whoever runs the door."""
        return self.path / "home"

    @property
    def workspace(self) -> Path:
        """Where its agents work, unless the owner chose another place."""
        return self.path / "workspace"

    @property
    def state(self) -> Path:
        """OpenClaw's own state."""
        return self.path / "state"

    @property
    def config_file(self) -> Path:
        """OpenClaw's configuration, the owner's to edit."""
        return self.state / "openclaw.json"

    @property
    def log_file(self) -> Path:
        """OpenClaw's log."""
        return self.path / "gateway.log"

    @property
    def output_file(self) -> Path:
        """What the last start printed."""
        return self.path / "output.log"

    @property
    def pid_file(self) -> PidFile:
        """Names the running process, for the next Vestibule if this one dies with it."""
        return PidFile(self.path / "gateway.pid")

    def make(self) -> None:
        """Create what is missing, closed to everybody else."""
        for folder in (self.path, self.state, self.home, self.workspace):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def read_config(self) -> Config | None:
        """The configuration there is, or None. Raises BadConfiguration for one that is not plain JSON."""
        try:
            found: Any = json.loads(self.config_file.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except ValueError as error:
            found = error
        if not isinstance(found, dict):
            raise BadConfiguration(
                f"{self.config_file} is not a plain JSON object.",
                remedy="Take comments and trailing commas out of it, or move it away to get a fresh one.",
            )
        return found

    def write_config(self, content: Config) -> None:
        """Replace the configuration in one step; it holds the token, so it is the owner's alone."""
        new = self.config_file.with_suffix(".new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
        new.replace(self.config_file)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else runs this gateway meanwhile. Ends with the process, so a crash leaves nothing to clean up."""
        self.make()
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BadConfiguration(
                    "Another Vestibule already runs this gateway.",
                    remedy=f"Stop it, or give this one another VESTIBULE_HOME: both use {self.path}.",
                ) from None
            yield
