"""Is the process alive, does it take clients, and what does it count. No credential needed."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from vestibule.edge.http.bearer import Door
from vestibule.telemetry import metrics
from vestibule.version import __version__

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process runs and its loop turns."""
    return {"status": "live", "version": __version__}


@router.get("/readyz", responses={503: {"description": "Starting, stopping, or without its storage."}})
async def readyz(door: Door) -> JSONResponse:
    """New clients are welcome."""
    reason = await door.not_ready()
    return JSONResponse({"ready": not reason, "reason": reason}, status_code=503 if reason else 200)


@router.get("/metrics", response_class=Response)
async def prometheus(door: Door) -> Response:
    """Prometheus metrics."""
    if not door.settings.metrics:
        return Response(status_code=404)
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
