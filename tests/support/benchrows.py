"""Rows of the benchmark, as a run would have them."""

from __future__ import annotations

from bench.results import Row


def row(relay: str, number: int, us: float, *, cell: str = "rpc200", foreign: float = 0.0, **values: float) -> Row:
    return Row(cell, relay, number, {"us": us, "p50_us": us, "p99_us": us, "foreign": foreign, **values})


def failed(relay: str, number: int, *, cell: str = "rpc200") -> Row:
    return Row(cell, relay, number, {}, f"{relay} is not there")
