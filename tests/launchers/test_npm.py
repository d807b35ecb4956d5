"""launchers/npm.py and install.py: one clear line for each way in which npm fails, and nothing half-installed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from vestibule.launchers.install import Package, Progress, ensure, install, installed, node_suffices
from vestibule.launchers.npm import InstallFailed, failure

FAKE_NPM = """#!/bin/sh
echo "$@" >> "$NPM_CALLS"
case "$1" in
  --version) echo "${NPM_VERSION:-11.0.0}" ;;
  view) [ -z "$NPM_VIEW_FAILS" ] || { echo "npm error code $NPM_VIEW_FAILS"; exit 1; } ;;
  ci|install)
    [ -z "$NPM_CI_FAILS" ] || [ "$1" = install ] || { echo "npm error code $NPM_CI_FAILS"; exit 1; }
    echo "npm http fetch GET 200 https://example.org/a/-/a-1.0.0.tgz 12ms (cache miss)"
    mkdir -p node_modules/.bin node_modules/openclaw
    case "$PWD" in
      */node) printf '#!/bin/sh\\necho v24.21.0\\n' > node_modules/.bin/node; chmod +x node_modules/.bin/node ;;
      *) touch node_modules/openclaw/openclaw.mjs ;;
    esac ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A machine whose npm is a script that does what it is told to."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "npm").write_text(FAKE_NPM)
    (bin_folder / "npm").chmod(0o755)
    (tmp_path / "calls").touch()
    return {"PATH": f"{bin_folder}:/usr/bin:/bin", "NPM_CALLS": str(tmp_path / "calls"), "HOME": str(tmp_path)}


def calls(machine: dict[str, str]) -> list[str]:
    return [line.split()[0] for line in Path(machine["NPM_CALLS"]).read_text().splitlines()]


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("npm error code ENOTFOUND\nnpm error network request to ...", "npm cannot reach its registry (ENOTFOUND)."),
        ("npm ERR! code ETIMEDOUT", "npm cannot reach its registry (ETIMEDOUT)."),
        ("npm error network timeout at: https://r.example", "npm cannot reach its registry (timeout)."),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "the certificate is not trusted"),
        ("npm error code E401", "npm's registry refuses to answer (E401)."),
        ("npm error code ETARGET\nnpm error notarget No matching version", "does not have a package"),
        ("npm error code ENOSPC", "The disk of /cache is full."),
        ("tar: write error: No space left on device", "The disk of /cache is full."),
        ("npm error code EACCES", "npm may not write to /cache"),
        ("npm error code EINTEGRITY", "not the one that was locked"),
        ("something nobody knows", "npm failed (exit 7)."),
    ],
)
def test_each_failure_says_what_it_is_and_what_helps(output: str, message: str):
    error = failure(output, exit_code=7, folder=Path("/cache"))

    assert message in error.message
    assert "\n" not in error.message
    assert error.remedy


def test_what_npm_said_is_shown_where_nothing_better_is_known():
    error = failure("one\nnpm error two", exit_code=1, folder=Path("/cache"))

    assert "npm error two" in (error.remedy or "")


async def test_installs_node_first_then_openclaw(machine: dict[str, str], tmp_path: Path):
    seen: list[Progress] = []
    found = await install(tmp_path / "cache", Package.of("2026.9.6"), environ=machine, report=seen.append)

    assert calls(machine) == ["--version", "view", "ci", "ci"]
    assert found == installed(tmp_path / "cache", Package.of("2026.9.6"))
    assert found.command[0].startswith(str(found.bin_folder))
    assert [progress.phase for progress in seen][-1] == "Putting it in place"
    assert any(progress.done == 1 and progress.total > 300 for progress in seen)


async def test_a_second_time_npm_is_not_asked(machine: dict[str, str], tmp_path: Path):
    for _ in range(2):
        await install(tmp_path / "cache", Package.of("2026.9.6"), environ=machine)

    assert calls(machine).count("ci") == 2


async def test_two_at_once_install_once(machine: dict[str, str], tmp_path: Path):
    package = Package.of("2026.9.6")
    first, second = await asyncio.gather(*(install(tmp_path / "cache", package, environ=machine) for _ in range(2)))

    assert first == second
    assert calls(machine).count("ci") == 2


