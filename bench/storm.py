"""storm: what it costs that users come, from the TCP connection to their first answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.cells import costed

if TYPE_CHECKING:
    from bench.generator import Generator
    from bench.relays import Relay
    from bench.results import Values

CELLS = ("storm",)
WARM, FRESH = 20, 1_500
USERS = WARM + FRESH


def measure(load: Generator, relay: Relay, _cell: str) -> Values:
    """Users the relay has never seen, 100 at a time."""
    load.say("connect", **relay.target(), users=WARM)
    load.say("disconnect")
    return costed(load, relay, "storm", **relay.target(), first=WARM, n=FRESH, conc=100)
