"""Frames in: what clients and gateways send."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from protocol.wire import compact, every_text, fuzz, json_values, load, mutated, named
from vestibule.errors import BadFrame
from vestibule.protocol.decoding import decode_client, decode_gateway
from vestibule.protocol.encoding import encode_request, response
from vestibule.protocol.frames import (
    AgentChat,
    ChatAbort,
    GatewayEvent,
    GatewayResponse,
    Ping,
    Refresh,
    Request,
    Resume,
)

CLIENT, GATEWAY = load("client"), load("gateway")
KINDS = {kind.__name__: kind for kind in (Request, AgentChat, ChatAbort, Resume, Refresh, Ping)}


def seen(frame: Any) -> Any:
    """A gateway frame as the fixtures write it."""
    match frame:
        case GatewayEvent():
            version = None if frame.state_version is UNSET else bytes(frame.state_version).decode()
            payload = bytes(frame.payload).decode()
            return {"is": "event", "event": frame.event, "payload": payload, "seq": frame.seq, "stateVersion": version}
        case GatewayResponse():
            return {"is": "res", "id": frame.upstream_id, "ok": frame.ok, "body": frame.body.decode()}
        case _:
            return frame


@pytest.mark.parametrize("entry", CLIENT["good"], ids=named)
def test_client_frames(entry):
    """Every frame of the door protocol is understood; ids and params keep their bytes."""
    wanted = dict(entry["decoded"])
    kind = KINDS[wanted.pop("is")]
    for raw in ("frame_id", "params"):
        if kind is Request:
            wanted[raw] = wanted[raw].encode()

    assert decode_client(entry["text"].encode()) == kind(**wanted)


@pytest.mark.parametrize("entry", CLIENT["bad"], ids=named)
def test_bad_client_frames(entry):
    """S5: what is not a frame is refused in bounded words, with the sender's id where there is one."""
    with pytest.raises(BadFrame) as refused:
        decode_client(entry["text"].encode())

    assert refused.value.message == entry["message"]
    assert refused.value.frame_type == entry.get("type", "")
    assert refused.value.frame_id == (entry["echo"].encode() if entry["echo"] else None)
    assert refused.value.unknown_type == entry.get("unknownType")


@pytest.mark.parametrize("depth", [10_000, 100_000, 5_000_000])
@pytest.mark.parametrize("opener", [b"[", b'{"a":'], ids=["array", "object"])
def test_abysses(opener, depth):
    """P5: params nested beyond any sense are a bad frame, not a crash."""
    if len(opener) > 1:
        depth //= 10
    closer = b"]" if opener == b"[" else b"}"
    frame = b'{"type":"req","id":"1","method":"x","params":' + opener * depth + b"1" + closer * depth + b"}"

    with pytest.raises(BadFrame, match="Nested too deeply"):
        decode_client(frame)
    with pytest.raises(BadFrame, match="Nested too deeply"):
        decode_gateway(b'{"type":"event","event":"x","payload":' + opener * depth + b"1" + closer * depth + b"}")


def test_deep_is_not_too_deep():
    """What the decoder can read passes: the gateway knows what it wants."""
    frame = b'{"type":"req","id":"1","method":"x","params":' + b"[" * 500 + b"]" * 500 + b"}"

    assert decode_client(frame).params == b"[" * 500 + b"]" * 500


def test_brackets_in_text_are_not_depth():
    """A chat message full of brackets is a message."""
    text = compact({"type": "agent_chat", "agent_name": "main", "message": '{["\\' * 500})

    assert decode_client(text).message == '{["\\' * 500


@pytest.mark.parametrize(
    "frame",
    [
        b'{"type":"agent_chat","agent_name":"m","message":"\xff"}',
        b'{"type":"agent_chat","agent_name":"m","message":"m","attachments":[{"\xff":1}]}',
        b'{"type":"\xff"}',
    ],
)
def test_text_that_is_not_utf8(frame):
    """S5: an edge that let bad UTF-8 through still gets a BadFrame."""
    with pytest.raises(BadFrame):
        decode_client(frame)


@pytest.mark.parametrize("frame", [b'{"type":"event","event":"\xff"}', b'{"type":"\xff","event":"x"}'])
def test_gateway_text_that_is_not_utf8(frame):
    """P5: a gateway's bad UTF-8 is a bad frame."""
    with pytest.raises(BadFrame):
        decode_gateway(frame)


def test_half_an_emoji_in_a_huge_frame():
    """Mending is for frames of ordinary size; a huge one with broken text is refused."""
    frame = b'{"type":"agent_chat","agent_name":"m","message":"' + b"x" * (1 << 20) + rb'\ud83d"}'

    with pytest.raises(BadFrame, match="Malformed JSON"):
        decode_client(frame)


