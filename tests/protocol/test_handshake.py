"""The one handshake, told as its dialogue."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from protocol.wire import fuzz, load, mutated, named
from vestibule.errors import BadFrame
from vestibule.model import Route, RouteMode, Secret
from vestibule.protocol.device import DeviceIdentity
from vestibule.protocol.handshake import CAPS, Event, Handshake, Send, State, Welcome
from vestibule.protocol.refusals import Refused

FRAMES = load("handshake")
CHALLENGE = FRAMES["challenge"].encode()
TICK = b'{"type":"event","event":"tick","payload":{"ts":1},"seq":1}'
HELLO = FRAMES["hellos"][0]["text"].encode()
DEVICE = DeviceIdentity.from_seed(Secret(load("device")[0]["seed"]))


def route(**fields: Any) -> Route:
    return Route("ann", "ws://gateway:18789", **{"token": Secret("shared-token"), "device_seed": DEVICE.seed, **fields})


def connect_params(handshake: Handshake) -> dict[str, Any]:
    """What the handshake says to the challenge."""
    [send] = handshake.receive(CHALLENGE)
    assert isinstance(send, Send)
    frame = json.loads(send.frame)
    assert (frame["type"], frame["method"]) == ("req", "connect")
    return frame["params"]


def greeted(handshake: Handshake, answer: bytes) -> Any:
    connect_params(handshake)
    [outcome] = handshake.receive(answer)
    assert handshake.state is State.OVER
    return outcome


def test_what_we_say():
    """P15, C9: one connect for both wires, with the union of caps and no key an old gateway refuses."""
    params = connect_params(Handshake.for_route(route()))

    assert (params["minProtocol"], params["maxProtocol"]) == (3, 4)
    assert {name: params["client"][name] for name in ("id", "mode", "platform")} == {
        "id": "gateway-client",
        "mode": "backend",
        "platform": "linux",
    }
    assert (params["role"], params["scopes"]) == ("operator", ["operator.admin"])
    assert params["caps"] == list(CAPS) == ["tool-events", "approvals", "exec-approvals"]
    assert params["auth"] == {"token": "shared-token"}
    assert set(params) == {"minProtocol", "maxProtocol", "client", "role", "scopes", "caps", "auth", "device"}


def test_the_signature():
    """The signature covers exactly what is sent, at the challenge's own time: no clock of ours is asked."""
    params = connect_params(Handshake.for_route(route()))
    device, vector = params["device"], load("device")[0]

    assert device == {
        "id": vector["id"],
        "publicKey": vector["publicKey"],
        "signature": vector["signature"],
        "signedAt": 1795416197188,
        "nonce": "6b1f4c1e-0000-4000-8000-000000000001",
    }


@pytest.mark.parametrize("pairing", [False, True])
def test_a_device_token_goes_before_the_shared_one(pairing):
    """A kept device token is used, and signed for; pairing starts from the shared token as `cli`."""
    params = connect_params(Handshake.for_route(route(device_token=Secret("kept")), pairing=pairing))
    client, signed = params["client"], params["device"]
    token = "shared-token" if pairing else "kept"
    text = "|".join(
        [
            *("v3", signed["id"], client["id"], client["mode"], "operator", "operator.admin", "1795416197188"),
            *(token, signed["nonce"], "linux", ""),
        ]
    )

    assert (client["id"], client["mode"]) == (("cli", "cli") if pairing else ("gateway-client", "backend"))
    assert params["auth"] == ({"token": token} if pairing else {"deviceToken": token})
    key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(signed["publicKey"] + "="))
    key.verify(base64.urlsafe_b64decode(signed["signature"] + "=="), text.encode())


def test_trusted_proxy():
    """Such a route's headers say who we are: no token, no device."""
    proxy = route(mode=RouteMode.TRUSTED_PROXY, identity="relay@acme", device_token=Secret("kept"))
    params = connect_params(Handshake.for_route(proxy))

    assert "auth" not in params
    assert "device" not in params

    refused = greeted(Handshake.for_route(proxy), FRAMES["hellos"][4]["text"].encode())
    assert "`relay@acme` in `gateway.auth.identityScopes`" in refused.remedy


@pytest.mark.parametrize("entry", FRAMES["hellos"], ids=named)
def test_hellos(entry):
    """P12: ready is who says hello-ok and grants what was asked; wire 3 grants without saying so."""
    outcome = greeted(Handshake.for_route(route()), entry["text"].encode())

    if "refused" in entry:
        assert isinstance(outcome, Refused)
        assert (outcome.code, outcome.fatal) == (entry["refused"], False)
        assert outcome.retry_after_ms
        assert outcome.remedy
    else:
        hello = outcome.hello
        assert {
            "protocol": hello.protocol,
            "version": hello.version,
            "scopes": sorted(outcome.scopes),
            "deviceToken": outcome.device_token,
            "maxPayload": hello.max_payload_bytes,
            "tickIntervalMs": hello.tick_interval_ms,
        } == entry["welcome"]
        assert "chat.send" in hello.methods
        assert "chat" in hello.events
        assert json.loads(hello.policy)["maxBufferedBytes"] == 52428800


