"""The `traceparent` header (W3C Trace Context): taken along if it is one, ignored if not, as the standard says."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def traceparent(request: Request) -> str | None:
    """The caller's trace, to be handed on to the gateway."""
    return _read(request.headers)


def correlation_id(headers: Mapping[str, str]) -> str:
    """What the log lines of a request and its answer have in common: the caller's trace id, else one made here."""
    trace = _read(headers)
    return trace.split("-")[1] if trace else secrets.token_hex(16)


def _read(headers: Mapping[str, str]) -> str | None:
    given = headers.get("traceparent", "")
    return given if _TRACEPARENT.fullmatch(given) else None


Trace = Annotated[str | None, Depends(traceparent)]
