"""Frames out: what the door sends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from protocol.wire import compact, fuzz, json_values, load
from vestibule.errors import BadFrame, Forbidden, GatewayDown, GatewayLost
from vestibule.model import GatewayHello, GatewayState, GatewayStatus, Principal, Role
from vestibule.protocol import codec, encoding
from vestibule.protocol.frames import GatewayEvent

HELLO = GatewayHello(
    protocol=4,
    version="2026.9.6",
    methods=frozenset({"health"}),
    events=frozenset(),
    scopes=frozenset({"operator.admin"}),
    max_payload_bytes=26214400,
    tick_interval_ms=30000,
    policy=b'{"maxPayload":26214400,"tickIntervalMs":30000}',
)
READY = GatewayStatus(GatewayState.READY)
RUN = {"runId": "r1", "agent": "main", "sessionKey": "agent:main:main"}


def hello(
    principal: Principal, *, status: GatewayStatus = READY, gateway: GatewayHello | None = HELLO, **more: Any
) -> bytes:
    fields: dict[str, Any] = {"connection_id": "c-1", "epoch": "e1", "offset": 41, "recovered": False} | more
    return codec.hello(
        principal=principal,
        status=status,
        gateway=gateway,
        max_payload_bytes=26214400,
        ping_interval_ms=30000,
        rpc_timeout_ms=30000,
        **fields,
    )


def pushed(fields, offset, seq):
    return codec.with_seq(codec.push_head(fields, offset), seq)


def door_frames() -> dict[str, bytes]:
    operator = Principal(
        "ann",
        "acme",
        Role.OPERATOR,
        frozenset({"operator.write", "operator.read", "operator.approvals"}),
        expires_at=1795416197.5,
    )
    admin = Principal("ann", "ann", Role.ADMIN, frozenset({"operator.admin"}))
    starting = GatewayStatus(GatewayState.STARTING, "The gateway is starting up.", 500)
    unprovisioned = GatewayStatus(GatewayState.UNPROVISIONED, "No container provisioned.")
    chat = next(entry["frame"] for entry in load("door") if entry["name"] == "event")
    lost = GatewayLost(retry_after_ms=1500, may_have_run=True)
    forbidden = Forbidden(details={"code": "MISSING_SCOPE", "missingScope": "operator.write"})
    refused = (
        b',"ok":false,"error":{"code":"FORBIDDEN","message":"missing scope: operator.write","details":'
        b'{"code":"MISSING_SCOPE","missingScope":"operator.write","requiredScopes":["operator.write"]}}}'
    )
    read = ["operator.read"]
    presence = GatewayEvent("presence", Raw(b'{"presence":[]}'), 9, Raw(b'{"presence":2,"health":2}'))
    with_seq = codec.with_seq
    return {
        "hello": hello(operator),
        "hello while the gateway starts": hello(admin, status=starting, gateway=None, offset=0, recovered=True),
        "status": codec.status(GatewayStatus(GatewayState.DOWN, GatewayDown.default, 4000)),
        "status without retry": codec.status(READY),
        "pong": codec.pong(),
        "notice": codec.notice({"type": "auth", "ok": True}),
        "error notice": codec.error_frame("Unknown message type: hug", "INVALID_REQUEST"),
        "error for a frame": codec.refusal(BadFrame("Missing agent_name or message"), id=b'"c-1"', turn_ended=True),
        "error outside the stream for a run": codec.error_frame(
            "The rest of this answer was lost. Reload the conversation.", "RUN_LOST", run_id="r1"
        ),
        "res ok": codec.response(b'"1"', codec.ok_body(b'{"ok":true,"ts":1795416197188}')),
        "res error of the gateway": codec.response(b'"1"', refused),
        "res error of the door": codec.response(b"17", codec.error_body(lost)),
        "res error with details": codec.response(b'"1"', codec.error_body(forbidden)),
        "door.gateway": codec.response(
            b'"1"',
            codec.ok_body(
                codec.door_gateway(
                    READY, HELLO, methods={"sessions.usage", "health"}, scopes=read, device_id="9f2c" * 16
                )
            ),
        ),
        "door.gateway without a gateway": codec.response(
            b'"1"',
            codec.ok_body(codec.door_gateway(unprovisioned, None, methods=(), scopes=read, device_id=None)),
        ),
        "door.clients": codec.response(
            b'"1"',
            codec.ok_body(
                codec.door_clients(
                    [
                        {
                            "id": "x8Qp",
                            "member": "ada",
                            "role": Role.ADMIN,
                            "agent": "vestibule/0.1.0",
                            "sinceMs": 1795416197188,
                            "self": True,
                        }
                    ]
                )
            ),
        ),
        "event": with_seq(codec.event_head(GatewayEvent("chat", Raw(compact(chat["payload"]))), 42), 3),
        "event with stateVersion": with_seq(codec.event_head(presence, 43), 4),
        "chunk": pushed({"type": "chunk", "content": "Hé😀", **RUN, "id": "c-1"}, 44, 5),
        "thinking": pushed({"type": "thinking", "content": "Hmm", **RUN}, 45, 6),
        "tool_start": pushed(
            {"type": "tool_start", "tool": "exec", "toolCallId": "t1", "args": Raw(b'{"command":"echo hi"}'), **RUN},
            46,
            7,
        ),
        "tool_end": pushed(
            {
                "type": "tool_end",
                "tool": "exec",
                "toolCallId": "t1",
                "result": Raw(b'{"content":[{"type":"text","text":"hi"}],"details":{"exitCode":0}}'),
                **RUN,
            },
            47,
            8,
        ),
        "tool_error": pushed(
            {"type": "tool_error", "tool": "exec", "toolCallId": "t2", "result": {"content": []}, **RUN}, 48, 9
        ),
        "done": pushed({"type": "done", "stopReason": "stop", **RUN, "turnEnded": True}, 49, 10),
        "error of a run": pushed(
            {"type": "error", "message": "The model failed.", "code": "RUN_FAILED", **RUN, "turnEnded": True}, 50, 11
        ),
        "heartbeat": codec.notice({"type": "heartbeat", "phase": "accepted", **RUN}),
    }


DOOR = door_frames()


@pytest.mark.parametrize("entry", load("door"), ids=lambda entry: entry["name"])
def test_door_frames(entry):
    """C2, C8: every frame is what the fixtures promise: runs and errors are addressed."""
    assert json.loads(DOOR[entry["name"]]) == entry["frame"]


def test_no_door_frame_is_forgotten():
    """Whatever is sent is in the fixtures, for the clients' tests to read."""
    assert set(DOOR) == {entry["name"] for entry in load("door")}


