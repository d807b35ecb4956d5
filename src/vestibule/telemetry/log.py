"""Structured logs: one line per event, `noun.verb` with fields, secrets never in a field.

`configure()` is called once by the process; modules take `log = get_logger(__name__)`.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any, TextIO

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_SECRET_FIELDS = re.compile(
    r"token|secret|password|authorization|cookie|credential|api_?key|seed|signature", re.IGNORECASE
)
_IN_URL = re.compile(r"((?:token|ticket|secret|password)=)[^&\s\"']+", re.IGNORECASE)
_BEARER = re.compile(r"\b(Bearer\s+|vestibule\.token\.)[\w.\-~+/=]+", re.IGNORECASE)
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+")
_LONGEST_FIELD = 2_000
_LONGEST_TRACE = 20_000
"""Of a longer traceback the end is kept: that is where the error is."""
_TRACE = "exception"
HIDDEN = "***"


def redact(text: str) -> str:
    """`text` without anything that looks like a credential, and not longer than a log line should be."""
    text = _without_credentials(text)
    return text if len(text) <= _LONGEST_FIELD else f"{text[:_LONGEST_FIELD]}… ({len(text)} characters)"


def _without_credentials(text: str) -> str:
    return _JWT.sub(HIDDEN, _BEARER.sub(rf"\1{HIDDEN}", _IN_URL.sub(rf"\1{HIDDEN}", text)))


def _redact_fields(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in fields.items():
        if name == _TRACE:
            continue  # `_redact_exception` has seen to it
        if _SECRET_FIELDS.search(name) and isinstance(value, (str, bytes)):
            fields[name] = HIDDEN
        elif isinstance(value, str):
            fields[name] = redact(value)
        elif isinstance(value, bytes):
            fields[name] = redact(value.decode("utf-8", "replace"))
    return fields


def _redact_exception(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if isinstance(trace := fields.get(_TRACE), str):
        trace = _without_credentials(trace)
        fields[_TRACE] = trace if len(trace) <= _LONGEST_TRACE else f"… {trace[-_LONGEST_TRACE:]}"
    return fields


class _Handler(logging.StreamHandler[TextIO]):
    """Ours among the handlers others may have put on the root logger."""


def configure(*, level: str = "info", style: str = "auto", stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's loggers to `stream` (stderr) in one shape."""
    stream = stream or sys.stderr
    console = style == "console" or (style == "auto" and stream.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _redact_fields,
        structlog.processors.format_exc_info,
        _redact_exception,
    ]
    renderer: Any = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _Handler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _redact_fields,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    for earlier in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for noisy in (
        "uvicorn.access",
        "alembic",
        "sqlalchemy.engine",
        "websockets",
        "asyncio",
        "httpx",
        "aiosqlite",
    ):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module: `log.info("gateway.ready", owner=owner, took_ms=41)`."""
    return structlog.stdlib.get_logger(name)
