"""Encode what the door sends: requests to gateways, answers and its own frames to clients.

Splices raw payloads as they are; holds no state but a bounded cache of encoded method names.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Raw
from msgspec.json import Encoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vestibule.errors import VestibuleError
    from vestibule.model import GatewayHello, GatewayStatus, Principal
    from vestibule.protocol.frames import GatewayEvent

DOOR_PROTOCOL = 1
_LONGEST_REASON = 256
_LONGEST_VERSION = 64

_encode = Encoder().encode
_PONG = b'{"type":"pong"}'


@lru_cache(maxsize=1024)
def _quoted(text: str) -> bytes:
    return _encode(text)


# To the gateway.


def encode_request(upstream_id: str | int, method: str, params: bytes, traceparent: str | None) -> bytes:
    """A `req` for the gateway, built anew: nothing a client sent beside these fields can slip past policy.

    `params` is raw JSON, or empty for none. Wire 3 refuses `traceparent`: pass None there.
    """
    id_, named, given = str(upstream_id).encode(), _quoted(method), params or b"{}"
    if traceparent is None:
        return b'{"type":"req","id":"%b","method":%b,"params":%b}' % (id_, named, given)
    trace = _encode(traceparent)
    return b'{"type":"req","id":"%b","method":%b,"params":%b,"traceparent":%b}' % (id_, named, given, trace)


# Answers.


def response(frame_id: bytes, body: bytes) -> bytes:
    """A `res` for the client: its own id, byte for byte, and the body from whoever answered."""
    return b'{"type":"res","id":' + frame_id + body


def ok_body(payload: bytes) -> bytes:
    """The body of a good answer; `payload` is raw JSON."""
    return b',"ok":true,"payload":' + payload + b"}"


def error_body(error: VestibuleError) -> bytes:
    """The body of an answer that is an error of the door's. The gateway's own errors never come through here."""
    return b',"ok":false,"error":' + _encode(_error(error)) + b"}"


# Whole frames: they are not part of the owner's stream.


def hello(
    *,
    connection_id: str,
    principal: Principal,
    epoch: str,
    offset: int,
    recovered: bool,
    status: GatewayStatus,
    gateway: GatewayHello | None,
    max_payload_bytes: int,
    ping_interval_ms: int,
    rpc_timeout_ms: int,
) -> bytes:
    """The first frame of every client. Under 2 KB: thousands reconnect at once."""
    who: dict[str, Any] = {
        "member": principal.member,
        "owner": principal.owner,
        "role": principal.role,
        "scopes": sorted(principal.scopes),
    }
    if principal.expires_at is not None:
        who["expiresAtMs"] = int(principal.expires_at * 1000)
    return _encode(
        {
            "type": "hello",
            "protocol": DOOR_PROTOCOL,
            "connectionId": connection_id,
            "principal": who,
            "epoch": epoch,
            "offset": offset,
            "recovered": recovered,
            "gateway": _gateway(status, gateway),
            "policy": {
                "maxPayload": max_payload_bytes,
                "pingIntervalMs": ping_interval_ms,
                "rpcTimeoutMs": rpc_timeout_ms,
            },
        }
    )


def status(state: GatewayStatus) -> bytes:
    """The state of the owner's gateway, whenever it changes."""
    return _encode({"type": "status", **_status(state)})


def pong() -> bytes:
    """The answer to `ping`."""
    return _PONG


def notice(fields: Mapping[str, Any]) -> bytes:
    """Any other frame outside the stream; `fields` begins with `type`."""
    return _encode(fields)


def error_frame(
    message: str, code: str, *, id: bytes | str | None = None, run_id: str | None = None, **extra: Any
) -> bytes:
    """An `error` outside the stream: addressed by the frame's id (raw JSON if bytes) or the run's, else a notice."""
    return _encode({"type": "error", "message": message, "code": code, **_address(id, run_id), **extra})


def refusal(error: VestibuleError, *, id: bytes | None = None, turn_ended: bool = False) -> bytes:
    """An `error` outside the stream for a frame that is not a `req`, with all that a `res` would say."""
    end = {"turnEnded": True} if turn_ended else {}
    return _encode({"type": "error", **_error(error), **_address(id, None), **end})


def door_gateway(
    status: GatewayStatus,
    gateway: GatewayHello | None,
    *,
    methods: Iterable[str],
    scopes: Iterable[str],
    device_id: str | None,
) -> bytes:
    """The payload of the door's own method `door.gateway`: what the gateway offers, and what this member may.

    `device_id` is the one the gateway knows this door by.
    """
    return _encode(
        {
            **_gateway(status, gateway),
            "methods": sorted(methods),
            "scopes": sorted(scopes),
            "policy": Raw(gateway.policy) if gateway else {},
            "deviceId": device_id,
        }
    )


def door_clients(clients: Iterable[Mapping[str, Any]]) -> bytes:
    """The payload of the door's own method `door.clients`: who else of this owner is attached."""
    return _encode({"clients": list(clients)})


# Pushed frames: encoded once without their end, `with_seq` completes one per client.


def push_head(fields: Mapping[str, Any], offset: int) -> bytes:
    """A pushed frame up to its `seq`. `fields` begins with `type`; values may be `msgspec.Raw`."""
    return b'%b,"offset":%d' % (_encode(fields)[:-1], offset)


def event_head(event: GatewayEvent, offset: int) -> bytes:
    """A gateway's event up to its `seq`, payload untouched."""
    name, payload, version = _quoted(event.event), event.payload, event.state_version
    if version is UNSET:
        return b'{"type":"event","event":%b,"payload":%b,"offset":%d' % (name, payload, offset)
    return b'{"type":"event","event":%b,"payload":%b,"stateVersion":%b,"offset":%d' % (name, payload, version, offset)


def with_seq(head: bytes, seq: int) -> bytes:
    """The whole frame for one client."""
    return b'%b,"seq":%d}' % (head, seq)


def _error(error: VestibuleError) -> dict[str, Any]:
    fields: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.details is not None:
        fields["details"] = error.details
    if error.retryable:
        fields["retryable"] = True
    if error.retry_after_ms is not None:
        fields["retryAfterMs"] = error.retry_after_ms
    if error.may_have_run is not None:
        fields["mayHaveRun"] = error.may_have_run
    return fields


def _gateway(status: GatewayStatus, gateway: GatewayHello | None) -> dict[str, Any]:
    fields = _status(status)
    if gateway is not None:
        fields |= {"version": gateway.version[:_LONGEST_VERSION], "protocol": gateway.protocol}
    return fields


def _status(status: GatewayStatus) -> dict[str, Any]:
    fields: dict[str, Any] = {"state": status.state, "reason": status.reason[:_LONGEST_REASON]}
    if status.retry_in_ms is not None:
        fields["retryInMs"] = status.retry_in_ms
    return fields


def _address(id: bytes | str | None, run_id: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if id is not None:
        fields["id"] = Raw(id) if isinstance(id, bytes) else id
    if run_id is not None:
        fields["runId"] = run_id
    return fields
