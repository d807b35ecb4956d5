"""The error objects a gateway refuses a `connect` with.

Shapes only; who gets which is decided in `admission`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vestibule.testing.wire import JSON, RpcError

if TYPE_CHECKING:
    from vestibule.testing.devices import Device


def protocol_mismatch(expected: int, low: int, high: int) -> RpcError:
    """The refusal of a protocol range."""
    if expected == 3:
        return RpcError("protocol mismatch", details={"expectedProtocol": 3})
    return RpcError(
        "protocol mismatch",
        details={
            "code": "PROTOCOL_MISMATCH",
            "clientMinProtocol": low,
            "clientMaxProtocol": high,
            "expectedProtocol": expected,
            "minimumProbeProtocol": 3,
        },
    )


def token_mismatch(*, can_retry: bool = False) -> RpcError:
    """The refusal of a wrong token."""
    return unauthorized(
        "AUTH_TOKEN_MISMATCH",
        "token_mismatch",
        "unauthorized: gateway token mismatch (provide gateway auth token)",
        can_retry=can_retry,
    )


def rate_limited(retry_after_ms: int) -> RpcError:
    """The refusal of a peer that failed too often."""
    error = unauthorized(
        "AUTH_RATE_LIMITED",
        "rate_limited",
        "unauthorized: too many failed authentication attempts (retry later)",
        next_step="wait_then_retry",
    )
    error.retryable, error.retry_after_ms = True, retry_after_ms
    return error


def device_required() -> RpcError:
    """The refusal of a connect with neither credential nor device."""
    return RpcError("device identity required", code="NOT_PAIRED", details={"code": "DEVICE_IDENTITY_REQUIRED"})


def not_paired(
    device: Device, request_id: str, reason: str = "not-paired", approved: list[str] | None = None
) -> RpcError:
    """The refusal of a device that waits for approval."""
    why = {
        "not-paired": "device is not approved yet",
        "metadata-upgrade": "device metadata changed",
        "scope-upgrade": "device asks for more scopes than approved",
    }[reason]
    details: JSON = {
        "code": "PAIRING_REQUIRED",
        "reason": reason,
        "requestId": request_id,
        "remediationHint": f"Approve this device: openclaw devices approve {request_id}",
        "deviceId": device.id,
        "requestedRole": device.role,
        "requestedScopes": device.scopes,
    }
    if approved is not None:
        details["approvedScopes"] = approved
    return RpcError(f"pairing required: {why}", code="NOT_PAIRED", details=details)


def starting(retry_after_ms: int) -> RpcError:
    """The refusal of a gateway that is still booting."""
    return RpcError(
        "gateway starting; retry shortly",
        code="UNAVAILABLE",
        details={"reason": "startup-sidecars"},
        retryable=True,
        retry_after_ms=retry_after_ms,
    )


def unauthorized(
    code: str, reason: str, message: str, *, can_retry: bool = False, next_step: str = "update_auth_credentials"
) -> RpcError:
    """The refusal of a credential."""
    return RpcError(
        message,
        details={
            "code": code,
            "authReason": reason,
            "canRetryWithDeviceToken": can_retry,
            "recommendedNextStep": next_step,
        },
    )


def origin_refused(reason: str) -> RpcError:
    """The refusal of a browser from elsewhere."""
    remedy = "open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins"
    return RpcError(
        f"origin not allowed ({remedy})",
        details={"code": "CONTROL_UI_ORIGIN_NOT_ALLOWED", "reason": reason},
    )
