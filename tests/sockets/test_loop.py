from __future__ import annotations

import asyncio

import aiofastnet
import pytest

from vestibule.sockets.loop import LoopFactory, loop_factory, patched


@pytest.mark.parametrize("factory", [loop_factory(), patched(asyncio.new_event_loop)])
def test_transports_are_aiofastnets(factory: LoopFactory) -> None:
    """Over uvloop and over asyncio alike."""

    async def dial() -> bool:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
        transport, _ = await loop.create_connection(asyncio.Protocol, *server.sockets[0].getsockname())
        fast = isinstance(transport, aiofastnet.Transport)
        transport.close()
        server.close()
        await server.wait_closed()
        return fast

    with asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(dial())


def test_the_base_is_uvloop_where_it_installs() -> None:
    loop = loop_factory()()
    try:
        assert type(loop).__module__.startswith("uvloop")
    finally:
        asyncio.set_event_loop(None)
        loop.close()
