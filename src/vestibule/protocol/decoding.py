"""Decode what clients and gateways send, envelope only: params and payloads stay raw, byte for byte.

Raises BadFrame and nothing else, whatever the bytes; never looks into a payload.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from msgspec.json import Decoder

from vestibule.errors import BadFrame, GatewayReply
from vestibule.protocol.encoding import error_body
from vestibule.protocol.frames import (
    AgentChat,
    ChatAbort,
    ClientFrame,
    GatewayEvent,
    GatewayFrame,
    GatewayResponse,
    Ping,
    Refresh,
    Request,
    Resume,
)

MAX_ID_BYTES = 256
_LONGEST_TYPE_SHOWN = 64
_LARGEST_MENDED = 1 << 20

_Text = Annotated[str, Meta(max_length=256)]
_Count = Annotated[int, Meta(ge=0, le=2**53)]
_NULL = b"null"
_NO_ID = (b"", b'""', b"null")
_RESPONSE = b'{"type":"res","id":"'
_ID_AT = len(_RESPONSE)
_GOOD, _BAD = b',"ok":true,"payload":', b',"ok":false,"error":{'
_BRACE = ord("}")


class _Req(Struct, tag_field="type", tag="req"):
    id: Raw = Raw()
    method: _Text | None = None
    params: Raw = Raw()
    timeoutMs: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    traceparent: Raw | UnsetType = UNSET


class _AgentChat(Struct, tag_field="type", tag="agent_chat"):
    agent_name: _Text | None = None
    message: str | None = None
    id: _Text | None = None
    sessionKey: _Text | None = None
    attachments: list[dict[str, Any]] | None = None
    traceparent: Raw | UnsetType = UNSET


class _ChatAbort(Struct, tag_field="type", tag="chat_abort"):
    runId: _Text | None = None
    agent_name: _Text | None = None
    sessionKey: _Text | None = None


class _Resume(Struct, tag_field="type", tag="resume"):
    epoch: _Text
    offset: _Count


class _Auth(Struct, tag_field="type", tag="auth"):
    token: Annotated[str, Meta(min_length=1)]


class _Ping(Struct, tag_field="type", tag="ping"):
    pass


class _AnyFrame(Struct):
    """A frame of which nothing is known, for saying what is wrong with it."""

    type: Raw = Raw()
    id: Raw = Raw()


class _GatewayFrame(Struct):
    """A gateway frame in any order of keys, with any types: the way off the fast path."""

    type: Raw = Raw()
    id: Raw = Raw()
    ok: Raw = Raw()
    payload: Raw = Raw()
    error: Raw = Raw()
    event: Raw = Raw()
    seq: Raw = Raw()
    stateVersion: Raw | UnsetType = UNSET


_client = Decoder(_Req | _AgentChat | _ChatAbort | _Resume | _Auth | _Ping)
_any_frame = Decoder(_AnyFrame)
_gateway_event = Decoder(GatewayEvent)
_gateway_frame = Decoder(_GatewayFrame)
_text = Decoder(str)

_CLIENT_TYPES = frozenset({"req", "agent_chat", "chat_abort", "resume", "auth", "ping"})
_TEXT_WANTED = "a string of at most 256 characters"
_WANTED = {
    "method": _TEXT_WANTED,
    "timeoutMs": "a whole number from 1 to 2^53",
    "agent_name": _TEXT_WANTED,
    "message": "a string",
    "id": _TEXT_WANTED,
    "sessionKey": _TEXT_WANTED,
    "attachments": "a list of objects",
    "runId": _TEXT_WANTED,
    "epoch": _TEXT_WANTED,
    "offset": "a whole number from 0 to 2^53",
    "token": "a string that is not empty",
}
_FIELD = re.compile(rf"`(?:\$\.)?({'|'.join(_WANTED)})\b")
_TRACEPARENT = re.compile(rb'"([0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})"')
_INTEGER = re.compile(rb"-?[0-9]+")
_SURROGATES = re.compile(
    rb"\\\\"  # an escaped backslash: what follows it is no escape
    rb"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a pair
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"  # half of one
)


def decode_client(data: bytes) -> ClientFrame:
    """The frame a client sent. BadFrame says what is wrong, with the id to echo where there is one."""
    try:
        frame = _client.decode(data)
    except msgspec.ValidationError as wrong:
        field = _FIELD.search(str(wrong))
        raise _complaint(data, f"{field[1]} must be {_WANTED[field[1]]}" if field else "Not a frame") from None
    except UnicodeDecodeError:
        raise _complaint(data, "Text is not UTF-8") from None
    except (msgspec.DecodeError, RecursionError):
        if (mended := _without_lone_surrogates(data)) != data:
            return decode_client(mended)
        raise _complaint(data, "Malformed JSON") from None
    if isinstance(frame, _Req):
        return _request(frame)
    return _other(frame, data)


def decode_gateway(data: bytes | memoryview) -> GatewayFrame | None:
    """The frame a gateway sent; None for a type nobody knows yet.

    An event's raw fields may be views of `data`. A response that cannot be read but has an id becomes an
    error answer, so that who asked is not left waiting.
    """
    if not isinstance(data, bytes):
        data = bytes(data)
    if data.startswith(_RESPONSE) and (usual := _usual_response(data)) is not None:
        return usual
    try:
        return _gateway_event.decode(data)
    except msgspec.ValidationError:
        return _unusual_gateway_frame(data)
    except UnicodeDecodeError:
        raise BadFrame("Text is not UTF-8") from None
    except RecursionError:
        raise BadFrame("Nested too deeply") from None
    except msgspec.DecodeError:
        if (mended := _without_lone_surrogates(data)) != data:
            return decode_gateway(mended)
        raise BadFrame("Malformed JSON") from None


def _usual_response(data: bytes) -> GatewayResponse | None:
    """An answer whose keys come in the usual order, with an id like ours; its payload is not looked at."""
    end = data.find(b'"', _ID_AT)
    upstream_id = data[_ID_AT:end]
    if not upstream_id.isdigit() or data[-1] != _BRACE:
        return None
    body = data[end + 1 :]
    if body.startswith(_GOOD):
        return GatewayResponse(upstream_id.decode(), body, True)
    return GatewayResponse(upstream_id.decode(), body, False) if body.startswith(_BAD) else None


def _request(frame: _Req) -> Request:
    frame_id, trace = bytes(frame.id), frame.traceparent
    if not _is_id(frame_id):
        missing = frame_id in _NO_ID
        wanted = f"id must be a string or an integer of at most {MAX_ID_BYTES} bytes"
        raise BadFrame("Missing id or method" if missing else wanted, frame_type="req", frame_id=_NULL)
    if not frame.method:
        raise BadFrame("Missing id or method", frame_type="req", frame_id=frame_id)
    params = bytes(frame.params)
    if params == b"null":
        params = b""
    return Request(frame_id, frame.method, params, frame.timeoutMs, None if trace is UNSET else _trace(trace))


def _other(frame: _AgentChat | _ChatAbort | _Resume | _Auth | _Ping, data: bytes) -> ClientFrame:
    if isinstance(frame, _AgentChat):
        if not frame.agent_name or not frame.message:
            raise _complaint(data, "Missing agent_name or message")
        trace = None if frame.traceparent is UNSET else _trace(frame.traceparent)
        return AgentChat(frame.agent_name, frame.message, frame.id, frame.sessionKey, frame.attachments, trace)
    if isinstance(frame, _ChatAbort):
        if not (frame.runId or frame.agent_name or frame.sessionKey):
            raise _complaint(data, "Missing runId or agent_name")
        return ChatAbort(frame.runId, frame.agent_name, frame.sessionKey)
    if isinstance(frame, _Resume):
        return Resume(frame.epoch, frame.offset)
    if isinstance(frame, _Auth):
        return Refresh(frame.token)
    return Ping()


def _trace(raw: Raw) -> str | None:
    """A trace context, or None where it is none: the standard says to ignore it then."""
    found = _TRACEPARENT.fullmatch(bytes(raw))
    return found[1].decode() if found else None


def _is_id(raw: bytes) -> bool:
    """Whether this goes back as an id, byte for byte: a string that says something, or an integer."""
    if len(raw) > MAX_ID_BYTES or raw in _NO_ID:
        return False
    return raw.startswith(b'"') or _INTEGER.fullmatch(raw) is not None


def _complaint(data: bytes, problem: str) -> BadFrame:
    try:
        frame = _any_frame.decode(data)
    except msgspec.ValidationError:
        return BadFrame("Frame is not an object")
    except RecursionError:
        return BadFrame("Nested too deeply")
    except msgspec.DecodeError:
        return BadFrame("Malformed JSON")
    raw_id = bytes(frame.id)
    frame_id = raw_id if _is_id(raw_id) else None
    try:
        type_ = _text.decode(frame.type)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return BadFrame("Missing type", frame_id=frame_id)
    if type_ not in _CLIENT_TYPES:
        shown = "".join(c for c in type_[:_LONGEST_TYPE_SHOWN] if c.isprintable())
        return BadFrame(f"Unknown message type: {shown}", frame_id=frame_id, unknown_type=shown)
    if type_ == "req":
        frame_id = frame_id or _NULL  # still a request: its answer is a `res`
    return BadFrame(problem, frame_type=type_, frame_id=frame_id)


def _unusual_gateway_frame(data: bytes) -> GatewayFrame | None:
    """The same results for another order of keys, another spacing, or a field of an unexpected type."""
    try:
        frame = _gateway_frame.decode(data)
        type_ = _text.decode(frame.type)
        if type_ == "event":
            seq = int(bytes(frame.seq)) if _INTEGER.fullmatch(bytes(frame.seq)) else None
            payload = frame.payload if bytes(frame.payload) else Raw(b"{}")
            return GatewayEvent(_text.decode(frame.event), payload, seq, frame.stateVersion)
        if type_ == "res":
            return _unusual_response(frame)
    except (ValueError, RecursionError):
        raise BadFrame("Not a gateway frame") from None
    return None


def _unusual_response(frame: _GatewayFrame) -> GatewayResponse:
    upstream_id = _text.decode(frame.id)
    payload, error = bytes(frame.payload), bytes(frame.error)
    match bytes(frame.ok):
        case b"true":
            return GatewayResponse(upstream_id, b',"ok":true,"payload":%b}' % (payload or b"null"), True)
        case b"false" if error.startswith(b"{"):
            return GatewayResponse(upstream_id, b',"ok":false,"error":%b}' % error, False)
        case _:
            return GatewayResponse(upstream_id, error_body(GatewayReply()), False)


def _without_lone_surrogates(data: bytes) -> bytes:
    """`data` with halves of surrogate pairs replaced by U+FFFD.

    Senders cut text in the middle of an emoji, and their JSON then says so; that is not worth a frame.
    """
    if len(data) > _LARGEST_MENDED:
        return data
    return _SURROGATES.sub(lambda found: rb"\ufffd" if found[1] else found[0], data)
