"""verify: whether bytes and ids survive, with fragments, slow readers and the same ids in several tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.generator import Generator
    from bench.relays import Relay
    from bench.results import Values

CELLS = ("verify",)
USERS = 2


def measure(load: Generator, relay: Relay, _cell: str) -> Values:
    """How many answers were compared, byte for byte, and how many were wrong."""
    answer = load.ask("verify", **relay.target(), timeout=60)
    return {"compared": answer["units"], "wrong": answer["errors"]}
