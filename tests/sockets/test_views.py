from __future__ import annotations

import asyncio

import aiofastnet

from vestibule.sockets.views import lasting


async def test_a_view_goes_to_an_aiofastnet_transport_or_nowhere() -> None:
    """Trap "`writelines` of a view": the one function that decides."""
    loop = asyncio.get_running_loop()
    server = await aiofastnet.create_server(loop, asyncio.Protocol, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    fast, _ = await aiofastnet.create_connection(loop, asyncio.Protocol, *address)
    view = memoryview(bytearray(b"a view"))
    try:
        assert lasting(view, fast) is view
        kept = lasting(view, asyncio.Transport())
        assert isinstance(kept, bytes)
        assert kept == b"a view"
        data = b"bytes need no copy"
        assert lasting(data, asyncio.Transport()) is data
    finally:
        fast.abort()
        server.close()
        await server.wait_closed()
