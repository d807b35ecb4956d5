"""Judge a gateway's refusal of `connect`: come back or not, when, and what its operator must do.

A table and a lookup; texts of the gateway's own go nowhere but into the log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from msgspec import DecodeError, Raw, Struct
from msgspec.json import Decoder

SLOW_RETRY_MS = 30_000
"""Between attempts that can only succeed once somebody has done something at the gateway."""
_RATE_LIMIT_MS = 300_000
_LONGEST_WAIT_MS = 3_600_000
_SAFE_IN_A_COMMAND = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway does not let us in."""

    code: str
    """The gateway's most precise code."""
    message: str
    """Safe to show to anybody."""
    remedy: str = ""
    """For whoever runs the gateway."""
    retryable: bool = False
    """The gateway itself says: later."""
    retry_after_ms: int | None = None
    fatal: bool = False
    """Trying again cannot help and may lock us out: stop until the route changes."""
    starting: bool = False
    """It is only not up yet."""
    device_token_rejected: bool = False
    """The device token is no longer good: try at once with the route's own token."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    message: str
    remedy: str
    fatal: bool = True


_TOKEN = _Verdict(
    "The gateway does not accept the token it was given.",
    "Put the gateway's current token (`gateway.auth.token` in its configuration) into the route.",
)
_PASSWORD = _Verdict(
    "The gateway asks for a password.",
    "Set `gateway.auth.mode` of the gateway to `token` or `trusted-proxy`.",
)
_DEVICE = _Verdict(
    "The gateway does not accept the door's device signature.",
    "Remove the route and add it again, so that it gets a new device, then pair it.",
)
_PROXY = _Verdict(
    "The gateway does not accept the door as a trusted proxy.",
    "List the door's address in `gateway.trustedProxies`, and check that `gateway.auth.trustedProxy.userHeader` "
    "is the route's identity header.",
)
_PAIRING = _Verdict("The gateway has not approved the door's device yet.", "", fatal=False)
_LATER = _Verdict(
    "The gateway does not let the door in at the moment.", "Wait: the door tries again by itself.", fatal=False
)

_VERDICTS = {
    "AUTH_TOKEN_MISMATCH": _TOKEN,
    "AUTH_TOKEN_MISSING": _TOKEN,
    "AUTH_TOKEN_NOT_CONFIGURED": _TOKEN,
    "AUTH_DEVICE_TOKEN_MISMATCH": _TOKEN,
    "AUTH_BOOTSTRAP_TOKEN_INVALID": _TOKEN,
    "AUTH_REQUIRED": _TOKEN,
    "AUTH_UNAUTHORIZED": _TOKEN,
    "AUTH_PASSWORD_MISSING": _PASSWORD,
    "AUTH_PASSWORD_MISMATCH": _PASSWORD,
    "AUTH_PASSWORD_NOT_CONFIGURED": _PASSWORD,
    "AUTH_IDENTITY_HEADER_REQUIRED": _PROXY,
    "AUTH_VERIFIED_USER_REQUIRED": _PROXY,
    "DEVICE_IDENTITY_REQUIRED": _PROXY,
    "DEVICE_AUTH_INVALID": _DEVICE,
    "DEVICE_AUTH_DEVICE_ID_MISMATCH": _DEVICE,
    "DEVICE_AUTH_NONCE_REQUIRED": _DEVICE,
    "DEVICE_AUTH_NONCE_MISMATCH": _DEVICE,
    "DEVICE_AUTH_SIGNATURE_INVALID": _DEVICE,
    "DEVICE_AUTH_PUBLIC_KEY_INVALID": _DEVICE,
    # A process that slept between challenge and answer; the next signature is fresh.
    "DEVICE_AUTH_SIGNATURE_EXPIRED": _LATER,
    "PROTOCOL_MISMATCH": _Verdict(
        "The gateway speaks a protocol this door does not know.",
        "Use an OpenClaw release with gateway protocol 3 or 4, or a newer door.",
    ),
    "AUTH_RATE_LIMITED": _Verdict(
        "The gateway has locked the door out after too many failed attempts.",
        "Wait for the lock to end (5 minutes), and correct the token before.",
        fatal=False,
    ),
    "NOT_PAIRED": _PAIRING,
    "PAIRING_REQUIRED": _PAIRING,
    "UNAVAILABLE": _LATER,
}
_UNKNOWN = _Verdict(
    "The gateway refused the connection. Ask whoever runs it.",
    "Read the gateway's log: it names the reason.",
    fatal=False,
)
_DEVICE_TOKEN_CODES = frozenset({"AUTH_DEVICE_TOKEN_MISMATCH", "AUTH_TOKEN_MISMATCH", "AUTH_SCOPE_MISMATCH"})


class _Error(Struct):
    code: str = "UNKNOWN"
    details: Raw = Raw()
    retryable: bool = False
    retryAfterMs: float | None = None


class _Details(Struct):
    code: str | None = None
    reason: str | None = None
    requestId: str | None = None


class _Answer(Struct):
    error: Raw


_answer = Decoder(_Answer)
_error = Decoder(_Error)
_details = Decoder(_Details)


def judge(body: bytes, *, used_device_token: bool = False) -> Refused:
    """What the error answer to `connect` means; `body` is that of a response."""
    error = _or_empty(_error, _or_empty(_answer, b"{" + body[1:], _Answer(Raw())).error, _Error())
    details = _or_empty(_details, error.details, _Details())
    code = details.code or error.code
    if code not in _VERDICTS and error.code in _VERDICTS:
        verdict = _VERDICTS[error.code]
    else:
        verdict = _VERDICTS.get(code, _UNKNOWN)
    rejected = used_device_token and code in _DEVICE_TOKEN_CODES
    fatal = verdict.fatal and not error.retryable and not rejected
    starting = error.code == "UNAVAILABLE" and details.reason == "startup-sidecars"
    wait_ms = _milliseconds(error.retryAfterMs)
    if wait_ms is None and not fatal and not rejected and not starting:
        wait_ms = _RATE_LIMIT_MS if code == "AUTH_RATE_LIMITED" else None if error.retryable else SLOW_RETRY_MS
    return Refused(
        code=code[:64],
        message="The gateway is starting up." if starting else verdict.message,
        remedy=_approve(details) if verdict is _PAIRING else verdict.remedy,
        retryable=error.retryable or starting or code == "AUTH_RATE_LIMITED",
        retry_after_ms=wait_ms,
        fatal=fatal,
        starting=starting,
        device_token_rejected=rejected,
    )


def missing_scopes(missing: list[str], *, identity: str = "") -> Refused:
    """A `hello-ok` that grants less than was asked: it looks fine, and every call would fail."""
    wanted = ", ".join(missing)
    if identity:
        remedy = f"Grant {wanted} to `{identity}` in `gateway.auth.identityScopes` of the gateway."
    else:
        remedy = (
            f"The gateway did not grant {wanted}: pair the door's device over the gateway's loopback address, "
            "or approve it with `openclaw devices list` and `openclaw devices approve <requestId>`."
        )
    return Refused("MISSING_SCOPE", "The gateway gives the door too few rights.", remedy, retry_after_ms=SLOW_RETRY_MS)


def unreadable(what: str) -> Refused:
    """A handshake frame that is not what the protocol says."""
    return Refused(
        "INVALID_HANDSHAKE",
        "The gateway's greeting could not be read.",
        f"Check that the route's address is that of an OpenClaw gateway: {what}.",
        retry_after_ms=SLOW_RETRY_MS,
    )


def _approve(details: _Details) -> str:
    request = details.requestId or ""
    if _SAFE_IN_A_COMMAND.fullmatch(request):
        return f"On the gateway's host run `openclaw devices approve {request}`."
    return "On the gateway's host run `openclaw devices list`, then `openclaw devices approve <requestId>`."


def _milliseconds(value: float | None) -> int | None:
    return None if value is None else int(min(max(value, 0), _LONGEST_WAIT_MS))


def _or_empty(decoder: Decoder[Any], raw: bytes | Raw, empty: Any) -> Any:
    """What the gateway says, or as if it had said nothing: a refusal is never unreadable."""
    try:
        return decoder.decode(raw)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return empty
