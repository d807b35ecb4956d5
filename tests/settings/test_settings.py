"""Settings: flags over environment over file over defaults, and a sentence for whatever is wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from vestibule.errors import BadConfiguration
from vestibule.settings import Settings, load

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("VESTIBULE_"):
            monkeypatch.delenv(name)


def wrong(config: Path | None = None, **flags: object) -> BadConfiguration:
    with pytest.raises(BadConfiguration) as caught:
        load(config, **flags)
    assert caught.value.remedy
    return caught.value


def test_the_strongest_source_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "c.toml"
    config.write_text("port = 1\ngrace_s = 1\nrpc_timeout_s = 1\n")
    monkeypatch.setenv("VESTIBULE_PORT", "2")
    monkeypatch.setenv("VESTIBULE_GRACE_S", "2")

    settings = load(config, port=3, home=None)

    assert (settings.port, settings.grace_s, settings.rpc_timeout_s) == (3, 2.0, 1.0)
    assert settings.log_level == "info"


def test_the_file_in_the_state_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vestibule.toml").write_text("port = 4\n")
    monkeypatch.setenv("VESTIBULE_HOME", str(tmp_path))
    assert (load().port, load().home) == (4, tmp_path)
    assert load(home=tmp_path / "other").port == 8800


def test_two_files_in_one_process_do_not_mix(tmp_path: Path) -> None:
    for port in (1, 2):
        (tmp_path / f"{port}.toml").write_text(f"port = {port}\n")
    assert [load(tmp_path / f"{port}.toml").port for port in (1, 2)] == [1, 2]
    assert Settings(home=tmp_path).port == 8800


def test_empty_variables_count_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vestibule.toml").write_text("port = 4\n")
    for name in ("PORT", "CACHE_DIR", "SECRET_KEY"):
        monkeypatch.setenv(f"VESTIBULE_{name}", "")
    settings = load(home=tmp_path)
    assert (settings.port, settings.cache_dir) == (4, None)


def test_lists_are_written_with_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTIBULE_ALLOWED_ORIGINS", "https://a.example, https://b.example,")
    assert load(home=tmp_path).allowed_origins == ("https://a.example", "https://b.example")
    monkeypatch.delenv("VESTIBULE_ALLOWED_ORIGINS")
    (tmp_path / "vestibule.toml").write_text('allowed_origins = ["https://c.example"]')
    assert load(home=tmp_path).allowed_origins == ("https://c.example",)


@pytest.mark.parametrize(
    ("content", "message", "remedy"),
    [
        ("prot = 1", "there is no setting 'prot'", "did you mean 'port'?"),
        ("zzz = 1", "there is no setting 'zzz'", "vestibule settings"),
        ("port = ", "is not TOML", "name = value"),
        ('port = "x"', "port: should be a valid integer", "Port to listen on"),
        ("[edge]\nx = 1", "edge: should be 'native' or 'asgi'", "picows"),
    ],
)
def test_a_wrong_file_is_said(tmp_path: Path, content: str, message: str, remedy: str) -> None:
    config = tmp_path / "c.toml"
    config.write_text(content)
    error = wrong(config)
    assert str(config) in error.message
    assert message in error.message
    assert remedy in (error.remedy or "")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert "There is no file" in wrong(tmp_path / "none.toml").message
    assert "cannot be read" in wrong(tmp_path).message
    (tmp_path / "c.toml").write_bytes(b"\xff\xfe")
    assert "is not TOML" in wrong(tmp_path / "c.toml").message


def test_a_wrong_value_names_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(home=tmp_path, port=99_999).message.startswith("--port: ")
    monkeypatch.setenv("VESTIBULE_LOG_LEVEL", "loud")
    monkeypatch.setenv("VESTIBULE_GRACE_S", "-1")
    error = wrong(home=tmp_path)
    assert "VESTIBULE_LOG_LEVEL: should be" in error.message
    assert "VESTIBULE_GRACE_S: should be greater than or equal to 0" in error.message
    assert "'gate'" in wrong(home=tmp_path, gate=1).message


def test_a_wrong_secret_is_not_repeated(tmp_path: Path) -> None:
    """S1: not even in the sentence that refuses it."""
    config = tmp_path / "c.toml"
    config.write_text("secret_key = 424242")
    assert "424242" not in wrong(config).message
