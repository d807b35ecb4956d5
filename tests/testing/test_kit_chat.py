"""Chat runs of the simulated gateway: the event sequences of sections 2.2 to 2.9, on real sockets."""

from __future__ import annotations

import pytest
from kitclient import Failed, Key, greeted

from vestibule.testing import Approval, ChatScript, Gate, SimulatedGateway, ToolCall

MAIN = "agent:main:main"


def send(run_id: str, message: str = "hi", key: str = MAIN, **more: object) -> dict[str, object]:
    return {"sessionKey": key, "message": message, "idempotencyKey": run_id, **more}


async def test_a_plain_turn():
    """runId is the idempotency key; increments join to the final text; message is cumulative."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.next_chat(ChatScript(text=["one", " two", " three"]))
        assert await client.call("chat.send", send("r1")) == {"runId": "r1", "status": "started"}
        final = await client.until_event("chat", state="final")
        deltas = client.of("chat", state="delta")
        assert "".join(each["deltaText"] for each in deltas) == "one two three"
        assert deltas[1]["message"]["content"][0]["text"] == "one two"
        assert final["message"]["content"][0]["text"] == "one two three"
        assert final["stopReason"] == "stop"
        phases = [each["data"]["phase"] for each in client.of("agent", stream="lifecycle")]
        assert phases == ["start", "model", "finishing", "model", "end"]


async def test_outer_seq_is_contiguous_from_1_on_every_connection():
    """Run numbers have holes for some, outer numbers never."""
    async with SimulatedGateway() as gateway, greeted(gateway.url, caps=("tool-events",)) as sender:
        await gateway.emit("presence", {})
        async with greeted(gateway.url) as other:
            gateway.next_chat(ChatScript(tools=[ToolCall()]))
            await sender.call("chat.send", send("r1"))
            for client in (sender, other):
                await client.until_event("chat", state="final")
                assert [frame["seq"] for frame in client.events] == list(range(1, len(client.events) + 1))
            assert len(sender.events) > len(other.events)


async def test_tool_events_go_to_the_sender_with_the_cap_only():
    """Others see items; those who subscribed to sessions see session.tool."""
    async with (
        SimulatedGateway() as gateway,
        greeted(gateway.url, caps=("tool-events",)) as sender,
        greeted(gateway.url, caps=("tool-events",)) as other,
        greeted(gateway.url) as subscriber,
    ):
        await subscriber.call("sessions.subscribe")
        gateway.next_chat(
            ChatScript(text=["done"], preamble="Let me check.", tools=[ToolCall(output="out", updates=["o"])])
        )
        await sender.call("chat.send", send("r1"))
        for client in (sender, other, subscriber):
            await client.until_event("chat", state="final")
        tools = client_tools = [each["data"] for each in sender.of("agent", stream="tool")]
        assert [each["phase"] for each in tools] == ["start", "update", "result"]
        assert client_tools[2]["result"]["content"][0]["text"] == "out"
        assert other.of("agent", stream="tool") == []
        assert len(subscriber.of("session.tool")) == 3
        assert other.of("agent", stream="item")[0]["data"]["progressText"] == "Let me check."
        assert [each["deltaText"] for each in other.of("chat", state="delta")] == ["done"]


async def test_thinking_comes_as_agent_events_only():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.next_chat(ChatScript(text=["a", "b"], thinking=["Hmm", " well"]))
        await client.call("chat.send", send("r1"))
        await client.until_event("chat", state="final")
        assert [each["data"]["delta"] for each in client.of("agent", stream="thinking")] == ["Hmm", " well"]
        assert [each["deltaText"] for each in client.of("chat", state="delta")] == ["ab"]
        history = await client.call("chat.history", {"sessionKey": MAIN})
        assert history["messages"][-1]["content"][0] == {"type": "thinking", "thinking": "Hmm well"}


async def test_scoped_connections_hear_only_what_they_subscribed_to():
    """Cap session-scoped-events; subscriptions are flags: two subscribes, one unsubscribe, none."""
    async with (
        SimulatedGateway() as gateway,
        greeted(gateway.url) as sender,
        greeted(gateway.url, caps=("session-scoped-events",)) as scoped,
    ):
        await sender.call("chat.send", send("r1"))
        await sender.until_event("chat", state="final")
        await scoped.call("health")
        assert scoped.events == []
        for _ in range(2):
            await scoped.call("sessions.messages.subscribe", {"key": MAIN})
        await sender.call("chat.send", send("r2"))
        await scoped.until_event("chat", state="final", runId="r2")
        await scoped.call("sessions.messages.unsubscribe", {"key": MAIN})
        heard = len(scoped.events)
        await sender.call("chat.send", send("r3"))
        await sender.until_event("chat", state="final", runId="r3")
        await scoped.call("health")
        assert len(scoped.events) == heard


async def test_a_run_waits_at_its_gates():
    """Mid-run history carries inFlightRun; nothing sleeps."""
    gate = Gate()
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.next_chat(ChatScript(text=["one", " two"], gates={"chunk:1": gate}))
        await client.call("chat.send", send("r1"))
        await gate.reached()
        history = await client.call("chat.history", {"sessionKey": MAIN})
        assert history["inFlightRun"]["runId"] == "r1"
        assert history["inFlightRun"]["text"] == "one"
        assert client.of("chat", state="final") == []
        gate.open()
        await client.until_event("chat", state="final")
        assert "inFlightRun" not in await client.call("chat.history", {"sessionKey": MAIN})


async def test_the_same_key_starts_no_second_run():
    gate = Gate()
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.next_chat(ChatScript(gates={"start": gate}))
        await client.call("chat.send", send("r1"))
        assert (await client.call("chat.send", send("r1")))["status"] == "in_flight"
        gate.open()
        await client.until_event("chat", state="final")
        assert (await client.call("chat.send", send("r1")))["status"] == "ok"
        assert len(client.of("chat", state="final")) == 1


async def test_a_second_message_joins_the_running_turn():
    """It gets its own empty final at once, with seq 1 and no agent."""
    gate = Gate()
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.next_chat(ChatScript(gates={"chunk:0": gate}))
        await client.call("chat.send", send("r1"))
        await gate.reached()
        assert (await client.call("chat.send", send("r2", "and this")))["status"] == "started"
        joined = await client.until_event("chat", state="final")
        assert joined == {"runId": "r2", "sessionKey": MAIN, "seq": 1, "state": "final"}
        gate.open()
        await client.until_event("chat", state="final", runId="r1")


async def test_a_second_message_that_waits():
    """`followup`: its own run ends at once, empty; another one answers, and the history leads from one to the other."""
    gate = Gate()
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.queue_mode = "followup"
        gateway.next_chat(ChatScript(gates={"chunk:0": gate}))
        await client.call("chat.send", send("r1"))
        await gate.reached()
        assert (await client.call("chat.send", send("r2", "and this")))["status"] == "started"
        put_off = await client.until_event("chat", state="final")
        assert put_off == {"runId": "r2", "sessionKey": MAIN, "seq": 1, "state": "final"}
        waiting = (await client.call("chat.history", {"sessionKey": MAIN}))["pendingInputs"]["items"]
        assert [(item["runId"], item["message"]["content"]) for item in waiting] == [("r2", "and this")]
        gate.open()
        await client.until(lambda: len(client.of("chat", state="final")) == 3)
        answer = client.of("chat", state="final")[-1]
        history = await client.call("chat.history", {"sessionKey": MAIN})
        assert history["pendingInputs"]["items"] == []
        asked, answered = history["messages"][-2:]
        assert asked["idempotencyKey"] == "r2:user"
        assert answered["__openclaw"]["runId"] == answer["runId"] != "r2"
        assert not client.of("chat", state="status", runId=answer["runId"])


async def test_abort_ends_the_run_and_lifecycle_errors_follow():
    gate = Gate()
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client, greeted(gateway.url) as other:
        gateway.next_chat(ChatScript(text=["half", " whole"], gates={"chunk:1": gate}))
        await client.call("chat.send", send("r1"))
        await gate.reached()
        assert await other.call("chat.abort", {"sessionKey": MAIN}) == {"ok": True, "aborted": True, "runIds": ["r1"]}
        aborted = await client.until_event("chat", state="aborted")
        assert aborted["message"]["content"][0]["text"] == "half"
        await client.until(lambda: client.of("agent", stream="lifecycle")[-1]["data"]["phase"] == "error")
        assert await other.call("chat.abort", {"sessionKey": MAIN}) == {"ok": True, "aborted": False, "runIds": []}
        row = (await other.call("chat.history", {"sessionKey": MAIN}))["messages"][-1]
        assert row["openclawAbort"] == {"aborted": True, "origin": "rpc", "runId": "r1"}
        assert (row["idempotencyKey"], row["stopReason"]) == ("r1:assistant", "stop")


async def test_a_failed_run_sends_two_error_events():
    """The second with seq 1 and without agent."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.next_chat(ChatScript(text=[], retries=2, error="HTTP 500"))
        await client.call("chat.send", send("r1"))
        second = await client.until_event("chat", n=2, state="error")
        first = client.of("chat", state="error")[0]
        assert (first["agentId"], first["runId"]) == ("main", "r1")
        assert (second["seq"], second.get("agentId"), second["runId"]) == (1, None, "r1")
        retries = [each for each in client.of("agent", stream="run_status") if each["data"]["phase"] == "retrying"]
        assert [each["data"]["retryAttempt"] for each in retries] == [1, 2]


