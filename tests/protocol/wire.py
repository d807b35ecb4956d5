"""The frames of fixtures/frames, and strategies that make more of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FRAMES = Path(__file__).parents[2] / "fixtures" / "frames"

fuzz = settings(
    deadline=None, max_examples=100, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
"""The same examples in every run; raise the number and drop `derandomize` to go hunting."""


def load(name: str) -> Any:
    return json.loads((FRAMES / f"{name}.json").read_text(encoding="utf-8"))


def named(entry: dict[str, Any]) -> str:
    return entry["name"]


def every_text() -> list[bytes]:
    """All frames of all fixtures, as they travel."""
    client, handshake = load("client"), load("handshake")
    entries = [*client["good"], *client["bad"], *load("gateway"), *handshake["hellos"], *handshake["refusals"]]
    return [entry["text"].encode() for entry in entries] + [handshake["challenge"].encode()]


TELLING = [b'"', b"{", b"[", b"}", b",", b"\\ud800"]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real frame with a few bytes replaced, put in, or cut out."""
    frame = bytearray(draw(st.sampled_from(every_text())))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(frame)))
        width = draw(st.integers(0, 8))
        frame[at : at + width] = draw(st.binary(max_size=4) | st.sampled_from(TELLING))
    return bytes(frame)


_numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | _numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def compact(value: Any, *, ascii: bool = False) -> bytes:
    """JSON as `JSON.stringify` writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=ascii).encode("utf-8", "surrogatepass")
