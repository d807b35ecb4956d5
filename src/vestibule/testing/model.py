"""DemoModel: an OpenAI-compatible chat model that needs no key, for `vestibule up` and for tests.

Streams `POST /v1/chat/completions` as Server-Sent Events. No model inside: answers are scripted or come from `demo`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from vestibule.tasks import Tasks
from vestibule.telemetry.log import get_logger
from vestibule.testing.demo import Reply, demo_reply
from vestibule.testing.http import BadRequest, HttpRequest, read_request, respond, start_stream
from vestibule.testing.wire import JSON, NotJson, decode, encode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from types import TracebackType

log = get_logger(__name__)

INTERNAL = "<<<BEGIN_OPENCLAW_INTERNAL"
MODEL_ID = "demo"


class DemoModel:
    """The model's server.

    async with DemoModel() as model:
        model.base_url  # "http://127.0.0.1:…/v1"
    """

    def __init__(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        delay_s: float = 0.02,
        answers: Callable[[str, str | None], Reply] | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._delay_s = delay_s
        self._answers = answers
        self._scripted: list[tuple[str, deque[Reply]]] = []
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks = Tasks(self._failed)
        self._changed = asyncio.Event()
        self.requests: list[JSON] = []
        """Bodies of the completions asked for."""
        self.cancelled = 0
        """Streams whose reader went away before the end."""

    async def __aenter__(self) -> DemoModel:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and end every stream."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._writers):
            writer.close()
        await self._tasks.cancel_all()

    @property
    def port(self) -> int:
        """The model's port."""
        return self._port

    @property
    def base_url(self) -> str:
        """What goes into `models.providers.<name>.baseUrl`."""
        return f"http://{self._host}:{self._port}/v1"

    def answer(self, text: str, *replies: Reply) -> None:
        """Answer messages that contain `text` with these replies in turn, the last one for ever."""
        self._scripted.insert(0, (text, deque(replies)))

    async def wait_for(self, predicate: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
        """Until something is true; looked at after every request and every end of a stream."""
        async with asyncio.timeout(timeout_s):
            while not predicate():
                self._changed.clear()
                await self._changed.wait()

    # inside

    def _protocol(self) -> asyncio.StreamReaderProtocol:
        reader = asyncio.StreamReader()
        return asyncio.StreamReaderProtocol(reader, self._accept)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.spawn(self._serve(reader, writer), name="model:connection")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while (request := await read_request(reader)) is not None:
                await self._handle(request, writer)
        except BadRequest as error:
            await respond(writer, 400, _error(str(error)))
        except ConnectionError:
            self.cancelled += 1
        finally:
            self._writers.discard(writer)
            writer.close()
            self._changed.set()

    async def _handle(self, request: HttpRequest, writer: asyncio.StreamWriter) -> None:
        if request.path == "/v1/models" and request.method == "GET":
            await respond(writer, 200, encode({"object": "list", "data": [{"id": MODEL_ID, "object": "model"}]}))
        elif request.path == "/healthz":
            await respond(writer, 200, b'{"ok":true}')
        elif request.path != "/v1/chat/completions":
            await respond(writer, 404, _error(f"no such route: {request.path}"))
        elif request.method != "POST":
            await respond(writer, 405, _error("use POST"))
        else:
            await self._complete(request.body, writer)

    async def _complete(self, raw: bytes, writer: asyncio.StreamWriter) -> None:
        try:
            body = decode(raw)
        except NotJson:
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
            raise BadRequest("messages must be a list")
        self.requests.append(body)
        self._changed.set()
        reply = self._reply(body)
        await reply.point("start")
        if reply.status != 200:
            await respond(writer, reply.status, _error("".join(reply.pieces()) or "scripted error"))
        elif body.get("stream"):
            stream = await start_stream(writer, "text/event-stream")
            async for event in self._events(reply, body):
                await stream.send(event)
            await stream.end()
        else:
            await respond(writer, 200, encode(_whole(reply, body)))

    def _reply(self, body: JSON) -> Reply:
        text, result = asked(body["messages"])
        for wanted, replies in self._scripted:
            if wanted in text and replies:
                return replies.popleft() if len(replies) > 1 else replies[0]
        if self._answers is not None:
            return self._answers(text, result)
        names = [tool.get("function", {}).get("name") for tool in body.get("tools") or []]
        return demo_reply(text, result, can_run="exec" in names)

    async def _events(self, reply: Reply, body: JSON) -> AsyncIterator[bytes]:
        delay_s = self._delay_s if reply.delay_s is None else reply.delay_s
        yield _chunk(body, {"role": "assistant", "content": ""})
        for number, thought in enumerate(reply.thoughts()):
            await reply.point(f"thinking:{number}")
            await _pause(delay_s)
            yield _chunk(body, {"reasoning_content": thought})
        for number, piece in enumerate(reply.pieces()):
            await reply.point(f"chunk:{number}")
            await _pause(delay_s)
            yield _chunk(body, {"content": piece})
        if reply.tool is not None:
            yield _chunk(body, {"tool_calls": [{"index": 0, **_tool_call(reply, len(self.requests))}]})
        await reply.point("end")
        yield _chunk(body, {}, finish_reason=_finish_reason(reply), usage=_usage(reply, body))
        yield b"data: [DONE]\n\n"

    def _failed(self, name: str, error: BaseException) -> None:
        log.error("model.failed", task=name, error=repr(error), exc_info=error)


def asked(messages: list[JSON]) -> tuple[str, str | None]:
    """What the person wrote last, and the result of a tool that ran since then."""
    result: str | None = None
    for message in reversed(messages):
        text = _text(message.get("content"))
        if message.get("role") == "tool" and result is None:
            result = text
        elif message.get("role") == "user" and not text.lstrip().startswith(INTERNAL):
            return text, result
    return "", result


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(
        str(part.get("text", "")) for part in parts if isinstance(part, dict) and part.get("type") == "text"
    )


async def _pause(delay_s: float) -> None:
    if delay_s > 0:
        await asyncio.sleep(delay_s)


def _finish_reason(reply: Reply) -> str:
    return "tool_calls" if reply.tool is not None else "stop"


def _tool_call(reply: Reply, number: int) -> JSON:
    assert reply.tool is not None
    arguments = encode(dict(reply.tool.args)).decode()
    function = {"name": reply.tool.name, "arguments": arguments}
    return {"id": f"call_demo_{number}", "type": "function", "function": function}


def _usage(reply: Reply, body: JSON) -> JSON:
    prompt = sum(len(_text(message.get("content"))) for message in body["messages"]) // 4
    completion = len(reply.pieces()) + len(reply.thoughts())
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _chunk(body: JSON, delta: JSON, *, finish_reason: str | None = None, usage: JSON | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    data: JSON = {"id": "chatcmpl-demo", "object": "chat.completion.chunk", "created": 0}
    data |= {"model": body.get("model", MODEL_ID), "choices": [choice]}
    if usage is not None:
        data["usage"] = usage
    return b"data: " + encode(data) + b"\n\n"


def _whole(reply: Reply, body: JSON) -> JSON:
    message: JSON = {"role": "assistant", "content": "".join(reply.pieces())}
    if thinking := "".join(reply.thoughts()):
        message["reasoning_content"] = thinking
    if reply.tool is not None:
        message["tool_calls"] = [_tool_call(reply, 0)]
    choice = {"index": 0, "message": message, "finish_reason": _finish_reason(reply)}
    answer: JSON = {"id": "chatcmpl-demo", "object": "chat.completion", "created": 0}
    return answer | {"model": body.get("model", MODEL_ID), "choices": [choice], "usage": _usage(reply, body)}


def _error(message: str) -> bytes:
    return encode({"error": {"message": message, "type": "server_error"}})
