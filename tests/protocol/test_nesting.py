"""How deep JSON is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.wire import compact, fuzz, json_values
from vestibule.protocol.nesting import deeper_than


def depth(value: Any) -> int:
    match value:
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case list():
            return 1 + max(map(depth, value), default=0)
        case _:
            return 0


@fuzz
@given(value=json_values, limit=st.integers(0, 8), padding=st.sampled_from([0, 5_000]))
def test_as_a_reader_would_count(value, limit, padding):
    """The count is that of a parser, for short and for long documents, whatever their texts contain."""
    document = [value, '[{"\\' * 3, "x" * padding, []]

    assert deeper_than(compact(document), limit) == (depth(document) > limit)


@fuzz
@given(st.text('[]{}"\\,a', max_size=60), st.integers(0, 10))
def test_anything_gets_an_answer(text, limit):
    """S5: what is not JSON is no reason to fail."""
    assert deeper_than(text.encode(), limit) in (True, False)


@pytest.mark.parametrize("size", [100, 10_000])
def test_the_limit_itself_is_allowed(size):
    """Exactly at the limit is not deeper."""
    chains = b",".join([b"[" * 9 + b"]" * 9] * (size // 20))

    assert not deeper_than(b"[" + chains + b"]", 10)
    assert deeper_than(b"[" + chains + b"]", 9)


def test_brackets_only_in_text():
    """Nothing is left once the texts are taken out."""
    assert not deeper_than(b'"' + b"[" * 50 + b'"', 10)
