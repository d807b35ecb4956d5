from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest

from vestibule.auth.tokens import EXPIRED, REFUSED, Claims, Tokens
from vestibule.errors import BadConfiguration, Unauthenticated

KEY = bytes(range(32))
TOKENS = Tokens(KEY)
NOW = 1_000_000.0
BOB = Claims("bob", NOW + 60, runs_door=False, generation="g1")


def refusal(token: str, now: float = NOW) -> str:
    with pytest.raises(Unauthenticated) as refused:
        TOKENS.read(token, now=now)
    return refused.value.message


def forged(payload: dict[str, Any], *, key: Any = KEY, algorithm: str = "HS256") -> str:
    return jwt.encode({"iss": "vestibule", "sub": "bob", "exp": NOW + 60, **payload}, key, algorithm=algorithm)


@pytest.mark.parametrize("claims", [BOB, Claims("root", NOW + 1, True, None), Claims("ü@x", NOW + 1, True, "")])
def test_what_was_signed_is_read(claims: Claims) -> None:
    """As it was, until it expires."""
    assert TOKENS.read(TOKENS.sign(claims, issued_at=NOW), now=NOW) == claims


def test_expired_and_wrong_are_told_apart() -> None:
    """S3: who signed in once is told to do so again; a forger learns nothing."""
    token = TOKENS.sign(BOB, issued_at=NOW)
    assert refusal(token, now=NOW + 60) == EXPIRED == "Sign-in has expired."
    assert refusal(Tokens(bytes(32)).sign(BOB, issued_at=NOW)) == REFUSED == "Not authenticated"
    assert refusal(Tokens(bytes(32)).sign(BOB, issued_at=NOW), now=NOW + 60) == REFUSED


def test_no_other_algorithm_is_taken() -> None:
    """S4: neither none nor another hash, whatever the token says of itself."""
    head, body, _ = forged({}).split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    assert refusal(f"{none}.{body}.") == REFUSED
    assert refusal(f"{head}.{body}.") == REFUSED
    assert refusal(forged({}, key=KEY * 2, algorithm="HS512")) == REFUSED
    assert refusal(forged({}, key=KEY * 2, algorithm="HS384")) == REFUSED


@pytest.mark.parametrize(
    "payload",
    [
        {"iss": "other"},
        {"exp": "soon"},
        {"exp": True},
        {"exp": None},
        {"sub": ""},
        {"sub": None},
        {"gen": 1},
        {"gen": ["g"]},
    ],
)
def test_a_token_must_be_whole(payload: dict[str, Any]) -> None:
    """Even a signed one."""
    try:
        token = forged(payload)
    except TypeError:  # not even the library writes that
        token = jwt.api_jws.encode(
            json.dumps({"iss": "vestibule", "sub": "bob", "exp": NOW + 60, **payload}).encode(), KEY
        )
    assert refusal(token) == REFUSED


@pytest.mark.parametrize("missing", ["iss", "sub", "exp"])
def test_nothing_may_be_missing(missing: str) -> None:
    """Above all not the end."""
    payload = {"iss": "vestibule", "sub": "bob", "exp": NOW + 60}
    del payload[missing]
    assert refusal(jwt.encode(payload, KEY, algorithm="HS256")) == REFUSED


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "ü.ü.ü", "." * 100, "e30.e30.e30", "\ud800", "x" * 100_000])
def test_what_is_no_token_is_refused(token: str) -> None:
    """Whatever the bytes, and quickly."""
    assert refusal(token) == REFUSED


def test_only_true_runs_the_door() -> None:
    """No other value does."""
    assert not TOKENS.read(forged({"adm": 1}), now=NOW).runs_door
    assert not TOKENS.read(forged({"adm": "true"}), now=NOW).runs_door
    assert TOKENS.read(forged({"adm": True}), now=NOW).runs_door


def test_a_short_key_is_refused() -> None:
    """HS256 is as strong as its key."""
    with pytest.raises(BadConfiguration):
        Tokens(b"short")
