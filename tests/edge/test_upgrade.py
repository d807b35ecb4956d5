from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.rawpeer import KEY
from vestibule.auth.credentials import Token
from vestibule.edge.upgrade import (
    NO_KEY,
    NO_SUCH_PATH,
    WRONG_METHOD,
    WRONG_ORIGIN,
    WRONG_VERSION,
    TurnedAway,
    Upgrade,
    join_headers,
    read_upgrade,
)
from vestibule.protocol.frames import Resume
from vestibule.settings import Settings

SETTINGS = Settings(home=Path("/nowhere"))
GOOD = {"host": "door", "sec-websocket-version": "13", "sec-websocket-key": KEY}


def read(
    path: str = "/ws", query: str = "", *, method: str = "GET", peer: str = "192.0.2.1", **headers: str
) -> Upgrade | TurnedAway:
    sent = {**GOOD, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return read_upgrade(method=method, path=path, query=query, headers=sent, peer=peer, settings=SETTINGS)


def test_a_plain_request() -> None:
    assert read() == Upgrade(key=KEY, subprotocol=None, credential=None, resume=None, remote="192.0.2.1")


def test_everything_at_once() -> None:
    wanted = read(
        query="token=abc&epoch=e1&offset=7", sec_websocket_protocol="chat, vestibule.v1", user_agent="robot/1.0"
    )
    assert wanted == Upgrade(
        key=KEY,
        subprotocol="vestibule.v1",
        credential=Token("abc"),
        resume=Resume("e1", 7),
        remote="192.0.2.1",
        agent="robot/1.0",
    )


def test_a_program_with_a_long_name_is_cut() -> None:
    """S5: it is kept for each client."""
    wanted = read(user_agent="x" * 10_000)
    assert isinstance(wanted, Upgrade)
    assert len(wanted.agent) == 256


def test_the_credential_is_not_shown() -> None:
    """S2: an Upgrade may end in a log or a traceback."""
    assert "abc" not in repr(read(query="token=abc"))


@pytest.mark.parametrize(
    ("turned", "expected"),
    [
        (read("/other"), NO_SUCH_PATH),
        (read(method="POST"), WRONG_METHOD),
        (read(sec_websocket_version="8"), WRONG_VERSION),
        (read(sec_websocket_key=""), NO_KEY),
        (read(sec_websocket_key="not base64!"), NO_KEY),
        (read(sec_websocket_key="c2hvcnQ="), NO_KEY),
        (read(sec_websocket_key="é" * 24), NO_KEY),
        (read(origin="https://evil.com"), WRONG_ORIGIN),
    ],
)
def test_turned_away(turned: Upgrade | TurnedAway, expected: TurnedAway) -> None:
    assert turned == expected
    assert msgspec.json.decode(expected.body())["error"] == {"code": expected.code, "message": expected.message}


@pytest.mark.parametrize(
    ("query", "resume"),
    [
        ("epoch=e1&offset=0", Resume("e1", 0)),
        ("epoch=e1&offset=9007199254740992", Resume("e1", 2**53)),
        ("epoch=e1&offset=9007199254740993", None),
        ("epoch=e1", None),
        ("epoch=&offset=1", None),
        ("offset=1", None),
        ("epoch=e1&offset=", None),
        ("epoch=e1&offset=-1", None),
        ("epoch=e1&offset=1e3", None),
        ("epoch=e1&offset=%D9%A3", None),
        ("epoch=e1&offset=" + "9" * 5000, None),
    ],
)
def test_resume(query: str, resume: Resume | None) -> None:
    wanted = read(query=query)
    assert isinstance(wanted, Upgrade)
    assert wanted.resume == resume


@given(st.text(max_size=200), st.dictionaries(st.sampled_from([*GOOD, "origin", "x-forwarded-for"]), st.text()))
def test_any_request_is_answered(query: str, headers: dict[str, str]) -> None:
    """Whatever is sent, it is an Upgrade or a TurnedAway."""
    sent = {**GOOD, **headers}
    read_upgrade(method="GET", path="/ws", query=query, headers=sent, peer="127.0.0.1", settings=SETTINGS)


def test_whose_word_is_taken_for_an_address() -> None:
    """Only a proxy on this machine may say for whom it speaks."""
    addresses = [
        read(peer=peer, x_forwarded_for=said).remote  # type: ignore[union-attr]
        for peer, said in (
            ("127.0.0.1", "6.6.6.6, 192.0.2.7"),
            ("::1", "192.0.2.7"),
            ("127.0.0.1", ""),
            ("192.0.2.1", "6.6.6.6"),
            ("", "6.6.6.6"),
        )
    ]
    assert addresses == ["192.0.2.7", "192.0.2.7", "127.0.0.1", "192.0.2.1", ""]


def test_repeated_headers_are_joined() -> None:
    raw = [(b"Origin", b"https://a"), (b"origin", b" https://b "), (b"Host", b"door")]
    assert join_headers(raw) == {"origin": "https://a, https://b", "host": "door"}
