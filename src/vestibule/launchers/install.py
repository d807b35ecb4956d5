"""Find OpenClaw on this machine, or install it with its own Node into the user's cache folder.

Never touches a global npm folder or a system Node; a half-finished installation never counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import platform
import re
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vestibule.launchers.npm import InstallFailed, Npm

SHIPPED_VERSION = "2026.9.6"
"""What the lock files beside this module install.

Also the oldest OpenClaw taken from PATH: its wire, its configuration keys and its readiness probe
are the ones the tests run against. An older one wants another Node and other settings.
"""
SHIPPED_LOCK = Path(__file__).parent / "locks"
_SPACE_NEEDED = 1_500_000_000
"""Bytes: 0.8 GB installed, the rest passes through npm's cache on the same disk."""
_LOCK_POLL_S = 0.3
_PROBE_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Package:
    """An OpenClaw to install. `lock` holds `node/` and `openclaw/`, each a package.json with its lock file."""

    version: str = SHIPPED_VERSION
    lock: Path | None = None

    @classmethod
    def of(cls, version: str) -> Package:
        """The package of a version: locked to the last file if it is the shipped one, else by exact version."""
        return cls(version, SHIPPED_LOCK if version == SHIPPED_VERSION else None)


@dataclass(frozen=True, slots=True)
class OpenClaw:
    """An OpenClaw that can be started."""

    version: str
    command: tuple[str, ...]
    """Absolute; the gateway's arguments follow."""
    bin_folder: Path | None = None
    """Holds its Node; goes first on PATH. None: the PATH there is does."""
    compile_cache: Path | None = None
    """Shared by all gateways of this version: a start takes 9 s instead of 20 s."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an installation is."""

    phase: str
    elapsed_s: float
    done: int = 0
    total: int = 0
    """Packages; 0 when nobody can know."""


Report = Callable[[Progress], None]


