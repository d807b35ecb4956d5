"""S1, S2, S5: what a log line shows and what it does not."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest
import structlog

from vestibule.model import Secret
from vestibule.telemetry.log import configure, get_logger, redact

if TYPE_CHECKING:
    from collections.abc import Iterator

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    written = io.StringIO()
    configure(level="debug", style="json", stream=written)
    structlog.configure(cache_logger_on_first_use=False)
    yield written
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_an_event_is_one_line_of_json(lines: io.StringIO) -> None:
    get_logger("x").info("gateway.ready", owner="ada", took_ms=41)
    line = json.loads(lines.getvalue())
    assert (line["event"], line["owner"], line["took_ms"], line["level"]) == ("gateway.ready", "ada", 41, "info")
    assert lines.getvalue().count("\n") == 1


def test_no_secret_in_any_field(lines: io.StringIO) -> None:
    """S1: by the field's name, by the value's looks, and by its type."""
    get_logger("x").warning("x.y", token="abc", url="ws://h/ws?token=abc&x=1", said=f"Bearer {JWT}", kept=Secret("abc"))
    text = lines.getvalue()
    assert "abc" not in text
    assert JWT not in text
    assert "x=1" in text


def test_no_secret_in_a_traceback(lines: io.StringIO) -> None:
    """S6: an exception's text goes to the log, its credentials do not."""
    try:
        raise ValueError(f"GET /ws?ticket=abc with {JWT}")
    except ValueError:
        get_logger("x").exception("x.failed")
    assert "ValueError" in lines.getvalue()
    assert "abc" not in lines.getvalue()
    assert JWT not in lines.getvalue()


@pytest.mark.parametrize("said", ["what it was about", "x" * 1_000_000 + " at the end"], ids=["deep", "long"])
def test_the_end_of_a_traceback_is_kept(lines: io.StringIO, said: str) -> None:
    """S5, S6: however deep the stack was, the error itself is there; however long it is, the line is bounded."""

    def one(left: int) -> None:
        other(left - 1)

    def other(left: int) -> None:  # two that call each other: Python folds equal lines of a traceback
        if left > 0:
            one(left)
        raise ValueError(said)

    try:
        one(60)
    except ValueError:
        get_logger("x").exception("x.failed")
    trace = json.loads(lines.getvalue())["exception"]
    assert trace.endswith(said[-10:])
    assert len(trace) < 21_000


def test_other_libraries_speak_in_the_same_shape(lines: io.StringIO) -> None:
    logging.getLogger("elsewhere").warning("connected with token=%s", "abc")
    assert json.loads(lines.getvalue())["event"] == "connected with token=***"


def test_long_texts_are_cut() -> None:
    """S5: nobody fills the log with one frame."""
    assert len(redact("x" * 1_000_000)) < 2_100
