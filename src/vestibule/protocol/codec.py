"""The one place from which others take decoders and encoders.

Has no code of its own: see `decoding` and `encoding`.
"""

from __future__ import annotations

from vestibule.protocol.decoding import MAX_ID_BYTES, decode_client, decode_gateway
from vestibule.protocol.encoding import (
    DOOR_PROTOCOL,
    door_clients,
    door_gateway,
    encode_request,
    error_body,
    error_frame,
    event_head,
    hello,
    notice,
    ok_body,
    pong,
    push_head,
    refusal,
    response,
    status,
    with_seq,
)
from vestibule.protocol.frames import GatewayEvent, GatewayFrame, GatewayResponse

__all__ = [
    "DOOR_PROTOCOL",
    "MAX_ID_BYTES",
    "GatewayEvent",
    "GatewayFrame",
    "GatewayResponse",
    "decode_client",
    "decode_gateway",
    "door_clients",
    "door_gateway",
    "encode_request",
    "error_body",
    "error_frame",
    "event_head",
    "hello",
    "notice",
    "ok_body",
    "pong",
    "push_head",
    "refusal",
    "response",
    "status",
    "with_seq",
]
