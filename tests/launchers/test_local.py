"""launchers/local.py with a program that behaves like a gateway: start, ready, crash, stop, nothing left behind."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from support.openclaw import processes_of_group
from support.waiting import eventually
from vestibule.errors import BadConfiguration
from vestibule.launchers.config import ModelProvider
from vestibule.launchers.install import OpenClaw
from vestibule.launchers.local import LocalLauncher
from vestibule.launchers.port import LaunchFailed, LaunchState, LaunchStatus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    Make = Callable[..., LocalLauncher]

SUPPORT = Path(__file__).parents[1] / "support"
OWNER = "ada"


def fake(behaviour: str = "good") -> OpenClaw:
    return OpenClaw("test", (sys.executable, str(SUPPORT / "fakegateway.py"), behaviour))


@pytest.fixture
async def launcher(tmp_path: Path) -> AsyncIterator[Make]:
    """Makes launchers that are closed at the end."""
    made: list[LocalLauncher] = []

    def make(behaviour: str = "good", **options: Any) -> LocalLauncher:
        values = {"first_pause_s": 0.05, "start_timeout_s": 20.0, "stop_timeout_s": 7.0, **options}
        made.append(LocalLauncher(values.pop("home", tmp_path), fake(behaviour), **values))
        return made[-1]

    yield make
    for one in made:
        await one.close()


def history(launcher: LocalLauncher) -> list[LaunchStatus]:
    seen: list[LaunchStatus] = []
    launcher.watch(seen.append)
    return seen


def exits(seen: list[LaunchStatus]) -> list[LaunchStatus]:
    return [status for status in seen if status.state is LaunchState.EXITED]


def environment(launcher: LocalLauncher) -> dict[str, str]:
    """What the program found in its environment."""
    found: dict[str, str] = json.loads((launcher.folder(OWNER).state / "environment.json").read_text())
    return found


async def test_a_started_gateway_is_ready_and_has_a_route(launcher: Make):
    one = launcher()
    seen = history(one)
    route = await one.start(OWNER)
    config = json.loads(one.folder(OWNER).config_file.read_text())

    assert route.url == f"ws://127.0.0.1:{config['gateway']['port']}"
    assert route.token.reveal() == config["gateway"]["auth"]["token"]
    assert len(route.token.reveal()) >= 32
    assert [seen[0].state, seen[-1].state] == [LaunchState.STARTING, LaunchState.READY]
    assert one.status(OWNER).state is LaunchState.READY


async def test_two_who_start_it_get_the_same_process(launcher: Make):
    one = launcher()
    first, second = await asyncio.gather(one.start(OWNER), one.start(OWNER))

    assert first == second
    assert len(processes_of_group(one.pid(OWNER))) == 4  # the program, its helper, the watcher and what it waits with


async def test_the_token_is_the_owners_alone(launcher: Make):
    """S1: not readable by others, not in a command line, not in an environment."""
    one = launcher()
    token = (await one.start(OWNER)).token.reveal()
    folder = one.folder(OWNER)

    assert stat.S_IMODE(folder.config_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert token not in json.dumps(environment(one))
    assert all(token not in " ".join(process.cmdline()) for process in processes_of_group(one.pid(OWNER)))


async def test_the_doors_own_secrets_do_not_reach_the_gateway(launcher: Make):
    """S1: an agent has a shell; what it inherits it can print."""
    theirs = {"VESTIBULE_SECRET_KEY": "s", "OPENCLAW_CONFIG_PATH": "/other", "ANTHROPIC_API_KEY": "k", "LANG": "C"}
    one = launcher(environ=os.environ | theirs)
    await one.start(OWNER)
    found = environment(one)

    assert "VESTIBULE_SECRET_KEY" not in found
    assert "OPENCLAW_CONFIG_PATH" not in found
    assert found["ANTHROPIC_API_KEY"] == "k"
    assert found["HOME"] == str(one.folder(OWNER).path / "home")


async def test_only_tests_cripple_a_gateway(launcher: Make):
    one = launcher()
    await one.start(OWNER)

    assert "OPENCLAW_SKIP_CHANNELS" not in environment(one)
    assert "OPENCLAW_OFFLINE" not in environment(one)


async def test_stop_leaves_nothing(launcher: Make):
    one = launcher()
    await one.start(OWNER)
    group = one.pid(OWNER)
    await one.stop(OWNER)

    await eventually(lambda: processes_of_group(group) == [])
    assert one.status(OWNER).state is LaunchState.STOPPED
    assert one.pid(OWNER) is None


async def test_a_gateway_that_does_not_want_to_end_is_killed(launcher: Make):
    """A running turn is waited for up to 315 s by OpenClaw; nobody stops a door for that long."""
    one = launcher("stubborn", stop_timeout_s=0.4)
    await one.start(OWNER)
    group = one.pid(OWNER)
    await one.stop(OWNER)

    await eventually(lambda: processes_of_group(group) == [])


async def test_running_turns_are_ended_before_the_gateway(launcher: Make):
    seen: list[tuple[str, bool]] = []

    async def abort(owner: str) -> None:
        seen.append((owner, one.pid(owner) is not None))
        raise ConnectionError("and whatever happens there, the gateway ends")

    one = launcher(before_stop=abort)
    await one.start(OWNER)
    await one.stop(OWNER)

    assert seen == [(OWNER, True)]
    assert one.pid(OWNER) is None


async def test_stop_during_a_start(launcher: Make):
    one = launcher("never-ready")
    starting = asyncio.gather(one.start(OWNER), return_exceptions=True)
    await eventually(lambda: one.pid(OWNER))
    group = one.pid(OWNER)
    await one.stop(OWNER)

    assert isinstance((await starting)[0], LaunchFailed)
    await eventually(lambda: processes_of_group(group) == [])


async def test_the_same_gateway_comes_back_after_a_stop(launcher: Make):
    one = launcher()
    before = await one.start(OWNER)
    await one.stop(OWNER)

    assert await one.start(OWNER) == before


async def test_a_crashed_gateway_is_started_again(launcher: Make):
    one = launcher()
    before = await one.start(OWNER)
    group = one.pid(OWNER)
    seen = history(one)
    os.kill(group, signal.SIGKILL)
    await eventually(lambda: seen and seen[-1].state is LaunchState.READY)

    assert [status.state for status in seen][:2] == [LaunchState.EXITED, LaunchState.STARTING]
    assert "signal 9" in seen[0].text
    await eventually(lambda: processes_of_group(group) == [])
    assert await one.start(OWNER) == before


async def test_whoever_starts_it_ends_the_pause(launcher: Make):
    """Somebody asks for it: nobody waits for ten minutes."""
    one = launcher(first_pause_s=600)
    before = await one.start(OWNER)
    seen = history(one)
    os.kill(one.pid(OWNER), signal.SIGKILL)
    await eventually(lambda: exits(seen))

    assert await one.start(OWNER) == before


async def test_the_pause_between_restarts_grows(launcher: Make):
    one = launcher(first_pause_s=0.5)
    seen = history(one)
    pauses = []
    for times in (1, 2, 3):
        await one.start(OWNER)
        os.kill(one.pid(OWNER), signal.SIGKILL)
        await eventually(lambda times=times: len(exits(seen)) == times)
        pauses.append(exits(seen)[-1].text.splitlines()[-1])

    assert pauses == [f"Starting it again in {pause_s} s." for pause_s in ("0", "1", "2")]


async def test_a_bad_configuration_is_not_tried_again(launcher: Make):
    """Exit 78: starting it again would change nothing, so the operator is told what it printed."""
    one = launcher("bad-config")
    with pytest.raises(LaunchFailed) as failed:
        await one.start(OWNER)

    assert "Unrecognized key" in (failed.value.remedy or "")
    assert "Unrecognized" not in failed.value.message
    assert one.status(OWNER).state is LaunchState.FAILED


async def test_a_first_start_that_fails_is_told_at_once(launcher: Make):
    one = launcher("crash")
    with pytest.raises(LaunchFailed) as failed:
        await one.start(OWNER)

    assert "cannot find module" in (failed.value.remedy or "")


async def test_a_gateway_that_never_gets_ready_is_ended(launcher: Make):
    one = launcher("never-ready", start_timeout_s=0.5)
    with pytest.raises(LaunchFailed) as failed:
        await one.start(OWNER)

    assert "not ready after" in (failed.value.remedy or "")
    assert one.pid(OWNER) is None


async def test_a_port_that_was_taken_meanwhile_is_replaced(launcher: Make):
    one = launcher()
    before = await one.start(OWNER)
    await one.stop(OWNER)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(before.url.rpartition(":")[2])))
        other.listen()
        after = await one.start(OWNER)

    assert after.url != before.url
    assert after.token == before.token


async def test_a_chosen_port_is_not_replaced(launcher: Make):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        one = launcher(port=other.getsockname()[1])
        with pytest.raises(BadConfiguration, match="is taken") as failed:
            await one.start(OWNER)

    assert "VESTIBULE_GATEWAY_PORT" in (failed.value.remedy or "")


async def test_a_configuration_with_comments_is_not_destroyed(launcher: Make):
    one = launcher()
    folder = one.folder(OWNER)
    folder.make()
    folder.config_file.write_text('{ // mine\n "gateway": {} }')
    with pytest.raises(BadConfiguration, match="plain JSON"):
        await one.start(OWNER)

    assert folder.config_file.read_text().startswith("{ // mine")


async def test_two_vestibules_do_not_run_one_gateway(launcher: Make):
    one, other = launcher(), launcher()
    await one.start(OWNER)
    with pytest.raises(BadConfiguration, match="Another Vestibule"):
        await other.start(OWNER)

    assert one.status(OWNER).state is LaunchState.READY


@pytest.mark.parametrize("owner", ["../../etc", "a/b", "..", "ada@example.com", "зоя"])
async def test_an_owners_id_stays_inside_the_state_folder(launcher: Make, tmp_path: Path, owner: str):
    one = launcher(home=tmp_path / "home")
    folder = one.folder(owner).path

    assert folder.resolve() == folder
    assert folder.parent == tmp_path / "home/gateways"


async def test_a_key_in_the_environment_chooses_the_model_and_stays_there(launcher: Make):
    demo = ModelProvider("demo", "http://127.0.0.1:9/v1")
    one = launcher(providers=[demo], environ=os.environ | {"OPENAI_API_KEY": "sk-mine"})
    await one.start(OWNER)
    text = one.folder(OWNER).config_file.read_text()

    assert json.loads(text)["agents"]["defaults"]["model"]["primary"] == "openai/gpt-6-astra"
    assert "sk-mine" not in text
    assert environment(one)["OPENAI_API_KEY"] == "sk-mine"


@pytest.fixture
async def other_vestibule(tmp_path: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Another process with a launcher and a ready gateway, and the gateway's process group."""
    openclaw = fake()
    driver = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "support.launching", str(tmp_path), "/usr/bin", str(tmp_path / "ncc"), *openclaw.command),
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(SUPPORT.parent), str(SUPPORT.parents[1] / "src")))},
        stdout=asyncio.subprocess.PIPE,
    )
    assert driver.stdout is not None
    status = {"state": "", "pid": 0}
    async with asyncio.timeout(30):
        while status["state"] != "ready":
            status = json.loads(await driver.stdout.readline())
    yield driver, int(status["pid"])
    with contextlib.suppress(ProcessLookupError):
        driver.kill()
    await driver.communicate()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(int(status["pid"]), signal.SIGKILL)


@pytest.mark.process
async def test_no_gateway_outlives_a_killed_vestibule(other_vestibule: tuple[asyncio.subprocess.Process, int]):
    """SIGKILL leaves no time to tidy up: the leash does, helpers included."""
    vestibule, group = other_vestibule
    vestibule.kill()

    await eventually(lambda: processes_of_group(group) == [], timeout_s=20)


@pytest.mark.process
async def test_what_even_the_leash_missed_is_ended_at_the_next_start(
    other_vestibule: tuple[asyncio.subprocess.Process, int], launcher: Make
):
    vestibule, group = other_vestibule
    for process in processes_of_group(group):
        if process.name() in ("sh", "cat"):
            process.kill()
    vestibule.kill()
    await vestibule.wait()
    assert psutil.pid_exists(group)

    one = launcher()
    await one.start(OWNER)

    await eventually(lambda: processes_of_group(group) == [])
    assert one.pid(OWNER) != group
