"""Calls through the whole road: answers, ids, texts that are promised, bad input."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from vestibule.model import Role
from vestibule.testing import Call, Fault, RpcError

if TYPE_CHECKING:
    from road.conftest import OpenRoad
    from road.kit import Frame, Road, Tab

BYTES = (
    b'{"price":1.0000,"big":12345678901234567890123,"tiny":1e-400,'
    b'"esc":"\\u00e9\\/","twice":1,"twice":2, "space" : [ ]}'
)


# -- answers


async def test_a_call_goes_up_and_its_answer_comes_down(road: Road) -> None:
    """P1: one socket to the gateway, and the gateway's own payload."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")

    assert (await tab.call("health"))["ok"] is True
    assert gateway.total_connections == 1


async def test_payloads_pass_byte_for_byte(road: Road) -> None:
    """R5: 1.0000 stays 1.0000 and an integer above 2^53 stays what it was, in answers, errors and events."""
    gateway = await road.owner("ada")
    gateway.custom_methods["test.bytes"] = lambda call: msgspec.Raw(BYTES)
    tab = await road.tab("ada")

    await tab.ask("test.bytes", id="raw")
    await gateway.emit("test.event", BYTES)
    await tab.event("test.event")

    payload = BYTES.decode()
    assert f'{{"type":"res","id":"raw","ok":true,"payload":{payload}}}' in tab.raw
    assert any(f'"event":"test.event","payload":{payload},' in raw for raw in tab.raw)


async def test_params_reach_the_gateway_untouched(road: Road) -> None:
    """R5: nothing of the params is rounded, dropped or added."""
    gateway = await road.owner("ada")
    gateway.custom_methods["test.echo"] = lambda call: call.params
    tab = await road.tab("ada")

    await tab.send(
        '{"type":"req","id":1,"method":"test.echo","params":{"n":12345678901234567890123,"id":"1","x":null}}'
    )
    answer = await tab.get("res", id=1)

    assert answer["payload"] == {"n": 12345678901234567890123, "id": "1", "x": None}


async def test_ids_come_back_byte_for_byte(road: Road) -> None:
    """P4: the id is the client's own, whatever it looks like."""
    await road.owner("ada")
    tab = await road.tab("ada")

    for n, frame_id in enumerate(('"1"', "1", "12345678901234567890", '"\\u00e9\\/ \\"x\\""', "-7", '"🦉"'), start=1):
        await tab.send(f'{{"type":"req","id":{frame_id},"method":"health"}}')
        await tab.get("res", n)
        assert tab.raw[-1].startswith(f'{{"type":"res","id":{frame_id},"ok":true,')


async def test_two_tabs_with_the_same_id_get_their_own_answers(road: Road) -> None:
    """P4: ids are ours on the wire; the answers come in the other order and still find home."""
    gateway = await road.owner("ada")
    waiting: dict[str, asyncio.Future[Frame]] = {}

    def hold(call: Call) -> asyncio.Future[Frame]:
        return waiting.setdefault(call.params["who"], asyncio.get_running_loop().create_future())

    gateway.custom_methods["test.hold"] = hold
    first, second = await road.tab("ada"), await road.tab("ada")
    await first.send({"type": "req", "id": "1", "method": "test.hold", "params": {"who": "first"}})
    await second.send({"type": "req", "id": "1", "method": "test.hold", "params": {"who": "second"}})
    await gateway.wait_request("test.hold", 2)

    waiting["second"].set_result({"for": "second"})
    assert (await second.get("res", id="1"))["payload"] == {"for": "second"}
    waiting["first"].set_result({"for": "first"})
    assert (await first.get("res", id="1"))["payload"] == {"for": "first"}
    assert gateway.total_connections == 1


