"""When a cron job runs next: once, every so often, or by a cron expression.

Pure: the schedule and the time go in. Cron expressions have five fields, or six with seconds first.
"""

from __future__ import annotations

import calendar
import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vestibule.testing.wire import JSON, RpcError

_SEARCHED = timedelta(days=366 * 8)
"""A 29th of February comes again within this."""
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))}


def checked_schedule(schedule: Any) -> JSON:
    """A copy of a schedule of a known kind, or the gateway's complaint."""
    if not isinstance(schedule, dict):
        raise RpcError("invalid cron.add params: at /schedule: must be object")
    needs = {"at": "at", "every": "everyMs", "cron": "expr", "on-exit": None, "stream": None}
    kind = schedule.get("kind")
    if kind not in needs:
        raise RpcError("invalid cron.add params: at /schedule/kind: must be equal to one of the allowed values")
    field = needs[kind]
    if field is not None and field not in schedule:
        raise RpcError(f"invalid cron.add params: at /schedule: must have required property '{field}'")
    if kind == "cron":
        CronExpression.parse(schedule["expr"])
    elif kind == "at":
        _moment_ms(schedule["at"])
    elif kind == "every" and (not isinstance(schedule["everyMs"], int) or schedule["everyMs"] < 1):
        raise RpcError("invalid cron.add params: at /schedule/everyMs: must be >= 1")
    return copy.deepcopy(schedule)


def next_run_ms(schedule: JSON, *, now_ms: int, created_ms: int) -> int | None:
    """The first time after now; None when there is none, or something else starts the job."""
    match schedule["kind"]:
        case "at":
            at_ms = _moment_ms(schedule["at"])
            return at_ms if at_ms > now_ms else None
        case "every":
            anchor_ms, every_ms = schedule.get("anchorMs", created_ms), schedule["everyMs"]
            return int(anchor_ms + max(0, (now_ms - anchor_ms) // every_ms + 1) * every_ms)
        case "cron":
            now = datetime.fromtimestamp(now_ms / 1_000, _zone(schedule.get("tz")))
            found = CronExpression.parse(schedule["expr"]).after(now)
            return int(found.timestamp() * 1_000) if found is not None else None
    return None


@dataclass(frozen=True, slots=True)
class CronExpression:
    """What the fields of an expression allow."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    either_day: bool
    """Both kinds of day are restricted: one of them is enough."""

    @classmethod
    def parse(cls, text: Any) -> CronExpression:
        """Read one, or complain as the gateway does."""
        fields = str(text).split()
        try:
            seconds, minutes, hours, days, months, weekdays = fields if len(fields) == 6 else ["0", *fields]
            return cls(
                _allowed(seconds, 0, 59),
                _allowed(minutes, 0, 59),
                _allowed(hours, 0, 23),
                _allowed(days, 1, 31),
                _allowed(months, 1, 12, _MONTHS),
                frozenset(day % 7 for day in _allowed(weekdays, 0, 7, _DAYS)),
                either_day=days[0] not in "*?" and weekdays[0] not in "*?",
            )
        except ValueError:
            raise RpcError(f"invalid cron expression: {text}") from None

    def after(self, moment: datetime) -> datetime | None:
        """The first time after a moment, in its zone."""
        day, last = moment.date(), moment.date() + _SEARCHED
        while day <= last:
            if self._has(day):
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        for second in sorted(self.seconds):
                            found = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=moment.tzinfo)
                            if found > moment:
                                return found
            day += timedelta(days=1)
        return None

    def _has(self, day: date) -> bool:
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and ((in_month or in_week) if self.either_day else (in_month and in_week))


def _allowed(field: str, least: int, most: int, names: dict[str, int] | None = None) -> frozenset[int]:
    """The numbers a field stands for: `*`, `3`, `1-5`, `*/15`, `MON,WED`. Raises ValueError."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, final = span.partition("-")
        if span in ("*", "?"):
            start, end = least, most
        else:
            start = _number(first, names)
            end = _number(final, names) if final else (most if step else start)
        if not least <= start <= end <= most:
            raise ValueError(part)
        found.update(range(start, end + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, names: dict[str, int] | None) -> int:
    known = (names or {}).get(text.upper())
    return int(text) if known is None else known


def _zone(name: Any) -> tzinfo | None:
    """A named zone; None, the host's own, where it is not known here."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _moment_ms(value: Any) -> int:
    if isinstance(value, int):
        return value
    try:
        return int(datetime.fromisoformat(str(value)).timestamp() * 1_000)
    except ValueError:
        raise RpcError(f"invalid cron.add params: at /schedule/at: not a time: {value}") from None
