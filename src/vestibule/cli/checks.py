"""What `vestibule doctor` looks at on this machine, one function a check.

Changes nothing that a start would not change anyway; asks no gateway and no server (doctor.py does).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from vestibule.errors import VestibuleError
from vestibule.settings import ENV_PREFIX, MIB, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from vestibule.cli.serverfile import ServerFile

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)
_NOT_SETTINGS = frozenset({"VESTIBULE_URL", "VESTIBULE_TOKEN", "VESTIBULE_DEBUG"})
_SPACE_LOW_BYTES, _SPACE_NONE_BYTES = 1_000 * MIB, 100 * MIB
_SPARE_DESCRIPTORS = 256
_CLOCK_BACK_S = 300
_BUILT_AT = 1_790_000_000  # September 2026: no clock that is right says less


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    name: str
    level: Level
    text: str
    remedy: str = ""


def ok(name: str, text: str) -> Check:
    """All is well."""
    return Check(name, Level.OK, text)


def warn(name: str, text: str, remedy: str) -> Check:
    """It works, and may not for long, or not for everything."""
    return Check(name, Level.WARN, text, remedy)


def fail(name: str, text: str, remedy: str) -> Check:
    """It will not work."""
    return Check(name, Level.FAIL, text, remedy)


def counted(number: int, what: str) -> str:
    """`1 user`, `2 users`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def python() -> Check:
    """Python's version."""
    text = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return fail("python", text, f"install Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer")
    return ok("python", text)


