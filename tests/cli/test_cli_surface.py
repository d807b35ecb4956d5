"""Help, exit codes, settings, status, doctor and server.json: what people and scripts find first."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import vestibule
from vestibule.cli import serverfile
from vestibule.cli.checks import Level, clock, disk_space, unknown_settings
from vestibule.cli.exits import MEANING, CommandFailed, Exit
from vestibule.cli.serverfile import ServerFile
from vestibule.errors import StorageFault
from vestibule.settings import Settings

if TYPE_CHECKING:
    from cli.conftest import Run
    from vestibule.testing.door import FakeDoor

DOCS = Path(__file__).parents[2] / "docs" / "cli.md"


def a_dead_process() -> int:
    """The id of a process that has just ended."""
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    return int(ended.stdout)


async def test_help_teaches(run: Run) -> None:
    ran = await run("--help")
    assert ran.code == 0
    for word in (
        "vestibule up",
        "vestibule chat",
        "Exit codes",
        "up",
        "serve",
        "gateway",
        "user",
        "doctor",
        "simulate",
    ):
        assert word in ran.out


COMMANDS = """
up; serve; status; chat; call; events; doctor; settings; simulate; gateway add; gateway import; gateway list;
gateway check; gateway remove; user add; user import; user token; user list; user remove
"""


@pytest.mark.parametrize("command", [each.strip() for each in COMMANDS.split(";")])
async def test_each_command_shows_how_it_is_used(run: Run, command: str) -> None:
    """With an example to copy; and the manual knows it."""
    ran = await run(*command.split(), "--help")
    assert ran.code == 0
    assert "Example" in ran.out or "Each line:" in ran.out
    assert f"`{command}" in DOCS.read_text("utf-8")


def test_exit_codes_are_documented() -> None:
    """The codes are a promise: every one is in the manual with the same meaning."""
    manual = DOCS.read_text("utf-8")
    for code in Exit:
        assert f"| {code.value} | {MEANING[code]} |" in manual


async def test_a_wrong_command_line(run: Run) -> None:
    for wrong in (("nonsense",), ("call",), ("up", "--nonsense"), ("simulate", "--port", "99999")):
        assert (await run(*wrong)).code == 2


async def test_version(run: Run) -> None:
    assert (await run("version")).out == (await run("--version")).out == f"{vestibule.__version__}\n"


async def test_settings_here_and_as_a_table(run: Run, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("VESTIBULE_SECRET_KEY", "hidden")
    (home / "vestibule.toml").write_text("grace_s = 7\n")

    shown = (await run("settings", "--json")).json
    assert (shown["grace_s"], shown["home"], shown["secret_key"]) == (7.0, str(home), "***")
    table = (await run("settings", "--markdown")).lines
    assert len(table) == len(Settings.model_fields) + 2
    assert "| `VESTIBULE_PORT` | `8800` | Port to listen on; 0 picks a free one. |" in table
    assert "hidden" not in (await run("settings")).out


async def test_a_wrong_setting_ends_with_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTIBULE_PORT", "eighty")
    ran = await run("user", "list")
    assert ran.code == 2
    assert ran.err.startswith("error: VESTIBULE_PORT: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("wrong", [("--gateway", "http://host"), ("--gateway", "nonsense"), ("--port", "99999")])
async def test_a_start_with_a_wrong_option_ends_with_2(run: Run, wrong: tuple[str, str]) -> None:
    """As docs/cli.md says: one exit code for the cause, one line for the person."""
    ran = await run("up", *wrong)
    assert (ran.code, ran.err.count("\n")) == (2, 1)


async def test_a_defect_is_one_line_and_a_traceback_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("vestibule.cli.talk._parameters", broken)
    ran = await run("call", "health")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "--debug" in ran.err
    with pytest.raises(ZeroDivisionError):
        await run("--debug", "call", "health")


async def test_status_of_a_server_that_answers_no_http(fake: FakeDoor, run: Run) -> None:
    """A process that is there and does not answer is not a healthy server."""
    ran = await run("status", "--json")
    assert ran.code == 3
    assert ran.json["healthy"] is False
    assert (ran.json["pid"], ran.json["ws_url"], ran.json["token"]) == (os.getpid(), fake.url, fake.token)


# server.json


def test_the_file_is_private_and_complete(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    server = ServerFile(os.getpid(), "http://127.0.0.1:8800", "ws://127.0.0.1:8800/ws", "tok")
    server.write(home)

    path = home / "server.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == {
        "pid": os.getpid(),
        "url": "http://127.0.0.1:8800",
        "ws_url": "ws://127.0.0.1:8800/ws",
        "token": "tok",
    }
    assert serverfile.running(home) == server
    assert "tok" not in repr(server)
    assert [each.name for each in home.iterdir()] == ["server.json"]


def test_a_file_left_behind_counts_as_none(tmp_path: Path) -> None:
    server = ServerFile(a_dead_process(), "http://h", "ws://h", "t")
    server.write(tmp_path)
    assert serverfile.read(tmp_path) == server
    assert serverfile.running(tmp_path) is None


def test_only_its_own_file_is_removed(tmp_path: Path) -> None:
    first = ServerFile(os.getpid(), "http://h:1", "ws://h:1", "t")
    second = ServerFile(os.getpid(), "http://h:2", "ws://h:2", "t")
    first.write(tmp_path)
    second.write(tmp_path)
    first.remove(tmp_path)
    assert serverfile.read(tmp_path) == second
    second.remove(tmp_path)
    second.remove(tmp_path)
    assert serverfile.read(tmp_path) is None


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"pid": "1", "url": "", "ws_url": "", "token": ""}', "\xff", '{"pid": -1}']
)
def test_a_file_that_says_nothing_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "server.json").write_text(content, "latin-1")
    assert serverfile.read(tmp_path) is None


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFault) as caught:
        ServerFile(1, "", "", "").write(tmp_path / "file")
    assert "VESTIBULE_HOME" in (caught.value.remedy or "")


# doctor


async def test_doctor_on_a_machine_where_nothing_was_started(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One check a line; it looks and makes nothing."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("VESTIBULE_PORT", str(port))
    ran = await run("doctor", "--json")
    found = {each["name"]: each for each in ran.json}
    assert found["python"]["level"] == found["database"]["level"] == found["port"]["level"] == "ok"
    assert found["server"]["level"] == "warn"
    assert all(each["remedy"] for each in found.values() if each["level"] != "ok")
    assert os.listdir(home) == []


async def test_doctor_finds_what_is_wrong(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each failure comes with its remedy, and the exit code is 1."""
    await run("user", "add", "ada")
    (home / "secret.key").chmod(0o644)
    ServerFile(a_dead_process(), "http://h", "ws://h", "t").write(home)
    monkeypatch.setenv("VESTIBULE_PROT", "1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("VESTIBULE_PORT", str(taken.getsockname()[1]))
        ran = await run("doctor")
    lines = {line[6:18].strip(): line for line in ran.lines}

    assert ran.code == 1
    assert lines["port"].startswith("FAIL")
    assert "VESTIBULE_PORT" in lines["port"]
    assert lines["secret key"].startswith("warn")
    assert "chmod 600" in lines["secret key"]
    assert lines["server"].startswith("warn")
    assert "without tidying up" in lines["server"]
    assert lines["settings"].startswith("warn")
    assert "VESTIBULE_PROT" in lines["settings"]


async def test_doctor_with_a_wrong_setting(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTIBULE_PORT", "eighty")
    ran = await run("doctor")
    assert ran.code == 1
    assert "FAIL  settings" in ran.out


def test_doctors_smaller_checks(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert clock(settings).level is Level.OK
    assert clock(settings, now=0).level is Level.FAIL
    (tmp_path / "file").touch()
    assert clock(settings, now=(tmp_path / "file").stat().st_mtime - 3_600).level is Level.WARN
    assert disk_space(settings).text.endswith("MiB free")
    assert unknown_settings({"VESTIBULE_PORT": "1", "VESTIBULE_TOKEN": "x", "PATH": ""}) == []


# simulate


async def test_the_faults_are_listed(run: Run) -> None:
    ran = await run("simulate", "--faults")
    assert "hang_in_handshake" in ran.out
    wrong = await run("simulate", "--fault", "nonsense")
    assert wrong.code == 2
    assert "--faults" in wrong.err


async def test_a_script_can_ask_whether_a_server_runs(run: Run) -> None:
    ran = await run("status", "--json")

    assert (ran.code, ran.json) == (3, {"running": False})
    assert "vestibule up" in ran.err


@pytest.mark.parametrize("address", ["nonsense", "h:8800", "ftp://h"])
async def test_an_address_that_is_none_is_a_wrong_argument(run: Run, address: str) -> None:
    assert (await run("call", "health", "--url", address)).code == 2


@pytest.mark.parametrize("wrong", [("--faulty", "1"), ("--fault", "freeze", "--faulty", "3", "--gateways", "2")])
async def test_faults_that_would_hit_nobody_are_refused(run: Run, wrong: tuple[str, ...]) -> None:
    ran = await run("simulate", *wrong)

    assert ran.code == 2
    assert "--faulty" in ran.err


async def test_nothing_to_check_is_said(run: Run) -> None:
    ran = await run("gateway", "check")

    assert (ran.code, ran.out) == (0, "")
    assert "No gateways. Add one" in ran.err


@pytest.mark.parametrize(
    ("message", "remedy", "line"),
    [
        ("It is down", "look at its log", "It is down. Look at its log"),
        ("It is down.", "/tmp/x: make it writable", "It is down. /tmp/x: make it writable"),
        ("It is down.", "vestibule up starts one", "It is down. vestibule up starts one"),
        ("It is down.", "allowed_origins must name it", "It is down. allowed_origins must name it"),
        ("Try again in a moment.", "try again in a moment.", "Try again in a moment."),
    ],
)
def test_an_error_is_one_line(message: str, remedy: str, line: str) -> None:
    """Sentences begin with a capital; paths, settings and commands stay as they are; nothing is said twice."""
    assert str(CommandFailed(message, remedy=remedy)) == line