async def test_an_id_in_flight_twice_on_one_socket_is_an_error(road: Road) -> None:
    """P4: the second is refused, the first is answered, and afterwards the id is free again."""
    gateway = await road.owner("ada")
    release = asyncio.get_running_loop().create_future()
    gateway.custom_methods["test.hold"] = lambda call: release
    tab = await road.tab("ada")
    await tab.send({"type": "req", "id": "1", "method": "test.hold"})
    await gateway.wait_request("test.hold")

    await tab.send({"type": "req", "id": "1", "method": "health"})
    refused = await tab.get("res", id="1")
    release.set_result({"kept": True})
    answered = await tab.get("res", 2, id="1")
    again = await tab.ask("health", id="ping")

    assert refused["error"]["code"] == "DUPLICATE_ID"
    assert answered["payload"] == {"kept": True}
    assert again["ok"]
    await tab.send({"type": "req", "id": "1", "method": "health"})
    assert (await tab.get("res", 3, id="1"))["ok"]


async def test_agent_has_two_answers_with_one_id(road: Road) -> None:
    """P4: the mapping of an id lives until the final answer."""
    await road.owner("ada")
    tab = await road.tab("ada")

    await tab.send({"type": "req", "id": "a", "method": "agent", "params": {"message": "hi", "idempotencyKey": "k"}})
    accepted, final = await tab.get("res", 1, id="a"), await tab.get("res", 2, id="a")

    assert (accepted["payload"]["status"], final["payload"]["status"]) == ("accepted", "ok")


async def test_the_gateways_own_error_passes_unchanged(road: Road) -> None:
    """R5, W10: code, message, details and hints are the gateway's."""
    gateway = await road.owner("ada")

    def refuse(call: Call) -> Any:
        raise RpcError("no such thing", code="ODD", details={"n": 1}, retryable=True, retry_after_ms=7)

    gateway.custom_methods["test.refuse"] = refuse
    tab = await road.tab("ada")

    assert (await tab.ask("test.refuse"))["error"] == {
        "code": "ODD", "message": "no such thing", "details": {"n": 1}, "retryable": True, "retryAfterMs": 7,
    }  # fmt: skip


async def test_the_door_tells_what_the_gateway_offers(road: Road) -> None:
    """S4: the door's own method answers without the gateway; methods, scopes and policy are in it."""
    await road.owner("ada")
    tab = await road.tab("ada")

    offered = await tab.call("door.gateway")

    assert (offered["state"], offered["version"], offered["protocol"]) == ("ready", "2026.9.6", 4)
    assert "chat.send" in offered["methods"]
    assert offered["scopes"] == ["operator.admin"]
    assert offered["policy"]["maxPayload"] > 0


async def test_the_door_tells_which_device_it_is(road: Road) -> None:
    """However it was paired: by the id the gateway lists it under."""
    await road.owner("ada")
    assert (await road.replica.pair("ada")).paired
    tab = await road.tab("ada")

    paired = (await tab.call("device.pair.list"))["paired"]

    assert (await tab.call("door.gateway"))["deviceId"] in [each["deviceId"] for each in paired]


async def test_ping_is_answered(road: Road) -> None:
    """The origin's keep-alive."""
    await road.owner("ada")
    tab = await road.tab("ada")

    await tab.ping()

    assert tab.raw[-1] == '{"type":"pong"}'


# -- what does not work, and how it is said


async def test_a_deadline_of_the_clients_own(road: Road) -> None:
    """W5, P6: after timeoutMs the door answers, and says that the call may have run."""
    gateway = await road.owner("ada")
    gateway.add_fault(Fault.NEVER_ANSWER, method="cron.list")
    tab = await road.tab("ada")

    error = (await tab.ask("cron.list", timeoutMs=50))["error"]

    assert error["code"] == "GATEWAY_TIMEOUT"
    assert (error["retryable"], error["mayHaveRun"]) == (True, True)


