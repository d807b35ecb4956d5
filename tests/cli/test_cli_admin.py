"""`gateway ...` and `user ...` in the directory itself, while no server runs."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import jwt
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Run


async def test_gateways_from_nothing_to_nothing(run: Run) -> None:
    added = await run("gateway", "add", "ada", "--url", "ws://10.0.0.7:18789", "--token", "s3cret")
    assert (added.code, added.out) == (0, "Added the gateway of ada.\n")
    moved = await run("gateway", "add", "ada", "--url", "wss://new.example.com", "--token-stdin", "--json", stdin="t\n")
    assert moved.json == {"owner": "ada", "created": False, "revision": 2}

    listed = await run("gateway", "list", "--json")
    assert [(row["owner"], row["url"]) for row in listed.json] == [("ada", "wss://new.example.com")]
    assert "s3cret" not in listed.out
    assert (await run("gateway", "list")).lines[1].split()[:2] == ["ada", "wss://new.example.com"]

    assert (await run("gateway", "remove", "ada")).out == "Removed ada.\n"
    gone = await run("gateway", "remove", "ada")
    assert gone.code == 1
    assert gone.err == "error: There is no gateway of 'ada'. `vestibule gateway list` shows all\n"


async def test_a_wrong_route_is_said(run: Run) -> None:
    ran = await run("gateway", "add", "ada", "--url", "http://host:1")
    assert ran.code == 2
    assert "ws://host:1" in ran.err
    assert (await run("gateway", "add", "ada")).code == 2


async def test_an_import_keeps_the_good_lines(run: Run, tmp_path: Path) -> None:
    """Thousands in one call; what failed is named by line, and the exit code says that something did."""
    rows = [json.dumps({"owner": f"owner-{n}", "url": f"ws://10.0.0.7:{n}", "token": "t"}) for n in range(1, 3_001)]
    rows[9] = "nonsense"
    rows[19] = '{"owner": "x"}'
    file = tmp_path / "fleet.jsonl"
    file.write_text("\n".join(rows))

    began = time.monotonic()
    ran = await run("gateway", "import", str(file))
    assert time.monotonic() - began < 10
    assert (ran.code, ran.out) == (1, "2998 added, 0 updated, 2 failed.\n")
    assert [line.split(":")[0] for line in ran.err.splitlines()] == ["line 10", "line 20"]

    again = await run("gateway", "import", "-", "--json", stdin=rows[0])
    assert (again.code, again.json) == (0, {"added": 0, "updated": 1, "failed": []})
    assert len((await run("gateway", "list", "--json")).json) == 2998


@pytest.mark.parametrize("command", ["gateway", "user"])
async def test_an_import_of_what_is_not_there(run: Run, command: str) -> None:
    ran = await run(command, "import", "/no/such/file")
    assert ran.code == 2
    assert "/no/such/file cannot be read" in ran.err


async def test_who_goes_with_a_gateway_is_named(run: Run) -> None:
    """Nobody loses access unseen: a script is told, a person is asked."""
    for owner in ("team", "other"):
        await run("gateway", "add", owner, "--url", "ws://10.0.0.7:1")
    for member in ("grace", "bo"):
        await run("user", "add", member, "--owner", "team")

    removed = await run("gateway", "remove", "team", "--json")
    assert removed.json == {"owner": "team", "removed": True, "users": ["bo", "grace"]}
    assert (await run("user", "list", "--json")).json == []

    await run("user", "add", "other")
    assert (await run("gateway", "remove", "other")).out == "Removed other, and who could use it: other.\n"


async def test_a_person_is_asked_before_users_go(run: Run, terminal: None) -> None:
    """On a terminal: no is the default, --yes answers before."""
    await run("gateway", "add", "team", "--url", "ws://10.0.0.7:1")
    await run("user", "add", "bo", "--owner", "team")

    kept = await run("gateway", "remove", "team", stdin="\n")
    assert kept.code == 1
    assert kept.err == "bo can no longer come in. Remove team? [y/N] error: Nothing was removed.\n"
    assert (await run("gateway", "remove", "team", stdin="y\n")).code == 0
    await run("gateway", "add", "team", "--url", "ws://10.0.0.7:1")
    await run("user", "add", "bo", "--owner", "team")
    assert (await run("gateway", "remove", "team", "--yes")).err == ""


async def test_a_user_without_a_gateway_is_pointed_out(run: Run) -> None:
    """Where they are added, and by doctor: with the command that helps."""
    added = await run("user", "add", "bo", "--owner", "team")
    assert added.err == "team has no gateway yet. Add it: vestibule gateway add team --url ws://...\n"
    doctor = await run("doctor")
    assert "warn  users         without a gateway: bo -> vestibule gateway add team --url ws://..." in doctor.out

    await run("gateway", "add", "team", "--url", "ws://127.0.0.1:9")
    assert (await run("user", "add", "bo", "--owner", "team")).err == ""
    assert "ok    users         1 user, each with a gateway" in (await run("doctor")).out


async def test_users_from_nothing_to_nothing(run: Run) -> None:
    assert (await run("user", "add", "ada")).out == "Added ada: admin at the gateway of ada.\n"
    added = await run("user", "add", "grace", "--owner", "team", "--role", "viewer", "--json")
    assert added.json == {"member": "grace", "owner": "team", "role": "viewer", "created": True, "hasGateway": False}
    assert (await run("user", "list", "--json")).json == [
        {"member": "ada", "owner": "ada", "role": "admin"},
        {"member": "grace", "owner": "team", "role": "viewer"},
    ]
    wrong = await run("user", "add", "eve", "--role", "queen")
    assert (wrong.code, wrong.err) == (2, "error: role: must be one of viewer, operator, admin.\n")

    assert (await run("user", "remove", "grace", "--json")).json == {"member": "grace", "removed": True}
    gone = await run("user", "remove", "grace")
    assert (gone.code, gone.err) == (1, "error: There is no user 'grace'. `vestibule user list` shows all\n")


async def test_a_change_of_role_keeps_the_owner(run: Run) -> None:
    await run("user", "add", "grace", "--owner", "team", "--role", "viewer")
    assert (
        await run("user", "add", "grace", "--role", "admin")
    ).out == "Changed grace: admin at the gateway of team.\n"
    assert (
        await run("user", "add", "grace", "--owner", "other")
    ).out == "Changed grace: admin at the gateway of other.\n"


async def test_users_are_imported(run: Run) -> None:
    rows = '{"member": "a"}\n\n{"member": "b", "owner": "team", "role": "operator"}\n{"role": "viewer"}\n'
    ran = await run("user", "import", "-", stdin=rows)
    assert (ran.code, ran.out) == (1, "2 added, 0 updated, 1 failed.\n")
    assert ran.err.startswith("line 4: ")


async def test_tokens_one_a_line(run: Run) -> None:
    await run("user", "import", "-", stdin='{"member": "a"}\n{"member": "b"}')

    ran = await run("user", "token", "b", "a", "--ttl", "1h")
    claims = [jwt.decode(line, options={"verify_signature": False}) for line in ran.lines]
    assert [each["sub"] for each in claims] == ["b", "a"]
    assert all(3_500 < each["exp"] - time.time() <= 3_600 for each in claims)
    assert (await run("user", "token", "-", "--json", stdin="a\nb\n")).json[1]["member"] == "b"

    unknown = await run("user", "token", "a", "nobody")
    assert (unknown.code, unknown.out) == (1, "")
    assert "vestibule user add" in unknown.err
    assert (await run("user", "token", "a", "--ttl", "soon")).code == 2


async def test_empty_lists_say_what_to_do(run: Run) -> None:
    assert "vestibule gateway add" in (await run("gateway", "list")).err
    assert (await run("gateway", "list", "--json")).out == "[]\n"
    assert "vestibule user add" in (await run("user", "list")).err


async def test_a_fleet_in_a_file_is_not_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is somebody's own: changing it is refused, with where to do it."""
    fleet = tmp_path / "fleet.toml"
    fleet.write_text("")
    monkeypatch.setenv("VESTIBULE_DATABASE_URL", f"file://{fleet}")

    ran = await run("user", "add", "ada")
    assert ran.code == 1
    assert "fleet.toml" in ran.err
    assert (await run("user", "list", "--json")).json == []


async def test_a_directory_named_by_a_settings_file(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "vestibule.toml"
    config.write_text(f'database_url = "sqlite:///{tmp_path}/elsewhere.db"\n')

    assert (await run("user", "add", "ada", "--config", str(config))).code == 0
    assert (tmp_path / "elsewhere.db").exists()
    assert (await run("user", "list", "--json")).json == []


async def test_a_state_folder_that_cannot_be_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unwritable state folder: one line with the remedy, no traceback."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VESTIBULE_HOME", str(tmp_path / "file" / "home"))

    ran = await run("user", "add", "ada")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "VESTIBULE_HOME" in ran.err
