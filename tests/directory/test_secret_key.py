from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from vestibule.directory.keys import SecretKey
from vestibule.errors import BadConfiguration, StorageFault

if TYPE_CHECKING:
    from pathlib import Path

TEXT = base64.b64encode(bytes(range(32))).decode()


def test_the_key_is_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    """S1: the file is 0600 in a folder that is 0700; the next start finds the same key."""
    home = tmp_path / "home"
    first = SecretKey.load(home)

    assert SecretKey.load(home).derive("x") == first.derive("x")
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert [file.name for file in home.iterdir()] == ["secret.key"]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    """Whoever comes second takes the first one's."""
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda _: SecretKey.load(tmp_path).derive("x"), range(32)))
    assert len(set(keys)) == 1


def test_a_configured_key_needs_no_file(tmp_path: Path) -> None:
    """And any spelling of base64 will do."""
    urlsafe = TEXT.replace("+", "-").replace("/", "_").rstrip("=")
    assert SecretKey.load(tmp_path, TEXT).derive("x") == SecretKey.load(tmp_path, f" {urlsafe}\n").derive("x")
    assert list(tmp_path.iterdir()) == []


def test_each_purpose_has_its_own_key() -> None:
    """A key that leaks from one use opens nothing elsewhere."""
    key = SecretKey.parse(TEXT)
    assert key.derive("tokens") != key.derive("sealing")
    assert len(key.derive("tokens")) == 32
    assert TEXT not in repr(key)


@pytest.mark.parametrize("text", ["short", "not base64!", base64.b64encode(bytes(31)).decode(), "ü" * 43])
def test_a_key_that_is_none_is_refused_without_being_shown(text: str) -> None:
    """With the command that makes one."""
    with pytest.raises(BadConfiguration) as refused:
        SecretKey.parse(text)
    assert "openssl rand" in str(refused.value.remedy)
    assert text not in str(refused.value) + str(refused.value.remedy)


def test_an_empty_file_is_not_replaced(tmp_path: Path) -> None:
    """A disk that was full once must not cost the fleet's tokens silently."""
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(BadConfiguration, match="empty") as refused:
        SecretKey.load(tmp_path)
    assert "backup" in str(refused.value.remedy)


def test_a_file_others_can_read_is_used_and_reported(tmp_path: Path) -> None:
    """It may be meant so (a mounted secret), so it is only said."""
    (tmp_path / "secret.key").write_text(TEXT)
    (tmp_path / "secret.key").chmod(0o644)
    assert SecretKey.load(tmp_path).derive("x") == SecretKey.parse(TEXT).derive("x")


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    """The remedy says which; the message, which clients may see, does not (S6)."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFault) as refused:
        SecretKey.load(tmp_path / "file" / "home")
    assert str(tmp_path) in str(refused.value.remedy)
    assert str(tmp_path) not in refused.value.message