@pytest.mark.parametrize("entry", GATEWAY, ids=named)
@pytest.mark.parametrize("container", [bytes, lambda data: memoryview(bytearray(data))], ids=["bytes", "view"])
def test_gateway_frames(entry, container):
    """P5: a reader survives any frame: lists, `error: null`, unknown types, fields of other types."""
    frame = container(entry["text"].encode())

    if entry["decoded"] == {"is": "bad"}:
        with pytest.raises(BadFrame):
            decode_gateway(frame)
    else:
        assert seen(decode_gateway(frame)) == entry["decoded"]


def test_the_fast_path_needs_a_whole_frame():
    """A response that begins as usual and does not end is not passed on."""
    with pytest.raises(BadFrame):
        decode_gateway(b'{"type":"res","id":"1","ok":true,"payload":{"a":1')


@fuzz
@given(st.binary() | mutated() | json_values.map(compact))
def test_any_bytes_from_a_client(data):
    """P5, S5: whatever a client sends, a frame or a BadFrame comes out."""
    try:
        outcome: Any = decode_client(data)
    except BadFrame as refused:
        outcome = refused
    if isinstance(outcome, BadFrame):
        assert len(outcome.message) < 256
        assert len(outcome.frame_id or b"") <= 256
    else:
        assert type(outcome).__name__ in KINDS


@fuzz
@given(st.binary() | mutated() | json_values.map(compact))
def test_any_bytes_from_a_gateway(data):
    """P5: whatever a gateway sends, a frame, nothing, or a BadFrame comes out."""
    try:
        frame = decode_gateway(data)
    except BadFrame:
        return
    assert frame is None or isinstance(frame, GatewayEvent | GatewayResponse)


@fuzz
@given(
    frame_id=st.text(min_size=1, max_size=20) | st.integers(),
    ascii=st.booleans(),
    params=json_values,
    padding=st.text(" \t\r\n", max_size=3),
)
def test_ids_and_params_make_the_round_trip(frame_id, ascii, params, padding):
    """P4: the client's id comes back byte for byte, and params go up byte for byte under an id of ours."""
    raw_id, raw_params = compact(frame_id, ascii=ascii), compact(params, ascii=True)
    between = padding.encode()
    frame = b'{"type":"req","id":%b%b%b,"method":"m","params":%b%b%b}' % (
        (between, raw_id, between, between, raw_params, between)
    )
    try:
        request = decode_client(frame)
    except BadFrame:
        assert not frame_id or len(raw_id) > 256
        return

    assert request.frame_id == raw_id
    answer = response(request.frame_id, b',"ok":true,"payload":1}')
    assert answer == b'{"type":"res","id":%b,"ok":true,"payload":1}' % raw_id
    up = encode_request(7, request.method, request.params, None)
    assert up.startswith(b'{"type":"req","id":"7","method":"m","params":')
    if params is not None:
        assert raw_params in up


@fuzz
@given(
    upstream_id=st.integers(0, 10**19),
    ok=st.booleans(),
    payload=json_values,
    error=st.dictionaries(st.text(), json_values),
)
def test_the_fast_path_is_the_slow_path(upstream_id, ok, payload, error):
    """P5: a response splits the same way whatever the order of its keys."""
    id_ = compact(str(upstream_id))
    rest = b'"payload":' + compact(payload) if ok else b'"error":' + compact(error)
    verdict = b"true" if ok else b"false"
    usual = b'{"type":"res","id":%b,"ok":%b,%b}' % (id_, verdict, rest)
    others = [
        b'{"id":%b,"type":"res","ok":%b,%b}' % (id_, verdict, rest),
        b'{%b,"ok":%b,"id":%b,"type":"res"}' % (rest, verdict, id_),
        b'{"type":"res","id":%b,"ok":%b,%b} ' % (id_, verdict, rest),
    ]

    fast = decode_gateway(usual)

    assert fast == GatewayResponse(str(upstream_id), b',"ok":%b,%b}' % (verdict, rest), ok)
    assert all(decode_gateway(other) == fast for other in others)
    assert decode_gateway(memoryview(usual)) == fast


@fuzz
@given(st.text(st.characters(codec=None), max_size=40))
def test_text_cut_in_the_middle_of_an_emoji(text):
    """Halves of surrogate pairs become U+FFFD; everything else stays as it was."""
    written = compact(text, ascii=True)
    read = json.loads(written)  # a JSON reader joins the halves that stand side by side
    wanted = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in read)

    chat = decode_client(b'{"type":"agent_chat","agent_name":"m","message":".%b}' % written[1:])
    event = decode_gateway(b'{"type":"event","event":"x","payload":%b}' % written)

    assert isinstance(chat, AgentChat)
    assert isinstance(event, GatewayEvent)
    assert chat.message == "." + wanted
    assert json.loads(bytes(event.payload)) == wanted


def test_fixtures_are_used_up():
    """The fuzzers start from real frames."""
    assert len(every_text()) > 100
