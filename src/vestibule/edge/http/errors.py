"""Errors as HTTP: a status by whose fault it is, and the same body everywhere.

`{"error": {"code", "message", "details"?, "retryable"?, "retryAfterMs"?, "mayHaveRun"?, "remedy"?}, "detail": message}`

`detail` is where clients of FastAPI services look. No exception's text ever gets here (S6).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vestibule.edge.http.bounds import BoundedBodies
from vestibule.edge.http.tracing import correlation_id
from vestibule.errors import ErrorCode, OurFault, VestibuleError
from vestibule.telemetry.log import get_logger

log = get_logger(__name__)

_STATUS: dict[str, int] = {
    ErrorCode.INVALID_REQUEST: 400,
    ErrorCode.UNKNOWN_METHOD: 404,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.NO_GATEWAY: 404,
    ErrorCode.CONFLICT: 409,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.OVERLOADED: 503,
    ErrorCode.GATEWAY_STARTING: 503,
    ErrorCode.GATEWAY_DOWN: 503,
    ErrorCode.RESTARTING: 503,
    ErrorCode.STORAGE: 503,
    ErrorCode.GATEWAY_LOST: 502,
    ErrorCode.GATEWAY_REFUSED: 502,
    ErrorCode.GATEWAY_REPLY: 502,
    ErrorCode.CONNECTION_CLOSED: 502,
    ErrorCode.GATEWAY_TIMEOUT: 504,
}
_CODES = {404: ErrorCode.NOT_FOUND, 413: ErrorCode.TOO_LARGE}
"""Of the framework's own errors."""
_LONGEST_MESSAGE = 500
_GATEWAY_STATUS = {"INVALID_REQUEST": 400, "FORBIDDEN": 403, "UNAVAILABLE": 503}


def error_response(error: VestibuleError, *, remedy: bool = False) -> JSONResponse:
    """An error of the door's. The remedy is for whoever runs the door, not for everybody (S6)."""
    fields: dict[str, Any] = {"code": error.code, "message": error.message}
    optional = {
        "details": error.details,
        "retryable": error.retryable or None,
        "retryAfterMs": error.retry_after_ms,
        "mayHaveRun": error.may_have_run,
        "remedy": error.remedy if remedy else None,
    }
    fields |= {name: value for name, value in optional.items() if value is not None}
    return _response(_STATUS.get(error.code, 500), fields)


def error_object_response(error: dict[str, Any]) -> JSONResponse:
    """An error object of an answer, the gateway's own or the door's, unchanged, under the status that fits its code."""
    code = str(error.get("code"))
    return _response(_GATEWAY_STATUS.get(code) or _STATUS.get(code, 502), error)


def _response(status: int, error: dict[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    body = {"error": error, "detail": error.get("message")}
    return JSONResponse(body, status_code=status, headers={**challenge, **(headers or {})})


def install(app: FastAPI) -> None:
    """Answer every error of the application in this shape."""

    @app.exception_handler(VestibuleError)
    async def ours(request: Request, error: VestibuleError) -> JSONResponse:
        response = error_response(error, remedy=getattr(request.state, "runs_door", False))
        if isinstance(error, OurFault):
            _log(request.scope, response, error)
        return response

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        message = f"{where}: {first['msg']}" if where else first["msg"]
        if first["loc"] == ("body",) and "json" not in request.headers.get("content-type", ""):
            message = "The body must be JSON: send Content-Type: application/json."
        return _response(400, {"code": ErrorCode.INVALID_REQUEST, "message": message[:_LONGEST_MESSAGE]})

    @app.exception_handler(HTTPException)
    async def plain(_request: Request, error: HTTPException) -> JSONResponse:
        code = _CODES.get(error.status_code, ErrorCode.INVALID_REQUEST)
        return _response(error.status_code, {"code": code, "message": str(error.detail)}, error.headers)

    app.add_middleware(BoundedBodies)
    app.add_middleware(Defects)


class Defects:
    """The last line before the server: a defect of ours is a public sentence for the client, all of it for the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http":
                raise
            response = error_response(OurFault())
            _log(scope, response, error)
            if begun:
                raise  # half an answer is out: the server cuts the connection
            await response(scope, receive, send)


def _log(scope: Scope, response: JSONResponse, error: Exception) -> None:
    """All of a fault of ours, under a number that the client is told (S6)."""
    call = correlation_id(Headers(scope=scope))
    response.headers["X-Correlation-Id"] = call
    remedy = getattr(error, "remedy", None)
    log.error("http.failed", call=call, method=scope["method"], path=scope["path"], remedy=remedy, exc_info=error)
