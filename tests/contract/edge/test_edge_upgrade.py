"""The upgrade request: who is let in as far as a socket, and what leaks of it (S2, S5).

Rows of the trap table: Firefox's `Connection` header, deflate, pipelined data. On the ASGI edge uvicorn itself answers
a wrong version or key, and loses pipelined data: the connection stays sane there, the message is gone.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import websockets

from support.rawpeer import TEXT, Visit, close_frame, frame, upgrade_request
from support.waiting import eventually
from vestibule.auth.credentials import Ticket, Token
from vestibule.protocol.frames import Resume

if TYPE_CHECKING:
    from support.edges import Opener, Running


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_firefox_may_connect(door: Running, visit: Visit) -> None:
    """Trap "Firefox's Connection header": `keep-alive, Upgrade`."""
    peer = await visit(door.port, Connection="keep-alive, Upgrade")
    peer.send(frame(TEXT, b"from Firefox"))
    assert await peer.data() == b"from Firefox"


async def test_spelling_does_not_matter(door: Running, visit: Visit) -> None:
    await visit(door.port, Connection="UPGRADE", Upgrade="WebSocket")


async def test_paths(door: Running, visit: Visit) -> None:
    """The origin contract's `wss://host?token=<jwt>`, and the door's own paths."""
    for path in ("/", "/ws", "/api/v1/ws", "/?token=abc", "/ws?token=abc"):
        await visit(door.port, path)


async def test_other_paths_are_not_found(door: Running, visit: Visit) -> None:
    peer = await visit.dial(door.port)
    peer.send(upgrade_request("/other?token=secret-token"))
    status, headers, body = await peer.answer()
    assert status == 404
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {"error": {"code": "NOT_FOUND", "message": "No WebSocket here."}}
    await peer.ended()
    assert door.gate.credentials == []


async def test_pages_that_may_connect(open_door: Opener, visit: Visit) -> None:
    """S5: the door's own pages, loopback among itself, `public_url`, `allowed_origins` (all cases: tests/edge)."""
    async with open_door(public_url="https://public.example.com", allowed_origins=("https://app.example.com",)) as door:
        for origin in (
            "https://door.example.com",
            "https://public.example.com",
            "https://app.example.com",
        ):
            await (await visit(door.port, host="door.example.com", Origin=origin)).hang_up()
        await (await visit(door.port, host="127.0.0.1:8800", Origin="http://localhost:5173")).hang_up()


async def test_pages_that_may_not(door: Running, visit: Visit) -> None:
    """S5: any other page gets HTTP 403, before anything is asked about its credential."""
    for origin in ("https://evil.example.com", "https://door.example.com:8443", "null", "http://localhost:5173"):
        peer = await visit.dial(door.port)
        peer.send(upgrade_request(host="door.example.com", Origin=origin))
        status, _, body = await peer.answer()
        assert status == 403, origin
        assert json.loads(body)["error"]["code"] == "FORBIDDEN"
        await peer.ended()
    assert door.gate.credentials == []


async def test_all_pages_if_the_operator_says_so(open_door: Opener, visit: Visit) -> None:
    async with open_door(allowed_origins=("*",)) as door:
        peer = await visit(door.port, Origin="null")
        await peer.hang_up()


BROKEN: list[tuple[dict[str, Any], str, int]] = [
    ({"Sec_WebSocket_Version": "8"}, "native", 426),
    ({"Sec_WebSocket_Version": "8"}, "asgi", 400),
    ({"without": ("Sec-WebSocket-Version",)}, "native", 426),
    ({"without": ("Sec-WebSocket-Version",)}, "asgi", 400),
    ({"Sec_WebSocket_Key": "short"}, "", 400),
    ({"without": ("Sec-WebSocket-Key",)}, "", 400),
]


async def test_a_broken_handshake(door: Running, visit: Visit, edge: str) -> None:
    for replaced, only, expected in BROKEN:
        if only in ("", edge):
            peer = await visit.dial(door.port)
            peer.send(upgrade_request(**replaced))
            status, _, _ = await peer.answer()
            assert status == expected, replaced
            await peer.ended()
    assert door.connections.count == 0


async def test_the_subprotocol(door: Running) -> None:
    """The door selects its own name, never the one that carries the token."""
    offered = [websockets.Subprotocol(name) for name in ("vestibule.v1", "vestibule.token.abc.def")]
    async with websockets.connect(door.url, subprotocols=offered) as peer:
        assert peer.subprotocol == "vestibule.v1"
        await door.gate.client()
    assert door.gate.credentials == [Token("abc.def")]


async def test_credentials(door: Running, visit: Visit) -> None:
    """The gate gets the credential from wherever the client may put it."""
    await visit(door.port, "/ws?token=abc")
    await visit(door.port, "/ws?ticket=once")
    await visit(door.port, Authorization="Bearer abc")
    await visit(door.port)
    await eventually(lambda: len(door.gate.credentials) == 4)
    assert door.gate.credentials == [Token("abc"), Ticket("once"), Token("abc"), None]
    assert door.gate.remotes == ["127.0.0.1"] * 4


async def test_behind_a_local_proxy_the_clients_address_is_known(door: Running, visit: Visit) -> None:
    await visit(door.port, X_Forwarded_For="6.6.6.6, 192.0.2.7")
    await door.gate.client()
    assert door.gate.remotes == ["192.0.2.7"]