async def test_a_lost_gateway_answers_what_was_in_flight(road: Road) -> None:
    """P6: at once, "Gateway connection lost", may have run; the next call works again."""
    gateway = await road.owner("ada")
    gateway.add_fault(Fault.DROP_AFTER_SEND, method="cron.list", times=1)
    tab = await road.tab("ada")

    error = (await tab.ask("cron.list"))["error"]

    assert (error["code"], error["message"]) == ("GATEWAY_LOST", "Gateway connection lost")
    assert error["mayHaveRun"] is True
    assert (await tab.call("health"))["ok"]


async def test_an_owner_without_a_gateway(road: Road) -> None:
    """Origin: "No container provisioned.", as an answer and as a state; provisioned later, it works."""
    await road.members("ada", ("ada", Role.ADMIN))
    tab = await road.tab("ada", ready=False)

    error = (await tab.ask("health"))["error"]
    await tab.until(lambda: tab.gateway == "unprovisioned")

    assert (error["code"], error["message"]) == ("NO_GATEWAY", "No container provisioned.")
    await tab.chat("hi", id="a-chat-that-goes-nowhere")
    told = await tab.get("error", id="a-chat-that-goes-nowhere")
    assert (told["code"], told["message"]) == ("NO_GATEWAY", "No container provisioned.")
    await road.owner("ada")
    await tab.until(lambda: tab.gateway == "ready")
    assert (await tab.call("health"))["ok"]


async def test_a_gateway_that_is_not_up_yet(road: Road) -> None:
    """Origin: "Container is starting up. Try again in a moment."; P12: and it is ready by itself."""
    gateway = await road.owner("ada", faults=[Fault.STARTING])
    gateway.add_fault(Fault.STARTING, times=1_000, retry_after_ms=20)
    tab = await road.tab("ada", ready=False)
    await tab.until(lambda: tab.gateway == "starting")

    error = (await tab.ask("health"))["error"]

    assert (error["code"], error["message"]) == (
        "GATEWAY_STARTING",
        "Container is starting up. Try again in a moment.",
    )
    assert error["retryable"] is True
    gateway.clear_faults()
    await tab.until(lambda: tab.gateway == "ready")


ORIGIN_TEXTS: list[tuple[Frame, str, str | None]] = [
    ({"type": "req", "method": "health"}, "Missing id or method", None),
    ({"type": "req", "id": "7"}, "Missing id or method", "7"),
    ({"type": "agent_chat", "message": "hi"}, "Missing agent_name or message", None),
    ({"type": "agent_chat", "agent_name": "main"}, "Missing agent_name or message", None),
    ({"type": "nonsense"}, "Unknown message type: nonsense", None),
    ({"type": "nonsense", "id": "7"}, "Unknown message type: nonsense", "7"),
    ({"type": "agent_chat", "id": "c", "agent_name": "main", "message": ""}, "Missing agent_name or message", "c"),
    ({"type": "chat_abort", "id": "c"}, "Missing runId or agent_name", "c"),
    *(
        ({"type": "req", "id": id, "method": "health"}, "id must be a string or an integer of at most 256 bytes", None)
        for id in (True, 1.5, {}, "i" * 300)
    ),
]


async def test_the_origins_texts(road: Road) -> None:
    """Origin, P4: the sentences that are promised; a `res` for every `req`, an `error` for all else, its id echoed."""
    await road.owner("ada")
    tab = await road.tab("ada")

    for frame, message, id in ORIGIN_TEXTS:
        await tab.send(frame)
        await tab.ping()
        answer = tab.frames[-2]
        assert answer["type"] == ("res" if frame["type"] == "req" else "error")
        assert answer.get("error", answer)["message"] == message
        assert answer.get("id") == id
        assert answer.get("turnEnded", False) is (frame["type"] == "agent_chat"), "or its turn would wait for ever"


