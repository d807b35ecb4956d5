"""The relays side by side: how each is started, reached and stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bench.generator import PROGRAMS, RELAY_CPU, pin
from bench.relays import nginx

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
VESTIBULE = Path(sys.executable).with_name("vestibule")
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 15.0


class NotStarted(Exception):
    """A relay is not there: why, and what to do."""


class Relay:
    """A relay that runs, pinned to its processor."""

    def __init__(self, name: str, command: list[str], port: int, folder: Path, env: Mapping[str, str] | None = None):
        self.name = name
        self.port = port
        self.tokens: Path | None = None
        """User k's token in line k; None: the token is the name."""
        self._log = folder / f"{name}.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})}
            )
        pin(self._process.pid, RELAY_CPU)
        self._await_port()

    @property
    def pid(self) -> int:
        """The root of its process tree."""
        return self._process.pid

    def target(self) -> dict[str, object]:
        """What the generator has to know of it."""
        known: dict[str, object] = {"relay": self.name, "port": self.port}
        return known if self.tokens is None else {**known, "tokens": self.tokens}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await_port(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise NotStarted(f"{self.name} did not start; its log: {self._log}\n{self._log.read_text()[-2000:]}")


Start = Callable[[int, Path, int], Relay]
"""From the gateways' port, a folder for what it writes, and the number of users."""


def s(gateway_port: int, folder: Path, _users: int) -> Relay:
    """The origin design."""
    port = free_port()
    gateway = f"ws://127.0.0.1:{gateway_port}/s/"
    command = [sys.executable, str(HERE / "s" / "relay.py"), "--port", str(port), "--gateway", gateway]
    return Relay("s", command, port, folder)


def node(gateway_port: int, folder: Path, _users: int) -> Relay:
    """The obvious relay in Node."""
    home = PROGRAMS / "node"
    if not (home / "node_modules" / "ws").exists():
        shutil.copytree(HERE / "node", home, dirs_exist_ok=True)
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=home, check=True)
    shutil.copy(HERE / "node" / "relay.js", home)
    port = free_port()
    command = ["node", str(home / "relay.js"), str(port), f"ws://127.0.0.1:{gateway_port}/node/"]
    return Relay("node", command, port, folder)


def floor(gateway_port: int, folder: Path, _users: int) -> Relay:
    """The least a relay that multiplexes can cost: C."""
    port = free_port()
    command = [str(PROGRAMS / "floor"), "--port", str(port), "--gateway", f"127.0.0.1:{gateway_port}"]
    return Relay("floor", command, port, folder)


def transparent(gateway_port: int, folder: Path, _users: int) -> Relay:
    """nginx: passes bytes on, one upstream per tab, and greets no gateway."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        raise NotStarted("nginx is not installed: apt-get install nginx-light, or leave it out with --relays")
    port = free_port()
    return Relay("nginx", nginx.command(program, folder, port=port, gateway_port=gateway_port), port, folder)


def ours(gateway_port: int, folder: Path, users: int) -> Relay:
    """`vestibule serve` as shipped: sign-in, policy, limits, metrics, logs and resume are on."""
    return _vestibule("ours", gateway_port, folder, users)


def variant(name: str, **settings: str) -> Start:
    """Ours with other settings."""

    def start(gateway_port: int, folder: Path, users: int) -> Relay:
        return _vestibule(name, gateway_port, folder, users, **settings)

    return start


RELAYS: dict[str, Start] = {
    "s": s,
    "node": node,
    "nginx": transparent,
    "floor": floor,
    "ours": ours,
    "ours-no-resume": variant("ours-no-resume", VESTIBULE_RESUME_TAIL_BYTES="0"),
    "ours-no-logs": variant("ours-no-logs", VESTIBULE_LOG_LEVEL="error"),
    "ours-no-metrics": variant("ours-no-metrics", VESTIBULE_METRICS="false"),
    "ours-asgi": variant("ours-asgi", VESTIBULE_EDGE="asgi"),
}


def _vestibule(name: str, gateway_port: int, folder: Path, users: int, **settings: str) -> Relay:
    home = folder / name
    tokens = home / "tokens"
    env = {"VESTIBULE_HOME": str(home), **settings}
    if not tokens.exists():
        home.mkdir(exist_ok=True)
        tokens.write_text(_tokens(f"ws://127.0.0.1:{gateway_port}/{name}/", users, env))
    port = free_port()
    relay = Relay(name, [str(VESTIBULE), "serve", "--port", str(port)], port, folder, env)
    relay.tokens = tokens
    return relay


def _tokens(path: str, users: int, env: Mapping[str, str]) -> str:
    """Gives each user a gateway under `path`; returns their tokens, one a line."""

    def run(*args: str, lines: str | None = None) -> str:
        done = subprocess.run(
            [VESTIBULE, *args], env={**os.environ, **env}, input=lines, text=True, capture_output=True, check=False
        )
        if done.returncode != 0:
            raise NotStarted(f"vestibule {args[0]} {args[1]}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    names = [f"u{k}" for k in range(users)]
    routes = [{"owner": user, "url": path + user, "token": f"token-of-{user}"} for user in names]
    members = [{"member": user, "owner": user, "role": "admin"} for user in names]
    run("gateway", "import", "-", lines="\n".join(map(json.dumps, routes)))
    run("user", "import", "-", lines="\n".join(map(json.dumps, members)))
    return "".join(run("user", "token", *names[at : at + 500]) for at in range(0, users, 500))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
