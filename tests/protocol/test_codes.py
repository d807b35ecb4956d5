"""Close codes."""

from __future__ import annotations

import pytest

from vestibule.protocol.codes import CloseCode, is_final


@pytest.mark.parametrize(
    ("code", "final"),
    [
        (1006, False),
        (1012, False),
        (4001, True),
        (4003, True),
        (4008, False),
        (4029, False),
        (4499, False),
        (4500, True),
        (4999, True),
        (5000, False),
    ],
)
def test_who_comes_back(code, final):
    """W3: a client stops only on final codes."""
    assert is_final(code) is final


def test_the_numbers_are_the_design():
    """The codes are part of the protocol."""
    assert {code.value for code in CloseCode} >= {1012, 1013, 4001, 4003, 4008, 4009, 4029}