def cache_folder(chosen: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder things are kept in that can be fetched again."""
    if chosen is not None:
        return chosen.expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/vestibule"
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vestibule"


async def ensure(
    cache: Path, version: str, *, report: Report = lambda _progress: None, environ: Mapping[str, str] = os.environ
) -> OpenClaw:
    """OpenClaw from PATH if it is new enough, else from the cache, else from npm."""
    package = Package.of(version)
    if found := installed(cache, package) or await on_path(environ, cache=cache):
        return found
    return await install(cache, package, report=report, environ=environ)


def installed(cache: Path, package: Package) -> OpenClaw | None:
    """What an earlier run installed, or None."""
    folder = cache / "openclaw" / package.version
    entry = folder / "node_modules/openclaw/openclaw.mjs"
    own_node = folder / "node/node_modules/.bin/node"
    if not entry.is_file():
        return None
    compile_cache = cache / "compile" / package.version
    if own_node.exists():
        return OpenClaw(package.version, (str(own_node), str(entry)), own_node.parent, compile_cache)
    node = shutil.which("node")  # a platform npm has no Node for: the system's was checked when installing
    return OpenClaw(package.version, (node, str(entry)), Path(node).parent, compile_cache) if node else None


async def on_path(environ: Mapping[str, str], *, cache: Path) -> OpenClaw | None:
    """The OpenClaw on PATH if both it and its Node are new enough, or None."""
    command = shutil.which("openclaw", path=environ.get("PATH"))
    node = shutil.which("node", path=environ.get("PATH"))
    if command is None or node is None or not node_suffices(await _output(environ, node, "--version")):
        return None
    version = _version(await _output(environ, command, "--version"))
    if version is None or version < (_version(SHIPPED_VERSION) or ()):
        return None
    text = ".".join(map(str, version))
    return OpenClaw(text, (command,), None, cache / "compile" / text)


def node_suffices(text: str) -> bool:
    """Whether `node --version` printed a version OpenClaw runs on: 24.16 or newer of 24, or 26.1 and newer."""
    version = _version(text)
    return version is not None and ((24, 16) <= version < (25,) or version >= (26, 1))


async def install(
    cache: Path,
    package: Package,
    *,
    report: Report = lambda _progress: None,
    environ: Mapping[str, str] = os.environ,
    clock: Callable[[], float] = time.monotonic,
) -> OpenClaw:
    """Install into the cache, once, whoever asks. Raises InstallFailed with a remedy."""
    started = clock()

    def phase(text: str, done: int = 0, total: int = 0) -> None:
        report(Progress(text, clock() - started, done, total))

    if found := installed(cache, package):
        return found
    folder = cache / "openclaw"
    _writable(folder)
    async with _alone(folder / f"{package.version}.lock", lambda: phase("Waiting for another installation")):
        if found := installed(cache, package):
            return found
        _space(folder)
        partial = folder / f"{package.version}.partial"  # same disk, so that the rename at the end is atomic
        await asyncio.to_thread(shutil.rmtree, partial, ignore_errors=True)
        (partial / "node").mkdir(parents=True)
        phase("Asking npm")
        npm = Npm.find(environ)
        await npm.check(folder)
        await npm.reach(f"openclaw@{package.version}", folder)
        try:
            npm = npm.with_node(await _install_node(npm, partial / "node", package, phase))
            await _install_package(npm, partial, package, phase)
            phase("Putting it in place")
            partial.rename(folder / package.version)
        except OSError as error:
            raise _storage(folder, error) from error
        finally:
            await asyncio.to_thread(shutil.rmtree, partial, ignore_errors=True)
    if (found := installed(cache, package)) is None:
        raise InstallFailed("OpenClaw was installed but is not complete.", remedy=f"Remove {folder} and try again.")
    return found


async def _install_node(npm: Npm, target: Path, package: Package, phase: Callable[[str, int, int], None]) -> Path:
    """A Node from npm, checksums and all: no system package, no install script. Returns its folder."""
    # Before OpenClaw and apart from it: OpenClaw's own scripts refuse to run under an older Node.
    source = (package.lock or SHIPPED_LOCK) / "node"
    await _by_lock(npm, source, target, lambda done, total: phase("Installing Node", done, total))
    bin_folder = target / "node_modules/.bin"
    if (bin_folder / "node").exists():
        return bin_folder
    system = shutil.which("node")
    if system and node_suffices(await _output(os.environ, system, "--version")):
        return Path(system).parent
    raise InstallFailed(
        f"npm has no Node for this machine ({platform.system()} {platform.machine()}).",
        remedy="Install Node.js 24.16 or newer (or 26.1 or newer) and run it again.",
    )


async def _install_package(npm: Npm, target: Path, package: Package, phase: Callable[[str, int, int], None]) -> None:
    def tell(done: int, total: int) -> None:
        phase(f"Installing OpenClaw {package.version}", done, total)

    if package.lock is None:
        manifest = {"name": "vestibule-openclaw", "private": True, "dependencies": {"openclaw": package.version}}
        (target / "package.json").write_text(json.dumps(manifest))
        await npm.run("install", "--no-package-lock", folder=target, fetched=lambda done: tell(done, 0))
        return
    await _by_lock(npm, package.lock / "openclaw", target, tell)


async def _by_lock(npm: Npm, source: Path, target: Path, tell: Callable[[int, int], None]) -> None:
    """`npm ci` with the lock of `source`.

    A registry that lacks a locked version (a mirror, a withdrawn release) gets a second chance without
    the lock: the direct versions stay exact. A wrong checksum does not.
    """
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(source / name, target / name)
    total = _packages(source / "package-lock.json")
    tell(0, total)

    def fetched(done: int) -> None:
        tell(min(done, total), total)

    try:
        await npm.run("ci", "--prefer-offline", folder=target, fetched=fetched)
    except InstallFailed as error:
        if error.npm_code not in ("E404", "ETARGET"):
            raise
        (target / "package-lock.json").unlink()
        await npm.run("install", "--no-package-lock", folder=target, fetched=fetched)


def _packages(lock: Path) -> int:
    """How many packages a lock file puts on this machine, close enough for a progress bar."""
    machine = platform.machine().lower()
    cpu = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(machine, machine)
    packages: dict[str, dict[str, str | list[str]]] = json.loads(lock.read_text())["packages"]
    fits = [
        sys.platform in package.get("os", sys.platform) and cpu in package.get("cpu", cpu)
        for package in packages.values()
    ]
    return sum(fits) - 1  # the first is the folder itself


@contextlib.asynccontextmanager
async def _alone(path: Path, waiting: Callable[[], None]) -> AsyncIterator[None]:
    """Hold a file lock: two installations at once would ruin each other. It ends with the process."""
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waiting()
                await asyncio.sleep(_LOCK_POLL_S)
        yield


async def _output(environ: Mapping[str, str], *command: str) -> str:
    """What a command prints, or an empty text when it fails or hangs."""
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            env=dict(environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return ""
    try:
        async with asyncio.timeout(_PROBE_TIMEOUT_S):
            output, _ = await child.communicate()
    except TimeoutError:
        child.kill()
        await child.wait()
        return ""
    return "" if child.returncode else output.decode("utf-8", "replace")


def _version(text: str) -> tuple[int, ...] | None:
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    return tuple(map(int, found.groups())) if found else None


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".probe").touch()
        (folder / ".probe").unlink()
    except OSError as error:
        raise _storage(folder, error) from error


def _space(folder: Path) -> None:
    if (free := shutil.disk_usage(folder).free) < _SPACE_NEEDED:
        raise InstallFailed(
            f"OpenClaw needs 1.5 GB in {folder}; {free / 1e9:.1f} GB are free.",
            remedy="Free some space, or set VESTIBULE_CACHE_DIR to a folder on another disk.",
            npm_code="ENOSPC",
        )


def _storage(folder: Path, error: OSError) -> InstallFailed:
    return InstallFailed(
        f"{folder} cannot be written: {error.strerror or error}.",
        remedy="Make it writable, or set VESTIBULE_CACHE_DIR to another folder.",
    )