async def test_a_failed_run_is_in_the_history():
    """Wire 4 ends it with a row whose text is why; wire 3 says so beside what the agent said."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        await client.call("sessions.messages.subscribe", {"key": MAIN})
        gateway.next_chat(ChatScript(text=[], error="HTTP 500"))
        await client.call("chat.send", send("r1"))
        await client.until_event("chat", n=2, state="error")
        row = (await client.call("chat.history", {"sessionKey": MAIN}))["messages"][-1]
        assert (row["role"], row["stopReason"], row["idempotencyKey"]) == ("assistant", "error", "r1:terminal-error")
        assert row["content"] == [{"type": "text", "text": "⚠️ LLM request failed (HTTP 500)."}]
        await client.until(lambda: client.of("session.message")[-1]["message"] == row)
    async with SimulatedGateway(protocol=3) as old, greeted(old.url, key=Key()) as client:
        old.next_chat(ChatScript(text=[], error="HTTP 500"))
        await client.call("chat.send", send("r1"))
        await client.until_event("chat", n=2, state="error")
        row = (await client.call("chat.history", {"sessionKey": MAIN}))["messages"][-1]
        assert (row["role"], row["stopReason"], row["errorMessage"]) == ("assistant", "error", "HTTP 500")
        assert row["content"] == []


async def test_a_run_outlives_its_sender():
    gate = Gate()
    async with SimulatedGateway() as gateway, greeted(gateway.url) as watcher:
        gateway.next_chat(ChatScript(gates={"chunk:0": gate}))
        async with greeted(gateway.url) as sender:
            await sender.call("chat.send", send("r1"))
            await gate.reached()
        gate.open()
        await watcher.until_event("chat", state="final", runId="r1")


async def test_agent_answers_twice_with_one_id():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.next_chat(ChatScript(text=["forty", " two"]))
        identifier = await client.ask("agent", {"message": "hi", "agentId": "main", "idempotencyKey": "r1"})
        await client.until(lambda: len(client.answers.get(identifier, [])) == 2)
        first, second = (each["payload"] for each in client.answers[identifier])
        assert first["status"] == "accepted"
        assert (second["status"], second["result"]["payloads"][0]["text"]) == ("ok", "forty two")
        assert (await client.call("agent.wait", {"runId": "r1", "timeoutMs": 100}))["status"] == "ok"


async def test_keys_are_lower_cased():
    """P16: what was sent as Main comes back as main."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        await client.call("chat.send", send("r1", key="agent:Main:Work"))
        final = await client.until_event("chat", state="final")
        assert final["sessionKey"] == "agent:main:work"


