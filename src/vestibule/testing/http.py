"""Just enough HTTP/1.1 for the demo model: requests with a body, keep-alive, chunked answers.

Not for the internet: no limits but the sizes below, no TLS.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_HEAD_LINES = 200


class BadRequest(Exception):
    """What came is no request we understand."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A whole request; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


async def read_request(reader: asyncio.StreamReader) -> HttpRequest | None:
    """The next request, or None when the client has closed."""
    line = await _line(reader)
    if line is None:
        return None
    parts = line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest("not HTTP/1")
    headers: dict[str, str] = {}
    for _ in range(MAX_HEAD_LINES):
        field = await _line(reader)
        if not field:
            break
        name, _, value = field.partition(":")
        headers[name.strip().lower()] = value.strip()
    else:
        raise BadRequest("too many headers")
    try:
        body = await _body(reader, headers)
    except (asyncio.IncompleteReadError, ValueError):
        raise BadRequest("broken body") from None
    return HttpRequest(parts[0], parts[1].split("?", 1)[0], headers, body)


async def _line(reader: asyncio.StreamReader) -> str | None:
    try:
        raw = await reader.readuntil(b"\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError:
        raise BadRequest("line too long") from None
    return raw[:-2].decode("latin-1")


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        whole = bytearray()
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            whole += await reader.readexactly(_checked(size + len(whole)) - len(whole))
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
        return bytes(whole)
    return await reader.readexactly(_checked(int(headers.get("content-length", "0"))))


def _checked(size: int) -> int:
    if not 0 <= size <= MAX_BODY_BYTES:
        raise BadRequest("body too large")
    return size


async def respond(
    writer: asyncio.StreamWriter, status: int, body: bytes, content_type: str = "application/json"
) -> None:
    """A whole answer."""
    reason = HTTPStatus(status).phrase
    head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


class Stream:
    """A chunked answer under way."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def send(self, data: bytes) -> None:
        """One chunk. Raises ConnectionError once the reader is gone."""
        if self._writer.is_closing():
            raise ConnectionResetError
        self._writer.write(b"%x\r\n%s\r\n" % (len(data), data))
        await self._writer.drain()

    async def end(self) -> None:
        """The last chunk."""
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()


async def start_stream(writer: asyncio.StreamWriter, content_type: str) -> Stream:
    """Begin a chunked answer."""
    fields = [f"Content-Type: {content_type}", "Cache-Control: no-cache", "Transfer-Encoding: chunked"]
    writer.write("\r\n".join(["HTTP/1.1 200 OK", *fields, "", ""]).encode())
    await writer.drain()
    return Stream(writer)
