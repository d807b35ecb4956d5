"""S5: which pages may open a socket."""

from __future__ import annotations

import pytest

from vestibule.edge.origins import is_loopback, origin_allowed

PUBLIC = "https://public.example.com"
LISTED = ("https://app.example.com", "http://lab.example.com:3000")


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("door.example.com", None),
        ("door.example.com", "https://door.example.com"),
        ("door.example.com", "http://door.example.com"),
        ("door.example.com:8800", "http://door.example.com:8800"),
        ("DOOR.example.com", "https://door.EXAMPLE.com:443"),
        ("door.example.com:443", "https://door.example.com"),
        ("[2001:db8::1]:8800", "http://[2001:db8::1]:8800"),
        ("127.0.0.1:8800", "http://localhost:5173"),
        ("localhost:8800", "http://127.0.0.1:8800"),
        ("localhost:8800", "http://[::1]:8800"),
        ("app.localhost:8800", "http://localhost:8800"),
        ("10.0.0.7:8800", "https://public.example.com"),
        ("10.0.0.7:8800", "https://app.example.com"),
        ("10.0.0.7:8800", "http://lab.example.com:3000"),
    ],
)
def test_may(host: str, origin: str | None) -> None:
    assert origin_allowed(origin, host=host, public_url=PUBLIC, allowed=LISTED)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("door.example.com", ""),
        ("door.example.com", "null"),
        ("door.example.com", "https://evil.example.com"),
        ("door.example.com", "https://door.example.com.evil.com"),
        ("door.example.com", "https://door.example.com@evil.com"),
        ("door.example.com", "https://door.example.com:8443"),
        ("door.example.com", "https://door.example.com:port"),
        ("door.example.com", "ftp://door.example.com"),
        ("door.example.com", "http://localhost:5173"),
        ("door.example.com", "https://door.example.com, https://evil.com"),
        ("localhost:8800", "https://evil.example.com"),
        ("localhost:8800", "http://localhost.evil.com:8800"),
        ("localhost:8800", "http://127.0.0.1.evil.com:8800"),
        ("10.0.0.7:8800", "http://public.example.com"),
        ("10.0.0.7:8800", "http://lab.example.com"),
        ("", "https://evil.com"),
        ("[", "https://evil.com"),
    ],
)
def test_may_not(host: str, origin: str) -> None:
    assert not origin_allowed(origin, host=host, public_url=PUBLIC, allowed=LISTED)


def test_no_public_url_allows_nobody() -> None:
    assert not origin_allowed("https://evil.com", host="door", public_url="", allowed=())


def test_the_operator_may_allow_all() -> None:
    assert origin_allowed("null", host="door", public_url="", allowed=("*",))


def test_loopback() -> None:
    assert all(is_loopback(host) for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1", "app.localhost"))
    assert not any(is_loopback(host) for host in ("", "10.0.0.1", "localhost.evil.com", "0.0.0.0"))