async def test_resume(door: Running, visit: Visit) -> None:
    """Where the client left the stream, from the URL; unreadable: a fresh start (all cases: tests/edge)."""
    await visit(door.port, "/ws?epoch=e1&offset=42")
    await eventually(lambda: len(door.gate.clients) == 1)
    await visit(door.port, "/ws?epoch=e1&offset=many")
    await eventually(lambda: len(door.gate.clients) == 2)
    assert [client.resume for client in door.gate.clients] == [Resume(epoch="e1", offset=42), None]


async def test_no_token_in_any_log(open_door: Opener, visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    """S2: not at any level, by any logger; neither of those who get in nor of those who do not."""
    caplog.set_level(logging.DEBUG)
    secret = "eyJhbGciOi.secret.token"
    async with open_door() as door:
        await (await visit(door.port, f"/ws?token={secret}")).hang_up()
        await (await visit(door.port, Authorization=f"Bearer {secret}")).hang_up()
        await (await visit(door.port, Sec_WebSocket_Protocol=f"vestibule.v1, vestibule.token.{secret}")).hang_up()
        for path, headers in ((f"/no?token={secret}", {}), (f"/ws?token={secret}", {"Origin": "https://evil.com"})):
            peer = await visit.dial(door.port)
            peer.send(upgrade_request(path, **headers))
            assert (await peer.answer())[0] in (403, 404)
            await peer.hang_up()
    assert "secret" not in caplog.text
    assert "secret" not in str([record.__dict__ for record in caplog.records])


async def test_compression_is_declined(door: Running) -> None:
    """Trap "deflate": offered by every browser, declined, and the socket opens."""
    async with websockets.connect(door.url, compression="deflate") as peer:
        assert peer.response is not None
        assert "Sec-WebSocket-Extensions" not in peer.response.headers
        await peer.send("plain")
        assert await peer.recv() == "plain"


async def test_what_comes_with_the_request(door: Running, visit: Visit, edge: str) -> None:
    """Trap "pipelined data": kept by the native edge, lost by uvicorn; the connection stays sane on both."""
    peer = await visit.dial(door.port)
    peer.send(upgrade_request() + frame(TEXT, b"too eager"))
    assert (await peer.answer())[0] == 101
    if edge == "native":
        assert await peer.data() == b"too eager"
    peer.send(frame(TEXT, b"patient"))
    assert await peer.data() == b"patient"


async def test_half_a_frame_with_the_request(door: Running, visit: Visit, edge: str) -> None:
    """Trap "pipelined data", worst case: the first bytes of a frame come early. Nothing is misread."""
    whole = frame(TEXT, b"cut in two")
    peer = await visit.dial(door.port)
    peer.send(upgrade_request() + whole[:4])
    assert (await peer.answer())[0] == 101
    peer.send(whole[4:])
    if edge == "native":
        assert await peer.data() == b"cut in two"
    else:
        assert (await peer.closing()).code == 1002
    assert (await door.gate.client()).received in ([], [b"cut in two"])


async def test_a_broken_frame_with_the_request(door: Running, visit: Visit, edge: str) -> None:
    """A rule broken before the socket is handed over is a rule broken."""
    peer = await visit.dial(door.port)
    peer.send(upgrade_request() + frame(TEXT, b"{}", mask=False))
    assert (await peer.answer())[0] == 101
    if edge == "asgi":
        return  # lost with everything else that came early
    assert (await peer.closing()).code == 1002
    peer.send(close_frame(1002))
    await peer.ended()
    await peer.hang_up()
    await eventually(lambda: door.connections.count == 0)


async def test_http_on_the_same_port(door: Running, visit: Visit) -> None:
    """Other requests reach the HTTP app, also before an upgrade on the same connection."""
    peer = await visit.dial(door.port)
    peer.send(b"GET /health HTTP/1.1\r\nHost: door\r\n\r\n")
    status, _, body = await peer.answer()
    assert (status, json.loads(body)) == (200, {"path": "/health"})
    peer.send(upgrade_request())
    assert (await peer.answer())[0] == 101
    peer.send(frame(TEXT, b"and then"))
    assert await peer.data() == b"and then"


async def test_a_connection_that_says_nothing(open_door: Opener, visit: Visit) -> None:
    """S5: handshake_timeout_s counts from the first packet on."""
    async with open_door(handshake_timeout_s=0.2) as door:
        silent, slow = await visit.dial(door.port), await visit.dial(door.port)
        slow.send(upgrade_request()[:20])
        async with asyncio.timeout(5):
            await silent.ended()
            await slow.ended()


async def test_too_many_connections(open_door: Opener, visit: Visit) -> None:
    """Beyond the bound: a socket that says why, and 1013. A place that becomes free can be taken."""
    async with open_door(max_connections=2) as door:
        first, second = await visit(door.port), await visit(door.port)
        await eventually(lambda: len(door.gate.clients) == 2)
        third = await visit(door.port)
        assert json.loads(await third.data())["code"] == "OVERLOADED"
        assert (await third.closing()).code == 1013
        await third.hang_up()
        await second.hang_up()
        await eventually(lambda: door.connections.count == 1)
        fourth = await visit(door.port)
        fourth.send(frame(TEXT, b"in"))
        assert await fourth.data() == b"in"
        await first.hang_up()
        await fourth.hang_up()
