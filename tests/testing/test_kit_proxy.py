"""The fault proxy on real sockets."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest
from kitclient import greeted

from vestibule.testing import Direction, FaultProxy, SimulatedGateway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def echoing() -> AsyncIterator[int]:
    """A server that sends back what it gets."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(4_096):
                writer.write(data)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@contextlib.asynccontextmanager
async def through() -> AsyncIterator[tuple[FaultProxy, asyncio.StreamReader, asyncio.StreamWriter]]:
    async with echoing() as port, FaultProxy(f"127.0.0.1:{port}") as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        try:
            yield proxy, reader, writer
        finally:
            writer.close()


async def test_it_passes_bytes_and_counts_them():
    async with through() as (proxy, reader, writer):
        writer.write(b"x" * 10_000)
        assert await reader.readexactly(10_000) == b"x" * 10_000
        assert proxy.bytes == {Direction.UP: 10_000, Direction.DOWN: 10_000}
        assert (proxy.open_connections, proxy.total_connections) == (1, 1)
        writer.close()
        await proxy.wait_for(lambda: proxy.open_connections == 0)


async def test_latency():
    async with through() as (proxy, reader, writer):
        proxy.latency(50)
        began = asyncio.get_running_loop().time()
        writer.write(b"ping")
        await reader.readexactly(4)
        assert asyncio.get_running_loop().time() - began >= 0.1


async def test_drip():
    async with through() as (proxy, reader, writer):
        proxy.drip(10_000)
        began = asyncio.get_running_loop().time()
        writer.write(b"x" * 1_000)
        await reader.readexactly(1_000)
        assert asyncio.get_running_loop().time() - began >= 0.05


async def test_blackhole_and_back():
    """Accepts, keeps, forwards nothing; afterwards nothing is lost."""
    async with through() as (proxy, reader, writer):
        writer.write(b"a")
        await reader.readexactly(1)
        proxy.blackhole()
        writer.write(b"b")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.1)
        _, second = await asyncio.open_connection("127.0.0.1", proxy.port)
        await proxy.wait_for(lambda: proxy.total_connections == 2)
        proxy.pass_through()
        assert await asyncio.wait_for(reader.read(1), 5) == b"b"
        second.close()


async def test_reset():
    async with through() as (proxy, reader, writer):
        writer.write(b"a")
        await reader.readexactly(1)
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.read(1), 5)
        await proxy.wait_for(lambda: proxy.open_connections == 0)


async def test_half_close():
    """The client reads the end and can still write."""
    async with through() as (proxy, reader, writer):
        writer.write(b"a")
        await reader.readexactly(1)
        proxy.half_close("down")
        assert await asyncio.wait_for(reader.read(), 5) == b""
        before = proxy.bytes[Direction.UP]
        writer.write(b"b")
        await proxy.wait_for(lambda: proxy.bytes[Direction.UP] == before + 1)


async def test_cut_at_a_byte():
    async with through() as (proxy, reader, writer):
        proxy.cut_at(5)
        writer.write(b"0123456789")
        assert await asyncio.wait_for(reader.read(), 5) == b"01234"
        await proxy.wait_for(lambda: proxy.open_connections == 0)


async def test_in_front_of_a_gateway():
    """Its url stands wherever the gateway's stood."""
    async with SimulatedGateway() as gateway, FaultProxy(gateway.url) as proxy:
        async with greeted(proxy.url) as client:
            assert await client.call("health")
            proxy.drop()
            assert await client.until_closed() == 1006
        await gateway.wait_for(lambda: gateway.open_connections == 0)


async def test_a_dead_target_closes_the_client():
    async with SimulatedGateway() as gateway:
        dead = f"127.0.0.1:{gateway.port}"
    async with FaultProxy(dead) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