async def test_bounds_on_what_is_in_flight(open_road: OpenRoad) -> None:
    """P13: one call too many is refused at once and certainly has not run; the others are answered."""
    async with open_road(max_pending_calls_per_client=2) as road:
        gateway = await road.owner("ada")
        release = asyncio.get_running_loop().create_future()
        gateway.custom_methods["test.hold"] = lambda call: asyncio.shield(release)
        tab = await road.tab("ada")
        for number in range(3):
            await tab.send({"type": "req", "id": number, "method": "test.hold"})

        error = (await tab.get("res", id=2))["error"]
        release.set_result({})

        assert (error["code"], error["retryable"], error["mayHaveRun"]) == ("OVERLOADED", True, False)
        assert (await tab.get("res", id=0))["ok"]
        assert (await tab.get("res", id=1))["ok"]


async def test_roles_are_kept_although_the_gateway_thinks_we_are_admin(road: Road) -> None:
    """S4: by scope of the method; `connect` and unknown methods are never for everybody."""
    await road.owner("acme", ("eve", Role.VIEWER), ("ann", Role.ADMIN))
    viewer, admin = await road.tab("eve"), await road.tab("ann")

    assert (await viewer.ask("sessions.list"))["ok"]
    for method, scope in (
        ("chat.send", "operator.write"),
        ("config.patch", "operator.admin"),
        ("no.such", "operator.admin"),
    ):
        error = (await viewer.ask(method))["error"]
        assert (error["code"], error["details"]["missingScope"]) == ("FORBIDDEN", scope)
    await viewer.chat("hi", id="x")
    error = await viewer.get("error", id="x")
    assert (error["code"], error["details"]["missingScope"]) == ("FORBIDDEN", "operator.write")
    assert error["turnEnded"] is True
    for method in ("connect", "door.nonsense"):
        for tab in (viewer, admin):
            assert (await tab.ask(method))["error"]["code"] == "UNKNOWN_METHOD"
        assert road.gateways["acme"].requests_of(method) == []


TROUBLE = (
    Fault.REFUSE_TCP, Fault.HTTP_503, Fault.HANG_IN_UPGRADE, Fault.HANG_IN_HANDSHAKE, Fault.REFUSE_AUTH,
    Fault.SCOPES_MISSING, Fault.PROTOCOL_MISMATCH, Fault.NOT_PAIRED, Fault.RATE_LIMITED,
)  # fmt: skip


async def test_trouble_with_a_gateway_is_told_without_its_address(open_road: OpenRoad) -> None:
    """S6: a public sentence and a code for the client; no host, port, token or exception text. P2: all at once."""
    async with open_road(handshake_timeout_s=0.5) as road:

        async def trouble(fault: Fault) -> None:
            gateway = await road.owner(fault, token="a-token-nobody-may-see")
            gateway.add_fault(fault)
            tab = await road.tab(fault, ready=False)

            error = (await tab.ask("health"))["error"]

            assert error["code"] in ("GATEWAY_DOWN", "GATEWAY_REFUSED", "GATEWAY_STARTING", "GATEWAY_TIMEOUT")
            assert error["mayHaveRun"] is False
            for raw in tab.raw:
                for hidden in ("127.0.0.1", str(gateway.port), "a-token", "Errno", "Traceback", "Exception"):
                    assert hidden not in raw, fault

        async with asyncio.TaskGroup() as own:
            for fault in TROUBLE:
                own.create_task(trouble(fault))


NONSENSE = (
    Fault.LIST_FRAME, Fault.UNKNOWN_TYPE, Fault.GARBAGE_FRAME, Fault.INVALID_JSON, Fault.ANSWER_UNKNOWN_ID,
    Fault.ERROR_NULL, Fault.DOUBLE_ANSWER, Fault.KEY_ORDER, Fault.BINARY_FRAME, Fault.FAST_REPLY,
)  # fmt: skip


