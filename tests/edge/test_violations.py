"""What a client that broke a rule of the socket hears before the close code."""

from __future__ import annotations

import json

import pytest

from vestibule.edge.violations import last_words
from vestibule.sockets.assembly import BAD_CLOSE_CODE, NOT_UTF8, RESERVED_BITS, TEXT_ONLY, TOO_LARGE, Violation


@pytest.mark.parametrize(
    ("violation", "code", "remedy"),
    [
        (TOO_LARGE, "TOO_LARGE", "at most 1000 bytes: send large content in pieces"),
        (TEXT_ONLY, "INVALID_REQUEST", "send each frame as JSON text"),
        (NOT_UTF8, "INVALID_REQUEST", "encode the JSON text as UTF-8"),
    ],
)
def test_code_message_and_remedy(violation: Violation, code: str, remedy: str) -> None:
    """Issue "Bad input": each a clear answer."""
    words = last_words(violation, max_message_bytes=1000)
    assert words is not None
    error = json.loads(words)
    assert (error["type"], error["code"]) == ("error", code)
    assert remedy in error["message"]


@pytest.mark.parametrize("violation", [RESERVED_BITS, BAD_CLOSE_CODE])
def test_broken_framing_is_told_by_the_close_code(violation: Violation) -> None:
    """Who does not speak WebSocket is sent no more of it than the goodbye."""
    assert last_words(violation, max_message_bytes=1000) is None
