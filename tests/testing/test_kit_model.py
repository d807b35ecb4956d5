"""The demo model answers like an OpenAI-compatible server, over HTTP."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from vestibule.testing import ChatScript, DemoModel, Gate, Reply, SimulatedGateway, ToolCall, demo_reply, demo_script

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

EXEC = {"type": "function", "function": {"name": "exec", "parameters": {}}}
INTERNAL = {"role": "user", "content": "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>> secret markdown"}


@contextlib.asynccontextmanager
async def model(**options: Any) -> AsyncIterator[tuple[DemoModel, httpx.AsyncClient]]:
    async with DemoModel(delay_s=0, **options) as served, httpx.AsyncClient(base_url=served.base_url) as http:
        yield served, http


def body(text: str, *after: dict[str, Any], tools: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    messages = [{"role": "system", "content": "…"}, {"role": "user", "content": text}, *after, INTERNAL]
    return {"model": "demo", "stream": True, "messages": messages, "tools": tools or []}


async def streamed(http: httpx.AsyncClient, request: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await http.post("/chat/completions", json=request)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream"
    lines = [line.removeprefix("data: ") for line in answer.text.splitlines() if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def said(chunks: list[dict[str, Any]], field: str = "content") -> str:
    return "".join(chunk["choices"][0]["delta"].get(field, "") for chunk in chunks)


async def test_the_stream_has_the_shape_openclaw_reads():
    """Role first, then content, usage in the chunk with finish_reason, then [DONE]."""
    async with model() as (_, http):
        chunks = await streamed(http, body("hello there"))
        assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
        assert "demo agent" in said(chunks)
        assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
        assert chunks[-1]["usage"]["total_tokens"] > 0


async def test_openclaws_own_message_is_not_the_users():
    async with model() as (_, http):
        assert "# A rich answer" not in said(await streamed(http, body("who are you")))


async def test_a_tool_turn():
    """First a harmless command, then an answer made of its result."""
    async with model() as (_, http):
        first = await streamed(http, body("use a tool please", tools=[EXEC]))
        call = next(
            c["choices"][0]["delta"]["tool_calls"][0] for c in first if "tool_calls" in c["choices"][0]["delta"]
        )
        assert call["function"]["name"] == "exec"
        assert json.loads(call["function"]["arguments"]) == {"command": "echo Hello from a tool."}
        assert first[-1]["choices"][0]["finish_reason"] == "tool_calls"
        result = {"role": "tool", "tool_call_id": call["id"], "content": "Hello from a tool.\n"}
        second = await streamed(http, body("use a tool please", {"role": "assistant"}, result, tools=[EXEC]))
        assert "Hello from a tool." in said(second)
        assert second[-1]["choices"][0]["finish_reason"] == "stop"


async def test_no_tool_is_called_that_was_not_offered():
    async with model() as (_, http):
        chunks = await streamed(http, body("use a tool please"))
        assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


async def test_thinking_counting_markdown_and_failing():
    async with model() as (_, http):
        chunks = await streamed(http, body("think about it"))
        assert said(chunks, "reasoning_content").startswith("The question")
        assert said(await streamed(http, body("Count to 5"))) == "1 2 3 4 5"
        assert "| `chunk` |" in said(await streamed(http, body("markdown")))
        failed = await http.post("/chat/completions", json=body("fail"))
        assert failed.status_code == 500
        assert failed.json()["error"]["type"] == "server_error"


async def test_anything_else_is_repeated_with_help():
    reply = demo_reply("the moon is far")
    assert "the moon is far" in str(reply.text)
    assert "**help**" in str(reply.text)


@pytest.mark.parametrize("text", ["why did my build fail?", "a toolbox", "unthinkable"])
def test_keywords_are_whole_words(text: str):
    reply = demo_reply(text)
    assert (reply.status, reply.tool, reply.thinking) == (200, None, ())


async def test_scripted_answers_and_gates():
    """The last reply stays; a gate holds the stream open."""
    gate = Gate()
    async with model() as (served, http):
        served.answer("weather", Reply(["sun", "ny"]), Reply("rain", gates={"chunk:0": gate}))
        assert said(await streamed(http, body("the weather?"))) == "sunny"
        async with http.stream("POST", "/chat/completions", json=body("the weather?")) as answer:
            await gate.reached()
            gate.open()
            assert '"rain"' in (await answer.aread()).decode()
        assert said(await streamed(http, body("the weather?"))) == "rain"
        assert len(served.requests) == 3


async def test_a_reader_that_leaves_is_noticed():
    gate = Gate()
    async with model() as (served, http):
        served.answer("long", Reply(["x"] * 50, gates={"chunk:10": gate}, delay_s=0.001))
        async with http.stream("POST", "/chat/completions", json=body("long")):
            await gate.reached()
        gate.open()
        await served.wait_for(lambda: served.cancelled == 1)


async def test_without_stream_and_other_routes():
    async with model() as (_, http):
        whole = await http.post("/chat/completions", json=body("hello") | {"stream": False})
        assert "demo agent" in whole.json()["choices"][0]["message"]["content"]
        assert (await http.get("/models")).json()["data"][0]["id"] == "demo"
        assert (await http.get("/nothing")).status_code == 404
        assert (await http.get("/chat/completions")).status_code == 405
        assert (await http.post("/chat/completions", content=b"no json")).status_code == 400


def test_the_same_answers_as_a_script():
    script = demo_script("use a tool")
    assert isinstance(script, ChatScript)
    assert script.tools == (ToolCall("exec", {"command": "echo Hello from a tool."}, output="Hello from a tool."),)
    assert demo_script("fail").error is not None


async def test_a_simulated_gateway_speaks_it():
    from kitclient import greeted

    async with SimulatedGateway(answers=demo_script) as gateway, greeted(gateway.url) as client:
        params = {"sessionKey": "main", "message": "fail", "idempotencyKey": "r1"}
        await client.call("chat.send", params)
        error = await client.until_event("chat", state="error")
        assert "because you asked it to" in error["errorMessage"]
