"""Run npm: find it, bound its waiting, and say in one line what went wrong.

Knows nothing of OpenClaw and never chooses a registry: npm's own configuration does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
from typing import TYPE_CHECKING

from vestibule.errors import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

OLDEST_NPM = (8, 0)
"""First npm that both reads lock files of version 3 and installs by them without addresses in them."""

_QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--no-progress")
_FETCHED = re.compile(rb"npm http fetch GET \S+ \S+\.tgz ")
_TAIL_LINES = 12


class InstallFailed(BadConfiguration):
    """OpenClaw could not be installed; `remedy` says what helps."""

    def __init__(self, message: str, *, remedy: str, npm_code: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.npm_code = npm_code
        """npm's own error code (`E404`, `ENOSPC`, ...), where it gave one."""


_UNREACHABLE = (
    *("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT"),
    *("ENETUNREACH", "EHOSTUNREACH", "EPIPE", "ENETWORK"),
)
_TLS = ("CERT_", "SELF_SIGNED", "UNABLE_TO_", "DEPTH_ZERO", "ERR_TLS")
_REACH = (
    "Check the network, HTTPS_PROXY and `npm config get registry`, then run it again; "
    "`vestibule up --simulated` works without."
)


def failure(output: str, *, exit_code: int, folder: Path) -> InstallFailed:
    """What npm's output means, in one line with a remedy."""
    codes = re.findall(r"npm (?:error|ERR!) (?:code|errno) (\S+)", output)
    code = next(iter(codes), "")
    if code in _UNREACHABLE or "ERR_SOCKET_TIMEOUT" in output or "network timeout" in output:
        return InstallFailed(f"npm cannot reach its registry ({code or 'timeout'}).", remedy=_REACH, npm_code=code)
    if code.startswith(_TLS):
        return InstallFailed(
            f"npm cannot reach its registry: the certificate is not trusted ({code}).",
            remedy="Set `npm config set cafile <file>` or NODE_EXTRA_CA_CERTS to your network's certificate.",
            npm_code=code,
        )
    if code in ("E401", "E403"):
        return InstallFailed(
            f"npm's registry refuses to answer ({code}).",
            remedy="Check `npm config get registry` and the credentials in ~/.npmrc.",
            npm_code=code,
        )
    if code in ("E404", "ETARGET"):
        return InstallFailed(
            "npm's registry does not have a package that is needed.",
            remedy="Check `npm config get registry` and VESTIBULE_OPENCLAW_VERSION. npm said: " + _last_line(output),
            npm_code=code,
        )
    if code == "ENOSPC" or "no space left" in output.lower():
        return InstallFailed(
            f"The disk of {folder} is full.",
            remedy="Free about 1.5 GB there, or set VESTIBULE_CACHE_DIR to another folder.",
            npm_code="ENOSPC",
        )
    if code in ("EACCES", "EPERM", "EROFS"):
        return InstallFailed(
            f"npm may not write to {folder} or to its own cache ({code}).",
            remedy="Set VESTIBULE_CACHE_DIR to a folder of yours; `npm config get cache` shows npm's.",
            npm_code=code,
        )
    if code == "EINTEGRITY":
        return InstallFailed(
            "A downloaded package is not the one that was locked.",
            remedy="Run `npm cache clean --force` and try again; if it comes back, distrust the registry in use.",
            npm_code=code,
        )
    tail = "\n".join(output.strip().splitlines()[-_TAIL_LINES:])
    return InstallFailed(f"npm failed (exit {exit_code}).", remedy=f"Its last lines:\n{tail}", npm_code=code)


def _last_line(output: str) -> str:
    """The last thing npm said of itself, without its prefix."""
    said = re.findall(r"^npm (?:error|ERR!) (?:\d+ +)?(\S.*)$", output, re.MULTILINE)
    said = [line for line in said if not line.startswith(("A complete log", "code ")) and " " in line]
    return said[-1] if said else ""


class Npm:
    """The npm of this machine, run with one environment."""

    def __init__(self, command: str, env: Mapping[str, str]) -> None:
        self._command = command
        self._env = dict(env)

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> Npm:
        """The npm on PATH. Raises InstallFailed when there is none."""
        if (command := shutil.which("npm", path=environ.get("PATH"))) is None:
            raise InstallFailed(
                "npm was not found, and OpenClaw comes from npm.",
                remedy="Install Node.js with npm (Debian: `apt install npm`, macOS: `brew install node`), "
                "or try `vestibule up --simulated`.",
            )
        return cls(command, environ)

    def with_node(self, folder: Path) -> Npm:
        """The same npm, which finds the `node` in `folder` first, as do the scripts of what it installs."""
        return Npm(self._command, {**self._env, "PATH": f"{folder}{os.pathsep}{self._env.get('PATH', os.defpath)}"})

    async def check(self, folder: Path) -> None:
        """Raises InstallFailed for an npm that is too old or does not run."""
        text = (await self.run("--version", folder=folder)).strip()
        found = tuple(int(part) for part in re.findall(r"\d+", text)[:2])
        if found < OLDEST_NPM:
            wanted = ".".join(map(str, OLDEST_NPM))
            raise InstallFailed(
                f"npm {text} is too old.", remedy=f"Install npm {wanted} or newer (`npm install -g npm`)."
            )

    async def reach(self, package: str, folder: Path) -> None:
        """Ask the registry for one package, impatiently: a dead network shows in seconds, not in minutes."""
        impatient = ("--fetch-timeout=15000", "--fetch-retries=1", "--fetch-retry-mintimeout=500")
        await self.run("view", package, "version", *impatient, "--fetch-retry-maxtimeout=1000", folder=folder)

    async def run(self, *arguments: str, folder: Path, fetched: Callable[[int], None] | None = None) -> str:
        """Run npm in `folder` and return what it printed; `fetched` is told each further package's number.

        Cancelled, it takes npm and everything npm started with it.
        """
        child = await asyncio.create_subprocess_exec(
            self._command,
            *arguments,
            *_QUIET,
            f"--loglevel={'http' if fetched else 'error'}",  # a line for every file fetched: the progress
            cwd=folder,
            env=self._env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        assert child.stdout is not None
        printed: list[bytes] = []
        packages = 0
        try:
            async for line in child.stdout:
                if fetched and _FETCHED.match(line):
                    packages += 1
                    fetched(packages)
                elif not line.startswith(b"npm http"):
                    printed.append(line)
            await child.wait()
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
            raise
        output = b"".join(printed).decode("utf-8", "replace")
        if child.returncode:
            raise failure(output, exit_code=child.returncode, folder=folder)
        return output