def test_hello_stays_small():
    """Under 2 KB whatever the names: thousands reconnect at once."""
    scopes = {f"operator.{name}" for name in ("admin", "read", "write", "approvals", "pairing", "questions", "talk")}
    principal = Principal("m" * 128, "o" * 128, Role.ADMIN, frozenset(scopes), expires_at=1e11)
    status = GatewayStatus(GatewayState.DOWN, "ü" * 5_000, 10**9)
    gateway = GatewayHello(**{name: getattr(HELLO, name) for name in HELLO.__slots__} | {"version": "9" * 5_000})

    assert len(hello(principal, status=status, gateway=gateway, connection_id="c" * 64, epoch="e" * 64)) < 2_000


def test_requests_are_built_anew():
    """P4, S4: the id is ours, and nothing but the decoded fields goes up."""
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    assert codec.encode_request(5, "health", b"", None) == b'{"type":"req","id":"5","method":"health","params":{}}'
    assert codec.encode_request("6", 'a"b', b'{"n":1.0}', trace) == (
        b'{"type":"req","id":"6","method":"a\\"b","params":{"n":1.0},"traceparent":"%b"}' % trace.encode()
    )


def test_the_cache_of_method_names_is_bounded():
    """S5: a client that invents methods fills no memory."""
    for number in range(5_000):
        codec.encode_request(1, f"invented.{number}", b"", None)

    info = encoding._quoted.cache_info()
    assert info.currsize == info.maxsize == 1024


@fuzz
@given(
    payload=json_values,
    version=json_values,
    offset=st.integers(0, 2**60),
    seqs=st.lists(st.integers(1, 2**60), min_size=1),
)
def test_an_event_is_encoded_once(payload, version, offset, seqs):
    """R5: clients share an event's bytes; only the number at the end is their own."""
    event = GatewayEvent("x", Raw(compact(payload)), 7, Raw(compact(version)))
    head = codec.event_head(event, offset)

    assert compact(payload) in head
    for seq in seqs:
        frame = codec.with_seq(head, seq)
        assert frame.startswith(head)
        assert json.loads(frame) == {
            "type": "event",
            "event": "x",
            "payload": payload,
            "stateVersion": version,
            "offset": offset,
            "seq": seq,
        }


@fuzz
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_chunks_join_to_the_text(pieces):
    """C3: the contents of a run's chunks, joined, are its text."""
    frames = [
        json.loads(pushed({"type": "chunk", "content": piece, **RUN}, at, at + 1)) for at, piece in enumerate(pieces)
    ]

    assert "".join(frame["content"] for frame in frames) == "".join(pieces)
    assert [frame["seq"] for frame in frames] == list(range(1, len(pieces) + 1))


def test_errors_without_anything_more():
    """S6: an error says its code and its public message, and nothing that was not put there for everybody."""
    error = Forbidden(remedy="/etc/secret: change it")

    assert codec.error_body(error) == b',"ok":false,"error":{"code":"FORBIDDEN","message":"Forbidden."}}'
