"""hol: whether users notice that the gateways of others hang."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.cpu import Meter
from bench.generator import Failed

if TYPE_CHECKING:
    from bench.generator import Generator
    from bench.relays import Relay
    from bench.results import Values

CELLS = ("hol",)
WARM, FRESH = 20, 100
USERS = WARM + 2 * FRESH
RATE, SECONDS, HANGING = 200, 4, 10


def measure(load: Generator, relay: Relay, _cell: str) -> Values:
    """Fresh users at a steady rate of calls, first with no gateway that hangs, then with a tenth of them."""

    def options(first: int, users: int, seconds: float = SECONDS) -> dict[str, object]:
        return {**relay.target(), "first": first, "users": users, "rate": RATE, "seconds": seconds}

    load.say("hol", **options(0, WARM, 0.5))
    meter = Meter(load, relay)
    calm = load.say("hol", **options(WARM, FRESH))["healthy"]
    load.say("hang", percent=HANGING)
    hung = load.ask("hol", **options(WARM + FRESH, FRESH))
    load.ask("hang", percent=0)
    healthy = hung["healthy"]
    if hung["errors"] and healthy["answered"] == healthy["sent"] > 0:
        raise Failed(f"hol: {hung['first_error']}")
    return {
        "answered_percent": 100 * healthy["answered"] / healthy["sent"] if healthy["sent"] else 0.0,
        "calm_p50_us": calm["p50_us"],
        "calm_p99_us": calm["p99_us"],
        "p50_us": healthy["p50_us"],
        "p99_us": healthy["p99_us"],
        "p99_ratio": healthy["p99_us"] / calm["p99_us"],
        "foreign": meter.read()[1],
    }