async def test_a_gateway_that_talks_nonsense(road: Road) -> None:
    """P5: every call still has exactly one answer, and the connection goes on."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")

    for n, fault in enumerate(NONSENSE, start=1):
        gateway.add_fault(fault, method="cron.list")
        answer = await tab.ask("cron.list")
        gateway.clear_faults()
        await tab.call("health")
        assert answer["ok"] is (fault is not Fault.ERROR_NULL), fault
        assert len(tab.of("res")) == 2 * n, fault

    assert gateway.total_connections == 1


# -- bad input: a clear answer, and nothing lost for the others


async def alive(road: Road, tab: Tab) -> None:
    """Both the offender (if still there) and a sibling are served."""
    sibling = await road.tab("ada")
    assert (await sibling.call("health"))["ok"]
    if tab.code is None:
        assert (await tab.call("health"))["ok"]


NO_FRAMES = (
    "{", "", "nonsense", "[]", "null", "7", '"text"', '{"type":7}', "{}", '{"type":"req","id":{},"method":"health"}',
    '{"type":"req","id":"x","method":7}', '{"type":"req","id":"x","method":"' + "m" * 300 + '"}',
    '{"type":"req","id":"' + "i" * 300 + '","method":"health"}', '{"type":"req","id":1.5,"method":"health"}',
    '{"type":"req","id":"x","method":"health","params":' + "[" * 100_000 + "]" * 100_000 + "}",
    '{"type":"resume"}', '{"type":"auth"}', '{"type":"chat_abort"}', '{"type":"resume","epoch":"x","offset":1}',
    '{"type":"agent_chat","agent_name":"main","message":"hi","attachments":7}',
)  # fmt: skip


async def test_a_message_that_is_no_frame(road: Road) -> None:
    """P5, issue "Bad input": an INVALID_REQUEST, addressed where it can be; the socket stays."""
    await road.owner("ada")
    tab = await road.tab("ada")
    await tab.ping()

    for message in NO_FRAMES:
        await tab.send(message)
        await tab.ping()
        answer = tab.frames[-2]
        assert answer["type"] in ("res", "error"), message[:60]
        error = answer.get("error", answer)
        assert error["code"] == "INVALID_REQUEST", message[:60]
        assert 0 < len(error["message"]) < 300
    assert len(tab.of("pong")) == len(NO_FRAMES) + 1
    assert len(tab.of("res")) + len(tab.of("error")) == len(NO_FRAMES)
    await alive(road, tab)
    assert tab.code is None


@pytest.mark.parametrize("method", ["test.echo", "sessions.patch", "sessions.messages.subscribe", "sessions.send"])
async def test_params_as_deep_as_a_reader_can_go(road: Road, method: str) -> None:
    """P5: they pass, or are refused; what the door looks for in some of them is no reason to fail."""
    gateway = await road.owner("ada")
    gateway.custom_methods[method] = lambda call: {}
    tab = await road.tab("ada")

    for depth in (65, 500, *range(940, 1_010, 2)):
        await tab.send(
            f'{{"type":"req","id":{depth},"method":"{method}","params":{{"key":{"[" * depth}{"]" * depth}}}}}'
        )
        await tab.ping()
    refused = tab.of("error") + [answer["error"] for answer in tab.of("res") if not answer["ok"]]
    assert {error["code"] for error in refused} == {"INVALID_REQUEST"}
    await alive(road, tab)


async def test_an_unknown_type_is_cut_before_it_is_repeated(road: Road) -> None:
    """S5: no unbounded or unprintable string comes back."""
    await road.owner("ada")
    tab = await road.tab("ada")

    await tab.send({"type": "x" * 10_000 + "\x00"})

    assert (await tab.get("error"))["message"] == "Unknown message type: " + "x" * 64


@pytest.mark.parametrize(
    ("message", "text", "code"),
    [(b"\xff\xfe", True, 1007), (b'{"type":"ping"}', False, 1003)],
    ids=["invalid UTF-8", "binary"],
)
async def test_what_is_no_text_closes_the_socket(road: Road, message: bytes, text: bool, code: int) -> None:
    """Issue "Bad input": an answer and a close code that say what was wrong; the others notice nothing."""
    await road.owner("ada")
    tab = await road.tab("ada")

    await tab.socket.send(message, text=text)

    assert await tab.closed() == code
    assert tab.frames[-1]["code"] == "INVALID_REQUEST"
    await alive(road, tab)


async def test_a_message_above_the_limit(road: Road) -> None:
    """Issue "Bad input": 26 MiB are answered with the limit and 4009; the others notice nothing."""
    await road.owner("ada")
    tab = await road.tab("ada")

    async with asyncio.TaskGroup() as own:
        sending = own.create_task(_swallow(tab, "x" * (26 * 1024 * 1024)))
        assert await tab.closed() == 4009
        sending.cancel()
    assert (tab.reason, tab.frames[-1]["code"]) == ("message too large", "TOO_LARGE")
    assert "26214400 bytes" in tab.frames[-1]["message"]
    await alive(road, tab)


async def _swallow(tab: Tab, message: str) -> None:
    try:
        await tab.socket.send(message)
    except Exception as error:
        assert "4009" in str(error) or "close" in str(error).lower()  # noqa: PT017  the socket ends while it sends


async def test_a_large_answer_and_a_large_question_pass(road: Road) -> None:
    """P10: nothing on the road has the 1 MiB limit of old."""
    gateway = await road.owner("ada")
    gateway.custom_methods["test.size"] = lambda call: {"got": len(call.params["text"]), "text": call.params["text"]}
    tab = await road.tab("ada")
    text = "ü" * 1_500_000

    payload = await tab.call("test.size", {"text": text})

    assert payload == {"got": len(text), "text": text}


async def test_an_oversize_answer_fails_that_call_only(open_road: OpenRoad) -> None:
    """P10: TOO_LARGE for it, and the connection stays."""
    async with open_road(max_message_bytes=256 * 1024) as road:
        gateway = await road.owner("ada")
        gateway.add_fault(Fault.OVERSIZE_REPLY, method="cron.list", size_bytes=300 * 1024)
        tab = await road.tab("ada")

        error = (await tab.ask("cron.list"))["error"]

        assert error["code"] == "TOO_LARGE"
        assert (await tab.call("health"))["ok"]
        assert gateway.total_connections == 1


async def test_subscriptions_are_counted_per_client(road: Road) -> None:
    """R1, P9: one tab's unsubscribe leaves the other's; who never subscribed hears nothing."""
    gateway = await road.owner("ada")
    first, second, third = [await road.tab("ada") for _ in range(3)]
    await first.call("sessions.subscribe")
    await second.call("sessions.subscribe")
    await first.call("sessions.unsubscribe")

    gateway.session_changed("agent:main:main", reason="participants")
    await second.event("sessions.changed")
    await first.ping()
    await third.ping()

    assert not first.events("sessions.changed")
    assert not third.events("sessions.changed")
    assert gateway.connections[0].sessions_subscribed


async def test_traceparent_reaches_the_gateway(road: Road) -> None:
    """W3C trace context passes on wire 4; what else a client adds to its frame does not."""
    gateway = await road.owner("ada")
    tab = await road.tab("ada")

    answer = await tab.ask("health", traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", evil=1)

    assert answer["ok"]
    assert json.dumps(gateway.requests_of("health")[-1].params) == "{}"


async def test_the_fallback_edge_carries_the_same_road(open_road: OpenRoad) -> None:
    """The pure-ASGI edge behind its setting: a call, a chat, a resume, and the end of the door."""
    async with open_road(edge="asgi") as road:
        await road.owner("ada")
        first = await road.tab("ada")
        assert (await first.call("health"))["ok"]
        await first.answer("hi")
        position = first.position
        first.drop()

        second = await road.tab("ada", resume=position)
        await second.answer("again")
        await road.stop()

        assert second.hello["recovered"] is True
        assert (first.text(), second.text()) == ("Echo: hi", "Echo: again")
        assert await second.closed() == 1012