async def openclaw(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[Check]:
    """OpenClaw, and what installing it needs."""
    from vestibule.launchers.install import Package, cache_folder, installed, on_path

    cache = cache_folder(settings.cache_dir)
    found = installed(cache, Package.of(settings.openclaw_version)) or await on_path(environ, cache=cache)
    if found is not None:
        place = "in the cache" if found.bin_folder is not None else "on PATH"
        return [ok("openclaw", f"{found.version}, {place}")]
    node = shutil.which("node", path=environ.get("PATH"))
    npm = shutil.which("npm", path=environ.get("PATH"))
    missing = warn("openclaw", "not installed yet", "`vestibule up` installs it on its first start")
    if npm is None or node is None:
        remedy = "install Node.js with npm, use `vestibule up --gateway URL`, or try `vestibule up --simulated`"
        return [missing, fail("node", "npm is not on PATH, and OpenClaw comes from npm", remedy)]
    version = await _version_of(node)
    text = ".".join(map(str, version)) or "unknown version"
    if version < OLDEST_NODE:
        return [missing, fail("node", text, f"install Node.js {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or newer")]
    return [missing, ok("node", f"{text}, with npm")]


async def _version_of(node: str) -> tuple[int, ...]:
    try:
        child = await asyncio.create_subprocess_exec(node, "--version", stdout=asyncio.subprocess.PIPE)
        output, _ = await child.communicate()
        return tuple(int(part) for part in output.decode().strip().removeprefix("v").split("."))
    except (OSError, ValueError):
        return ()


def state_folder(settings: Settings) -> Check:
    """The state folder can be written."""
    home = settings.home
    nearest = _nearest(home)
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        remedy = "make it writable for this user, or set VESTIBULE_HOME to another folder"
        return fail("state folder", f"{nearest}: {error.strerror or error}", remedy)
    if nearest != home:
        return ok("state folder", f"{home} (will be made)")
    if os.name == "posix" and home.stat().st_mode & 0o077:
        return warn("state folder", f"{home} can be read by others", f"chmod 700 {home}")
    return ok("state folder", str(home))


def disk_space(settings: Settings) -> Check:
    """There is room on the disk."""
    free = shutil.disk_usage(_nearest(settings.home)).free
    text = f"{free // MIB} MiB free"
    remedy = "free some space, or set VESTIBULE_HOME to a folder on another disk"
    if free < _SPACE_NONE_BYTES:
        return fail("disk space", text, remedy)
    return warn("disk space", text, remedy) if free < _SPACE_LOW_BYTES else ok("disk space", text)


def _nearest(path: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


async def database(settings: Settings) -> Check:
    """The directory opens, and its tables are as they should be."""
    from vestibule.bus.memory import MemoryBus
    from vestibule.directory import SecretKey, open_directory

    url = settings.database_url.get_secret_value()
    kind = url.partition(":")[0] or "sqlite"
    if not url and not (settings.home / "vestibule.db").exists():
        return ok("database", "SQLite in the state folder (made when something is to be kept)")
    try:
        key = await asyncio.to_thread(SecretKey.load, settings.home, settings.secret_key.get_secret_value())
        directory = open_directory(url, home=settings.home, key=key, bus=MemoryBus())
        try:
            await directory.start()
            routes, members = len(await directory.routes()), len(await directory.members())
        finally:
            await directory.close()
    except VestibuleError as error:
        return fail("database", error.message, error.remedy or "look at the database server's log")
    return ok("database", f"{kind}, up to date: {counted(routes, 'gateway')}, {counted(members, 'user')}")


def secret_key(settings: Settings) -> Check:
    """The key that signs tokens and seals gateway secrets."""
    from vestibule.directory import SecretKey

    configured = settings.secret_key.get_secret_value()
    path = settings.home / "secret.key"
    if not configured and not path.exists():
        return ok("secret key", "will be made at the first start")
    try:
        SecretKey.load(settings.home, configured)
    except VestibuleError as error:
        return fail("secret key", error.message, error.remedy or "")
    if configured:
        return ok("secret key", "from the settings")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        return warn("secret key", f"{path} can be read by others", f"chmod 600 {path}")
    return ok("secret key", str(path))


def port(settings: Settings, server: ServerFile | None) -> Check:
    """The port is free, or ours."""
    where = f"{settings.host}:{settings.port}"
    if settings.port == 0:
        return ok("port", "a free one is picked")
    if server is not None and server.url.endswith(f":{settings.port}"):
        return ok("port", f"{where}, used by the running server")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            remedy = f"stop what uses it (`lsof -i :{settings.port}` names it), or set VESTIBULE_PORT to another port"
            return fail("port", f"{where}: {error.strerror or error}", remedy)
    return ok("port", f"{where} is free")


def descriptors(settings: Settings) -> Check:
    """As many open files as clients are allowed."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return ok("open files", "no limit")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.max_connections + _SPARE_DESCRIPTORS
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return ok("open files", f"limit {soft}")
    how = (
        f"`ulimit -n {wanted}` before the start"
        if hard == resource.RLIM_INFINITY or hard >= wanted
        else (f"`LimitNOFILE={wanted}` in the service file")
    )
    return warn("open files", f"limit {soft}: fewer clients than max_connections ({settings.max_connections})", how)


def clock(settings: Settings, *, now: float | None = None) -> Check:
    """Tokens begin and end by this machine's clock."""
    now = time.time() if now is None else now
    text = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    remedy = "set it, best by NTP (`timedatectl set-ntp true`)"
    if now < _BUILT_AT:
        return fail("clock", f"{text} is in the past", remedy)
    newest = max((path.stat().st_mtime for path in _files(settings.home)), default=0.0)
    if newest > now + _CLOCK_BACK_S:
        return warn("clock", f"{text}, but files in the state folder are newer", remedy)
    return ok("clock", text)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else iter(())


def unknown_settings(environ: Mapping[str, str] = os.environ) -> list[Check]:
    """Misspelt settings in the environment, which nobody would ever hear of otherwise."""
    known = {f"{ENV_PREFIX}{name.upper()}" for name in Settings.model_fields} | _NOT_SETTINGS
    return [
        warn("settings", f"{name} is not a setting", "see `vestibule settings` for their names")
        for name in sorted(environ)
        if name.upper().startswith(ENV_PREFIX) and name.upper() not in known
    ]