def test_a_bare_hello():
    """What a hello leaves out, or puts absurdly, has the gateway's documented default."""
    answer = b'{"type":"res","id":"0","ok":true,"payload":{"type":"hello-ok","protocol":3,"policy":%b}}'
    for policy in (b"{}", b'{"maxPayload":0,"tickIntervalMs":-1}'):
        hello = greeted(Handshake.for_route(route()), answer % policy).hello

        assert (hello.max_payload_bytes, hello.tick_interval_ms, hello.version) == (26214400, 30000, "")
        assert hello.methods == hello.events == frozenset()


def test_some_scopes_are_enough_when_only_those_were_asked():
    """Scopes are compared one by one unless admin is among the granted."""
    asked = Handshake(token=Secret("t"), scopes=("operator.read",), caps=())

    assert isinstance(greeted(asked, FRAMES["hellos"][5]["text"].encode()), Welcome)


def test_events_before_the_hello():
    """P14: events may come at any time; they are handed on, and a second challenge is only an event."""
    handshake = Handshake.for_route(route())

    [early] = handshake.receive(TICK)
    connect_params(handshake)
    [between] = handshake.receive(TICK)
    [again] = handshake.receive(CHALLENGE)
    [welcome] = handshake.receive(HELLO)
    [late] = handshake.receive(TICK)

    events = (early, between, again, late)
    assert all(isinstance(action, Event) for action in events)
    assert [action.event.event for action in events] == ["tick", "tick", "connect.challenge", "tick"]
    assert isinstance(welcome, Welcome)


def test_what_is_none_of_our_business():
    """P5: unknown types, answers to nobody and frames after the end change nothing."""
    handshake = Handshake.for_route(route())

    assert handshake.receive(HELLO) == []
    connect_params(handshake)
    assert handshake.receive(b'{"type":"batch"}') == []
    assert handshake.receive(b'{"type":"res","id":"9","ok":true,"payload":{}}') == []
    assert handshake.state is State.HELLO
    assert isinstance(handshake.receive(HELLO)[0], Welcome)
    assert handshake.receive(FRAMES["refusals"][2]["text"].encode()) == []


def test_refused_before_the_challenge():
    """A gateway that is not up yet may answer before it asks anything."""
    handshake = Handshake.for_route(route())
    [refused] = handshake.receive(FRAMES["refusals"][0]["text"].encode())

    assert isinstance(refused, Refused)
    assert refused.starting
    assert handshake.receive(CHALLENGE) != [refused]


@pytest.mark.parametrize("payload", ["{}", '{"nonce":"n"}', '{"nonce":5,"ts":1}', '{"nonce":"\\u00e9","ts":"x"}', "[]"])
def test_a_challenge_that_is_none(payload):
    """P5: a challenge without nonce or time ends the attempt with a reason."""
    handshake = Handshake.for_route(route())
    frame = '{"type":"event","event":"connect.challenge","payload":' + payload + "}"

    [refused] = handshake.receive(frame.encode())

    assert isinstance(refused, Refused)
    assert (refused.code, refused.fatal, handshake.state) == ("INVALID_HANDSHAKE", False, State.OVER)


def test_a_rejected_device_token():
    """A device that was removed falls back to the route's own token instead of giving up."""
    handshake = Handshake.for_route(route(device_token=Secret("kept")))

    refused = greeted(handshake, FRAMES["refusals"][2]["text"].encode())

    assert (refused.device_token_rejected, refused.fatal, refused.retry_after_ms) == (True, False, None)


def test_no_secret_shows_itself():
    """S1: neither the frame with the token nor the new device token can be printed by accident."""
    handshake = Handshake.for_route(route(token=Secret("very-secret")))
    actions = [*handshake.receive(CHALLENGE), *handshake.receive(FRAMES["hellos"][1]["text"].encode())]

    assert "very-secret" not in repr((handshake, actions))
    assert "device-token-of-43-characters" not in repr(actions)


def test_views_are_good_enough():
    """The socket layer hands out views of a buffer it uses again."""
    buffer = bytearray(CHALLENGE)
    handshake = Handshake.for_route(route())
    [send] = handshake.receive(memoryview(buffer))
    buffer[:] = bytes(len(buffer))
    [welcome] = handshake.receive(memoryview(bytearray(HELLO)))

    assert isinstance(send, Send)
    assert b"6b1f4c1e" in send.frame
    assert isinstance(welcome, Welcome)


@fuzz
@given(st.lists(st.binary() | mutated() | st.sampled_from([CHALLENGE, HELLO, TICK]), max_size=6))
def test_any_bytes_in_a_handshake(frames):
    """P5: whatever a gateway says, the handshake goes on, ends, or reports a bad frame."""
    handshake = Handshake.for_route(route())
    for frame in frames:
        try:
            actions = handshake.receive(frame)
        except BadFrame:
            continue
        assert all(isinstance(action, Send | Event | Welcome | Refused) for action in actions)
