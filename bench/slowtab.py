"""slowtab: what a tab that reads nothing costs its siblings and the relay's memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.cpu import Meter
from bench.rss import forget_peak, peak_kib, rss_kib

if TYPE_CHECKING:
    from bench.generator import Generator
    from bench.relays import Relay
    from bench.results import Values

CELLS = ("slowtab",)
USERS = 1
LOAD = {"mbytes": 40, "seconds": 5, "stall": 24, "after": 5}
EVENT, WARM_EVENTS = 4_096, 1_000
"""As many events before as fill what a relay keeps for clients that come back."""


def measure(load: Generator, relay: Relay, _cell: str) -> Values:
    """Four tabs of a user hear 40 MB; one of them stops reading."""
    load.say("connect", **relay.target(), users=1, tabs=4)
    load.say("events", count=WARM_EVENTS, bytes=EVENT)
    load.say("disconnect")
    before = rss_kib(relay.pid)
    forget_peak(relay.pid)
    meter = Meter(load, relay)
    answer = load.say("slowtab", **relay.target(), bytes=EVENT, **LOAD)
    siblings, alone = answer["with"], answer["without"]
    return {
        "p50_us": siblings["p50_us"],
        "p99_us": siblings["p99_us"],
        "alone_p99_us": alone["p99_us"],
        "p99_ratio": siblings["p99_us"] / alone["p99_us"],
        "grown_mib": (peak_kib(relay.pid) - before) / 1024,
        "close_code": answer["slow"]["close_code"],
        "foreign": meter.read()[1],
    }
