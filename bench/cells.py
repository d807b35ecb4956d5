"""What is measured: for each cell who is connected and what load they make."""

from __future__ import annotations

from dataclasses import dataclass, field

PLAIN = "chat.history"
"""A method whose answers nobody looks into, like most."""


@dataclass(frozen=True)
class Cell:
    """One kind of load. `options` and `connect` are the generator's own (see `native/generator.c`)."""

    command: str
    options: dict[str, object]
    users: int = 32
    tabs: int = 2
    connect: dict[str, object] = field(default_factory=dict)


def _rpc(size: int, in_flight: int = 64, method: str = PLAIN, seconds: float = 1.0) -> Cell:
    return Cell("rpc", {"bytes": size, "inflight": in_flight, "seconds": seconds, "method": method})


def _burst(tabs: int, count: int, *, apart: bool = False) -> Cell:
    return Cell("burst", {"size": 50, "count": count}, users=4, tabs=tabs, connect={"apart": 1} if apart else {})


CELLS: dict[str, Cell] = {
    "rpc200": _rpc(200),
    "rpc200-filtered": _rpc(200, method="sessions.list"),
    "rpc4k": _rpc(4096),
    "rpc256k": _rpc(262_144, in_flight=8),
    "fan1": Cell("events", {"count": 4000}, users=4, tabs=1),
    "fan4": Cell("events", {"count": 2000}, users=4, tabs=4),
    "fan32": Cell("events", {"count": 500}, users=4, tabs=32),
    "tokens": Cell("tokens", {"rate": 50, "seconds": 1.5}, users=200, tabs=1),
    "burst1": _burst(1, 400),
    "burst4": _burst(4, 200),
    "burst32": _burst(32, 40),
    "burst4-apart": _burst(4, 200, apart=True),
    "burst32-apart": _burst(32, 40, apart=True),
    "lat200": _rpc(200, in_flight=1),
    "lat4k": _rpc(4096, in_flight=1),
    "lat256k": _rpc(262_144, in_flight=1),
}
MOST_USERS = max(cell.users for cell in CELLS.values())
