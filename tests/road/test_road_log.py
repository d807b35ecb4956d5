"""A call can be followed through the log, and an answer that hides a defect says where to look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from vestibule.telemetry.metrics import registry

if TYPE_CHECKING:
    import io

    import pytest

    from road.kit import Road

TRACE = "0af7651916cd43dd8448eb211c80319c"


def lines(log: io.StringIO, **fields: Any) -> list[dict[str, Any]]:
    """Log lines with these fields, oldest first."""
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in told if fields.items() <= line.items()]


async def test_a_call_is_one_id_from_end_to_end(quiet_road: Road, log: io.StringIO) -> None:
    """Issue "a correlation id per call": sent, answered, done; another tab's call with the same id is another call."""
    await quiet_road.owner("ada")
    first, second = await quiet_road.tab("ada"), await quiet_road.tab("ada")
    await first.ask("health", id="7")
    await second.ask("health", id="7")

    sent = [line["call"] for line in lines(log, event="call.sent", method="health")]
    assert len(set(sent)) == 2
    for call in sent:
        assert call.endswith('/"7"')
        assert [line["event"] for line in lines(log, call=call)] == ["call.sent", "call.answered", "call.done"]


async def test_the_clients_own_trace_is_the_id(quiet_road: Road, log: io.StringIO) -> None:
    """Who traces finds the door's part of it: on the socket and over HTTP."""
    await quiet_road.owner("ada")
    tab = await quiet_road.tab("ada")
    parent = f"00-{TRACE}-b7ad6b7169203331-01"
    await tab.send({"type": "req", "id": "1", "method": "health", "traceparent": parent})
    await tab.get("res", id="1")

    assert [line["event"] for line in lines(log, call=TRACE)] == ["call.sent", "call.answered", "call.done"]


def chats_answered() -> float:
    return registry.get_sample_value("vestibule_calls_total", {"family": "chat", "outcome": "ok"}) or 0.0


async def test_a_chat_is_followed_like_a_call(quiet_road: Road, log: io.StringIO) -> None:
    """Issue "a correlation id per call": under the client and its own id, or its trace; counted among the calls."""
    await quiet_road.owner("ada")
    tab = await quiet_road.tab("ada")
    counted = chats_answered()
    await tab.answer("hi", id="turn-1")
    await tab.answer("hi again", id="turn-2", traceparent=f"00-{TRACE}-b7ad6b7169203331-01")
    await tab.send({"type": "chat_abort", "agent_name": "main"})
    await tab.call("health")

    sent = [line["call"] for line in lines(log, event="call.sent", method="chat.send")]
    assert sent == [f'{tab.client_id}/"turn-1"', TRACE]
    aborted = [line["call"] for line in lines(log, event="call.sent", method="chat.abort")]
    assert aborted == [f'{tab.client_id}/"agent:main:main"']
    for call in (*sent, *aborted):
        assert [line["event"] for line in lines(log, call=call)] == ["call.sent", "call.answered", "call.done"]
    assert chats_answered() == counted + 3


async def test_a_defect_is_found_by_what_the_client_was_told(
    quiet_road: Road, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S6: a public sentence for the client; its `details.call` is on the log line that has the rest."""
    await quiet_road.owner("ada")
    tab, sibling = await quiet_road.tab("ada"), await quiet_road.tab("ada")

    def defect(*_: object) -> None:
        raise RuntimeError("10.1.2.3 is on fire")

    monkeypatch.setattr(quiet_road.replica.hub.router, "_request", defect)
    monkeypatch.setattr(quiet_road.replica.hub.router, "_chat", defect)
    answered = (await tab.ask("health", id="9"))["error"]
    await tab.chat("hi")
    noticed = await tab.get("error")

    for error in (answered, noticed):
        assert error["code"] == "INTERNAL"
        (line,) = lines(log, call=error["details"]["call"])
        assert (line["event"], line["level"]) == ("client.receive_failed", "error")
        assert "10.1.2.3" in line["exception"]
    assert answered["details"]["call"].endswith('/"9"')
    assert not any("10.1.2.3" in raw for raw in tab.raw)
    monkeypatch.undo()
    assert (await tab.call("health"))["ok"]
    assert (await sibling.call("health"))["ok"]


async def test_a_filter_that_fails_is_found_the_same_way(
    quiet_road: Road, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S1, S6: the answer is withheld, and says under which id the log tells why."""
    await quiet_road.owner("ada")
    tab = await quiet_road.tab("ada")

    def broken(_body: bytes) -> bytes:
        raise ValueError("no such path")

    monkeypatch.setattr("vestibule.hub.router.filter_for", lambda *_: broken)
    error = (await tab.ask("config.get"))["error"]

    assert error["code"] == "GATEWAY_REPLY"
    events = [line["event"] for line in lines(log, call=error["details"]["call"])]
    assert events == ["call.sent", "call.answered", "call.filter_failed", "call.done"]


async def test_a_defect_of_an_http_request_too(
    quiet_road: Road, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S6: the header of the answer is the id in the log."""
    await quiet_road.owner("ada")
    token = await quiet_road.token("ada")

    def defect(*_: object, **__: object) -> None:
        raise RuntimeError("10.1.2.3 is on fire")

    monkeypatch.setattr(quiet_road.replica.hub, "call", defect)
    async with httpx.AsyncClient(base_url=quiet_road.replica.url) as http:
        answer = await http.post(
            "/api/v1/container/rpc", json={"method": "health"}, headers={"Authorization": f"Bearer {token}"}
        )

    assert answer.json()["error"]["code"] == "INTERNAL"
    (line,) = lines(log, call=answer.headers["X-Correlation-Id"])
    assert (line["event"], "10.1.2.3" in line["exception"]) == ("http.failed", True)
    assert "10.1.2.3" not in answer.text
