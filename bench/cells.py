"""Cells that are a steady load on connected clients: who is connected, what they do, what it costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.cpu import Meter

if TYPE_CHECKING:
    from bench.generator import Generator
    from bench.relays import Relay
    from bench.results import Values

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


ROAD: dict[str, Cell] = {
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
    "burst1-apart": _burst(1, 400, apart=True),
    "burst4-apart": _burst(4, 200, apart=True),
    "burst32-apart": _burst(32, 40, apart=True),
}
LATENCY: dict[str, Cell] = {
    "lat200": _rpc(200, in_flight=1),
    "lat4k": _rpc(4096, in_flight=1),
    "lat256k": _rpc(262_144, in_flight=1),
}
CHAT: dict[str, Cell] = {"chat": Cell("chat", {"turns": 40, "chunks": 100, "rate": 200}, users=20, tabs=1)}
CELLS = ROAD | LATENCY | CHAT
MOST_USERS = max(cell.users for cell in CELLS.values())


def measure(load: Generator, relay: Relay, name: str) -> Values:
    """One slice: the relay's CPU time per unit, and latencies."""
    cell = CELLS[name]
    load.say("connect", **relay.target(), users=cell.users, tabs=cell.tabs, **cell.connect)
    return costed(load, relay, cell.command, **cell.options)


def costed(load: Generator, relay: Relay, command: str, /, **options: object) -> Values:
    """A command's `us` per unit, `p50_us`, `p99_us` and `units`, and how `foreign` the machine was meanwhile."""
    meter = Meter(load, relay)
    answer = load.say(command, **options)
    spent, foreign = meter.read()
    return {
        "us": spent / 1_000 / answer["units"],
        "p50_us": answer["p50_us"],
        "p99_us": answer["p99_us"],
        "units": answer["units"],
        "foreign": foreign,
    }
