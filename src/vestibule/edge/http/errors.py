"""Errors as HTTP: a status by whose fault it is, and the same body everywhere.

`{"error": {"code", "message", "details"?, "retryable"?, "retryAfterMs"?, "remedy"?}}`
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from vestibule.errors import ErrorCode, VestibuleError
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
    status = _STATUS.get(error.code, 500)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"error": fields}, status_code=status, headers=headers)


def error_object_response(error: dict[str, Any]) -> JSONResponse:
    """An error object of an answer, the gateway's own or the door's, unchanged, under the status that fits its code."""
    code = str(error.get("code"))
    status = _GATEWAY_STATUS.get(code) or _STATUS.get(code, 502)
    return JSONResponse({"error": error}, status_code=status)


def install(app: FastAPI) -> None:
    """Answer every error of the application in this shape."""

    @app.exception_handler(VestibuleError)
    async def ours(request: Request, error: VestibuleError) -> JSONResponse:
        if error.code is ErrorCode.INTERNAL:
            log.error("http.failed", path=request.url.path, exc_info=error)
        runs_door = getattr(request.state, "runs_door", False)
        return error_response(error, remedy=runs_door)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        message = f"{where}: {first['msg']}" if where else first["msg"]
        return JSONResponse({"error": {"code": ErrorCode.INVALID_REQUEST, "message": message}}, status_code=400)

    @app.exception_handler(HTTPException)
    async def plain(_request: Request, error: HTTPException) -> JSONResponse:
        code = ErrorCode.NOT_FOUND if error.status_code == 404 else ErrorCode.INVALID_REQUEST
        return JSONResponse(
            {"error": {"code": code, "message": str(error.detail)}},
            status_code=error.status_code,
            headers=error.headers,
        )

    @app.exception_handler(Exception)
    async def defect(request: Request, error: Exception) -> JSONResponse:
        # A defect of ours: the log has it all, the client a public sentence (S6).
        log.error("http.failed", path=request.url.path, exc_info=error)
        return error_response(VestibuleError())
