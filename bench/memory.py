"""mem: resident memory per user with both sockets, when idle and a minute after large messages."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bench.rss import rss_kib

if TYPE_CHECKING:
    from bench.generator import Generator
    from bench.relays import Relay
    from bench.results import Values

IDLE = {"mem1k": 1_000, "mem5k": 5_000}
AFTER = {"mem-after256k": 300}
CELLS = (*IDLE, *AFTER)
WARM = 20
USERS = WARM + max(IDLE.values())
LARGE, LARGE_EACH, REST_S = 262_144, 2, 60.0


def measure(load: Generator, relay: Relay, cell: str) -> Values:
    """What more users add to a relay that has had some."""
    load.say("connect", **relay.target(), users=WARM)
    before = rss_kib(relay.pid)
    users = (IDLE | AFTER)[cell]
    load.say("connect", **relay.target(), first=WARM, users=users, timeout=180)
    if cell in AFTER:
        load.say("hold", bytes=LARGE, count=LARGE_EACH, timeout=120)
        time.sleep(REST_S)
    return {"kib": (rss_kib(relay.pid) - before) / users}
