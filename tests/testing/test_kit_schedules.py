from __future__ import annotations

import struct
import zoneinfo
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from vestibule.testing.schedules import CronExpression, checked_schedule, next_run_ms
from vestibule.testing.wire import RpcError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize(
    ("expression", "now", "then"),
    [
        ("0 3 * * *", "2026-11-25 12:15", "2026-11-26 03:00"),
        ("0 3 * * *", "2026-11-25 03:00", "2026-11-26 03:00"),
        ("*/15 * * * *", "2026-11-25 12:15:30", "2026-11-25 12:30"),
        ("5/20 8-9 * * *", "2026-11-25 09:46", "2026-11-26 08:05"),
        ("30 7 * * 1-5", "2026-11-27 08:00", "2026-11-30 07:30"),
        ("30 7 * * MON,wed", "2026-11-27 08:00", "2026-11-30 07:30"),
        ("0 0 * * 7", "2026-11-25 12:00", "2026-11-29 00:00"),
        ("0 0 1 * 5", "2026-11-25 12:00", "2026-11-27 00:00"),
        ("0 0 1 JAN ?", "2026-11-25 12:00", "2027-01-01 00:00"),
        ("0 0 29 2 *", "2026-11-25 12:00", "2028-02-29 00:00"),
        ("10 0 12 * * *", "2026-11-25 12:00", "2026-11-25 12:00:10"),
    ],
)
def test_the_next_time_of_an_expression(expression: str, now: str, then: str) -> None:
    """Strictly later; of two kinds of days one is enough."""
    assert CronExpression.parse(expression).after(datetime.fromisoformat(now)) == datetime.fromisoformat(then)


def test_a_day_that_never_comes() -> None:
    assert CronExpression.parse("0 0 30 2 *").after(datetime.fromisoformat("2026-11-25")) is None


@pytest.fixture
def kathmandu(tmp_path: Path) -> Iterator[str]:
    """The name of a zone 5:45 h before London; not every host has files of zones."""
    counts, only_type = struct.pack(">6l", 0, 0, 0, 0, 1, 4), struct.pack(">lbb", 20_700, 0, 0)
    (tmp_path / "Kathmandu").write_bytes(b"TZif" + bytes(16) + counts + only_type + b"KTM\0")
    zoneinfo.reset_tzpath([tmp_path])
    yield "Kathmandu"
    zoneinfo.reset_tzpath()


def test_an_expression_counts_in_its_zone(kathmandu: str) -> None:
    """At noon in London it is evening there; a zone that is not known here is the host's own."""
    noon = int(datetime.fromisoformat("2026-11-25T12:15:00+00:00").timestamp() * 1_000)
    three = int(datetime.fromisoformat("2026-11-26T03:00:00+05:45").timestamp() * 1_000)

    schedule = {"kind": "cron", "expr": "0 3 * * *", "tz": kathmandu}

    assert next_run_ms(schedule, now_ms=noon, created_ms=0) == three
    assert next_run_ms({**schedule, "tz": "Nowhere"}, now_ms=noon, created_ms=0) == next_run_ms(
        {**schedule, "tz": None}, now_ms=noon, created_ms=0
    )


def test_what_comes_every_so_often_keeps_its_beat() -> None:
    every = {"kind": "every", "everyMs": 1_000}
    assert next_run_ms(every, now_ms=5_300, created_ms=200) == 6_200
    assert next_run_ms(every, now_ms=6_200, created_ms=200) == 7_200
    assert next_run_ms({**every, "anchorMs": 9_000}, now_ms=5_300, created_ms=200) == 9_000


def test_what_comes_once_is_over_then() -> None:
    at = {"kind": "at", "at": "1970-01-01T00:00:05+00:00"}
    assert next_run_ms(at, now_ms=4_999, created_ms=0) == 5_000
    assert next_run_ms(at, now_ms=5_000, created_ms=0) is None
    assert next_run_ms({"kind": "on-exit"}, now_ms=0, created_ms=0) is None


@pytest.mark.parametrize(
    "schedule",
    [
        *({"kind": "cron", "expr": each} for each in ("* * *", "60 * * * *", "* * 0 * *", "5-1 * * * *", "x * * * *")),
        *({"kind": "cron", "expr": each} for each in ("*/0 * * * *", "")),
        {"kind": "every", "everyMs": 0},
        {"kind": "every"},
        {"kind": "at", "at": "tomorrow"},
        {"kind": "sometimes"},
        "daily",
    ],
)
def test_what_is_no_schedule_is_refused(schedule: object) -> None:
    with pytest.raises(RpcError, match="invalid cron"):
        checked_schedule(schedule)
