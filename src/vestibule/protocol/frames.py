"""Frames of the gateway wire and of the door protocol, as far as the door looks into them.

Payloads and params stay raw JSON (`msgspec.Raw`): whoever needs to look inside says so by method.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Raw, Struct, UnsetType


class GatewayEvent(Struct, frozen=True, tag_field="type", tag="event", rename={"state_version": "stateVersion"}):
    """`event` as the gateway sent it; `payload` and `state_version` are raw JSON, `seq` is the gateway's own."""

    event: str
    payload: Raw = Raw(b"{}")
    seq: int | None = None
    state_version: Raw | UnsetType = UNSET


class GatewayResponse(Struct, frozen=True):
    """`res` of the gateway: our id, and everything behind the id as it goes to whoever asked."""

    upstream_id: str
    body: bytes
    """`,"ok":true,"payload":...}` or `,"ok":false,"error":{...}}`."""
    ok: bool


GatewayFrame = GatewayEvent | GatewayResponse


class Request(Struct, frozen=True):
    """Client -> door: `req`. `frame_id` is the raw JSON of the client's id."""

    frame_id: bytes
    method: str
    params: bytes = b""
    timeout_ms: int | None = None
    traceparent: str | None = None


class AgentChat(Struct, frozen=True):
    """Client -> door: `agent_chat`."""

    agent_name: str
    message: str
    id: str | None = None
    session_key: str | None = None
    attachments: list[dict[str, Any]] | None = None
    traceparent: str | None = None


class ChatAbort(Struct, frozen=True):
    """Client -> door: `chat_abort`; by run, or everything of an agent's session."""

    run_id: str | None = None
    agent_name: str | None = None
    session_key: str | None = None


class Resume(Struct, frozen=True):
    """Client -> door: `resume`, where the client left the owner's stream."""

    epoch: str
    offset: int


class Refresh(Struct, frozen=True):
    """Client -> door: `auth`, a fresh token for the live socket."""

    token: str


class Ping(Struct, frozen=True):
    """Client -> door: `ping`."""


ClientFrame = Request | AgentChat | ChatAbort | Resume | Refresh | Ping