async def test_a_foreign_run_reaches_everybody():
    """Cron and channels run without any of our clients asking."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.start_run("agent:main:telegram:dm:7", ChatScript(text=["beep"]), run_id="foreign")
        final = await client.until_event("chat", state="final")
        assert (final["runId"], final["sessionKey"]) == ("foreign", "agent:main:telegram:dm:7")


async def test_throttled_deltas_end_complete():
    """C4: fewer deltas than chunks, and still the whole text."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.next_chat(ChatScript(text=[str(n % 10) for n in range(25)], throttle=10))
        await client.call("chat.send", send("r1"))
        final = await client.until_event("chat", state="final")
        deltas = [each["deltaText"] for each in client.of("chat", state="delta")]
        assert len(deltas) < 6
        assert "".join(deltas) == final["message"]["content"][0]["text"]


class TestApprovals:
    async def test_without_a_reviewer_it_is_denied_at_once(self):
        async with SimulatedGateway() as gateway, greeted(gateway.url, caps=("tool-events",)) as client:
            gateway.next_chat(ChatScript(approval=Approval()))
            await client.call("chat.send", send("r1"))
            await client.until_event("chat", state="final")
            result = client.of("agent", stream="tool")[-1]["data"]
            assert result["isError"] is True
            assert "no-route" in result["result"]["content"][0]["text"]
            assert client.of("exec.approval.requested") == []

    async def test_a_reviewer_decides_and_the_run_goes_on(self):
        async with (
            SimulatedGateway() as gateway,
            greeted(gateway.url) as sender,
            greeted(gateway.url, caps=("exec-approvals",)) as reviewer,
        ):
            gateway.next_chat(ChatScript(text=["It ran."], approval=Approval("uname -a")))
            await sender.call("chat.send", send("r1"))
            asked = await reviewer.until_event("exec.approval.requested")
            assert asked["request"]["command"] == "uname -a"
            assert await reviewer.call("exec.approval.list") == [asked]
            assert sender.of("exec.approval.requested") == []
            await reviewer.call("exec.approval.resolve", {"id": asked["id"], "decision": "allow-once"})
            final = await sender.until_event("chat", state="final", runId="r1")
            assert final["message"]["content"][0]["text"] == "It ran."
            assert (await reviewer.until_event("exec.approval.resolved"))["resolvedBy"] == "gateway-client"
            assert await reviewer.call("exec.approval.list") == []
            with pytest.raises(Failed) as failed:
                await reviewer.call("exec.approval.resolve", {"id": asked["id"], "decision": "deny"})
            assert failed.value.details["reason"] == "APPROVAL_ALREADY_RESOLVED"
            again = {"id": asked["id"], "decision": "allow-once"}
            assert await reviewer.call("exec.approval.resolve", again) == {"ok": True}

    async def test_a_follow_up_is_a_second_run(self):
        """C2: done of the first run is not the end of the turn."""
        async with SimulatedGateway() as gateway, greeted(gateway.url, caps=("approvals",)) as client:
            gateway.next_chat(ChatScript(text=["It ran."], approval=Approval(follow_up=True)))
            await client.call("chat.send", send("r1"))
            await client.until_event("chat", state="final", runId="r1")
            asked = await client.until_event("exec.approval.requested")
            await client.call("exec.approval.resolve", {"id": asked["id"], "decision": "allow-once"})
            second = await client.until_event("chat", n=2, state="final")
            assert second["runId"] != "r1"
            assert second["message"]["content"][0]["text"] == "It ran."


async def test_wire_3_is_poorer():
    """No deltaText, no status, no stopReason, tool frames without number and output; the end only in final."""
    async with (
        SimulatedGateway(protocol=3) as gateway,
        greeted(gateway.url, caps=("tool-events",), key=Key()) as client,
    ):
        gateway.next_chat(ChatScript(text=["a", "b", "c"], tools=[ToolCall()], one_delta=False, throttle=9))
        await client.call("chat.send", send("r1"))
        final = await client.until_event("chat", state="final")
        assert "stopReason" not in final
        assert "agentId" not in final
        assert final["message"]["content"][0]["text"] == "abc"
        assert client.of("chat", state="status") == []
        (delta,) = client.of("chat", state="delta")
        assert "deltaText" not in delta
        tools = [frame for frame in client.events if frame["payload"].get("stream") == "tool"]
        assert all("seq" not in frame for frame in tools)
        assert all("result" not in frame["payload"]["data"] for frame in tools)
        numbers = [frame["seq"] for frame in client.events if "seq" in frame]
        assert numbers == sorted(set(numbers))
