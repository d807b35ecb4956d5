from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vestibule.directory.fleet import read_fleet
from vestibule.errors import BadConfiguration
from vestibule.model import Member, Role, RouteMode

if TYPE_CHECKING:
    from pathlib import Path


def fleet_file(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "fleet.toml"
    file.write_text(text)
    return file


def test_tokens_may_stand_elsewhere(tmp_path: Path) -> None:
    """S1: the fleet file can be shown around."""
    (tmp_path / "token").write_text(" from-file\n")
    file = fleet_file(
        tmp_path,
        """
        [[gateway]]
        owner = "a"
        url = "ws://h"
        token_env = "A_TOKEN"
        [[gateway]]
        owner = "b"
        url = "ws://h"
        token_file = "token"
        [[gateway]]
        owner = "c"
        url = "wss://h"
        mode = "trusted-proxy"
        identity = "door@c"
        """,
    )
    fleet = read_fleet(file, environ={"A_TOKEN": "from-environment"})

    assert [route.token.reveal() for route in fleet.routes.values()] == ["from-environment", "from-file", ""]
    assert fleet.routes["c"].mode is RouteMode.TRUSTED_PROXY
    assert fleet.files == {tmp_path / "token"}


def test_a_personal_owner_has_its_one_member(tmp_path: Path) -> None:
    """Who is not spelled out follows from the gateway; who is, does not."""
    file = fleet_file(
        tmp_path,
        """
        [[gateway]]
        owner = "alice"
        url = "ws://h"
        [[gateway]]
        owner = "acme"
        url = "ws://h"
        [[member]]
        id = "bob"
        owner = "acme"
        role = "viewer"
        generation = "2"
        [[member]]
        id = "carol"
        """,
    )
    assert read_fleet(file, environ={}).members == {
        "alice": Member("alice", "alice", Role.ADMIN),
        "bob": Member("bob", "acme", Role.VIEWER, "2"),
        "carol": Member("carol", "carol", Role.ADMIN),
    }


def test_an_empty_fleet_is_one(tmp_path: Path) -> None:
    """The first gateway may be added later."""
    assert read_fleet(fleet_file(tmp_path, ""), environ={}).routes == {}


GATEWAY = '[[gateway]]\nowner = "a"\nurl = "ws://h"\n'


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("[[gateway]\n", "line 1", "Expected"),
        ("x = 1\n", "", "only [[gateway]] and [[member]]"),
        ("\n[gateway]\nowner = 1\n", "line 2", "only [[gateway]] and [[member]]"),
        ("gateway = [1]\n", "gateway 1", "must be a table"),
        (GATEWAY + '\n[[gateway]]\nurl = "ws://h"\n', "line 5", "owner is missing"),
        (GATEWAY + '\n[[gateway]]\nowner = "b"\n', "line 5", "url is missing"),
        (GATEWAY + "\n" + GATEWAY, "line 5", "'a' is there twice"),
        (GATEWAY + "\n" + GATEWAY.replace("ws:", "ftp:"), "line 7", "must look like ws://"),
        (GATEWAY + "tokn = 1\n", "line 4", "unknown key; known are"),
        (GATEWAY + "token = 1\n", "line 4", "must be text in quotes"),
        (GATEWAY + 'token = "x"\ntoken_env = "X"\n', "line 5", "token is given already"),
        (GATEWAY + 'token_env = "NONE"\n', "line 4", "no variable 'NONE'"),
        (GATEWAY + 'token_file = "none"\n', "line 4", "No such file"),
        (GATEWAY + 'mode = "magic"\n', "line 4", "must be one of token, trusted-proxy"),
        (GATEWAY + 'tls_pin = "ab"\n', "line 4", "64 hexadecimal digits"),
        (GATEWAY + 'identity_header = "a b"\n', "line 4", "name of an HTTP header"),
        ('[[member]]\nid = "m"\nrole = "king"\n', "line 3", "viewer, operator, admin"),
        ('[[member]]\nid = "m"\nowner = ""\n', "line 3", "must not be empty"),
        ('[[member]]\nid = ""\n', "line 1", "must not be empty"),
        ('[[member]]\n"id" = "m m"\n', "line 1", "without spaces"),
    ],
)
def test_a_mistake_is_named_by_its_line(tmp_path: Path, text: str, where: str, problem: str) -> None:
    """Whoever wrote it finds it at once."""
    file = fleet_file(tmp_path, text)
    with pytest.raises(BadConfiguration) as refused:
        read_fleet(file, environ={})
    assert str(file) in str(refused.value.remedy)
    assert where in str(refused.value.remedy)
    assert problem in str(refused.value.remedy)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, or not text."""
    with pytest.raises(BadConfiguration) as missing:
        read_fleet(tmp_path / "none.toml", environ={})
    assert "No such file" in str(missing.value.remedy)

    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(BadConfiguration) as binary:
        read_fleet(tmp_path / "binary", environ={})
    assert "UTF-8" in str(binary.value.remedy)
    with pytest.raises(BadConfiguration) as secret:
        read_fleet(fleet_file(tmp_path, GATEWAY + 'token_file = "binary"\n'), environ={})
    assert "UTF-8" in str(secret.value.remedy)