async def test_a_failed_installation_does_not_count(machine: dict[str, str], tmp_path: Path):
    """The next run begins anew: what is there is complete or is not there."""
    package = Package.of("2026.9.6")
    with pytest.raises(InstallFailed, match="not the one that was locked"):
        await install(tmp_path / "cache", package, environ=machine | {"NPM_CI_FAILS": "EINTEGRITY"})
    assert installed(tmp_path / "cache", package) is None
    assert not list((tmp_path / "cache").rglob("node_modules"))

    assert await install(tmp_path / "cache", package, environ=machine)


async def test_a_registry_without_a_locked_version_gets_a_second_chance(machine: dict[str, str], tmp_path: Path):
    await install(tmp_path / "cache", Package.of("2026.9.6"), environ=machine | {"NPM_CI_FAILS": "ETARGET"})

    assert calls(machine) == ["--version", "view", "ci", "install", "ci", "install"]


async def test_another_version_is_installed_by_its_exact_number(machine: dict[str, str], tmp_path: Path):
    await install(tmp_path / "cache", Package.of("2026.9.5"), environ=machine)

    manifest = json.loads((tmp_path / "cache/openclaw/2026.9.5/package.json").read_text())
    assert manifest["dependencies"] == {"openclaw": "2026.9.5"}
    assert calls(machine) == ["--version", "view", "ci", "install"]


async def test_a_dead_registry_shows_before_anything_is_downloaded(machine: dict[str, str], tmp_path: Path):
    with pytest.raises(InstallFailed, match="npm cannot reach its registry"):
        await install(tmp_path / "cache", Package.of("2026.9.6"), environ=machine | {"NPM_VIEW_FAILS": "ENOTFOUND"})

    assert calls(machine) == ["--version", "view"]


async def test_no_npm_and_an_old_npm_have_a_remedy(machine: dict[str, str], tmp_path: Path):
    package = Package.of("2026.9.6")
    with pytest.raises(InstallFailed, match="npm was not found") as missing:
        await install(tmp_path / "cache", package, environ={"PATH": str(tmp_path)})
    with pytest.raises(InstallFailed, match=r"npm 6\.14\.4 is too old") as old:
        await install(tmp_path / "cache", package, environ=machine | {"NPM_VERSION": "6.14.4"})

    assert "--simulated" in (missing.value.remedy or "")
    assert "8.0" in (old.value.remedy or "")


async def test_a_cache_that_cannot_be_written_has_a_remedy(machine: dict[str, str], tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(InstallFailed, match="cannot be written") as failed:
        await install(tmp_path / "file", Package.of("2026.9.6"), environ=machine)

    assert "VESTIBULE_CACHE_DIR" in (failed.value.remedy or "")


@pytest.mark.parametrize(
    ("version", "openclaw", "taken"),
    [
        ("v24.21.0", "2026.9.6", True),
        ("v24.21.0", "2026.10.1", True),
        ("v24.21.0", "2026.3.13", False),
        ("v20.1.0", "2026.9.6", False),
    ],
)
async def test_an_openclaw_on_path_is_used_if_it_and_its_node_are_new_enough(
    machine: dict[str, str], tmp_path: Path, version: str, openclaw: str, taken: bool
):
    for name, text in (("node", version), ("openclaw", f"OpenClaw {openclaw} (abc)")):
        script = tmp_path / "bin" / name
        script.write_text(f"#!/bin/sh\necho '{text}'\n")
        script.chmod(0o755)
    found = await ensure(tmp_path / "cache", "2026.9.6", environ=machine)

    assert (found.command == (str(tmp_path / "bin/openclaw"),)) is taken
    assert found.version == (openclaw if taken else "2026.9.6")


def test_node_suffices_as_openclaw_says():
    """`>=24.16.0 <25 || >=26.1.0`."""
    assert [node_suffices(f"v{text}") for text in ("24.16.0", "24.99.1", "26.1.0", "27.0.0")] == [True] * 4
    assert [node_suffices(text) for text in ("v24.15.9", "v25.9.0", "v26.0.9", "v22.1.0", "")] == [False] * 5


def test_the_lock_files_hold_no_address():
    """Whoever installs chooses the registry."""
    root = Path(__file__).parents[2]
    folders = [root / "src/vestibule/launchers/locks", root / "tests/support"]
    locks = [file for folder in folders for file in folder.rglob("package-lock.json")]

    assert len(locks) == 4
    for lock in locks:
        packages = json.loads(lock.read_text())["packages"]
        assert all("resolved" not in package for package in packages.values())
        assert all("integrity" in package for path, package in packages.items() if path and not package.get("inBundle"))
