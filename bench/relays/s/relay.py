"""S: the origin design as a relay. README.md says what it is and what was repaired.

python relay.py --port 9001 --gateway ws://127.0.0.1:18789/s/
"""

from __future__ import annotations

import argparse
import asyncio
import json
import uuid
from collections import defaultdict
from typing import Any

import uvicorn
import websockets
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

HANDSHAKE_TIMEOUT_S = 10.0
RPC_TIMEOUT_S = 30.0

Frontends = dict[str, dict[str, WebSocket]]


class GatewayConnection:
    """One persistent socket to one user's gateway."""

    def __init__(self, user_id: str, url: str, frontends: Frontends) -> None:
        self._user_id = user_id
        self._url = url
        self._frontends = frontends
        self._socket: Any = None
        self._pending: dict[str, asyncio.Future[Any]] = {}
        self._reader: asyncio.Task[None] | None = None

    @property
    def is_connected(self) -> bool:
        """Whether the socket is open (repaired)."""
        return self._socket is not None and self._socket.state is websockets.State.OPEN

    async def connect(self) -> None:
        """Open the socket and greet the gateway."""
        self._socket = await websockets.connect(self._url, compression=None, max_size=None)
        async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
            challenge = json.loads(await self._socket.recv())
            assert challenge["event"] == "connect.challenge"
            params = {
                "minProtocol": 3,
                "maxProtocol": 4,
                "role": "operator",
                "scopes": ["operator.admin"],
                "client": {"id": "gateway-client", "version": "1", "platform": "linux", "mode": "backend"},
                "auth": {"token": "token"},
            }
            request = {"type": "req", "id": str(uuid.uuid4()), "method": "connect", "params": params}
            await self._socket.send(json.dumps(request))
            hello = json.loads(await self._socket.recv())
            assert hello["payload"]["type"] == "hello-ok"
        self._reader = asyncio.create_task(self._read())

    async def send_rpc(self, request_id: str, method: str, params: Any) -> None:
        """Send a request."""
        self._pending[request_id] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"type": "req", "id": request_id, "method": method, "params": params or {}}))

    async def wait_for_response(self, request_id: str, timeout_s: float = RPC_TIMEOUT_S) -> Any:
        """The payload of its answer; raises where it is an error."""
        try:
            return await asyncio.wait_for(self._pending[request_id], timeout_s)
        finally:
            self._pending.pop(request_id, None)

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                frame = json.loads(text)
                if frame["type"] == "res":
                    self._answer(frame)
                elif frame["type"] == "event":
                    await self._forward(frame)
        finally:
            for future in self._pending.values():
                if not future.done():
                    future.set_exception(ConnectionError("Gateway connection lost"))

    def _answer(self, frame: dict[str, Any]) -> None:
        future = self._pending.get(frame["id"])
        if future is None or future.done():
            return
        if frame.get("ok"):
            future.set_result(frame.get("payload"))
        else:
            future.set_exception(RuntimeError(frame["error"]["message"]))

    async def _forward(self, frame: dict[str, Any]) -> None:
        event = {"type": "event", "event": frame["event"], "payload": frame.get("payload")}
        for socket in list(self._frontends[self._user_id].values()):
            await send_message(socket, event)


class GatewayConnectionPool:
    """The connections of all users, behind one lock."""

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway
        self._connections: dict[str, GatewayConnection] = {}
        self._lock = asyncio.Lock()
        self.frontends: Frontends = defaultdict(dict)

    async def send_rpc(self, user_id: str, request_id: str, method: str, params: Any) -> Any:
        """Ask the user's gateway, connecting first if need be."""
        connection = await self._connection(user_id)
        await connection.send_rpc(request_id, method, params)
        return await connection.wait_for_response(request_id)

    async def _connection(self, user_id: str) -> GatewayConnection:
        async with self._lock:
            connection = self._connections.get(user_id)
            if connection is None or not connection.is_connected:
                connection = GatewayConnection(user_id, self._gateway + user_id, self.frontends)
                await connection.connect()
                self._connections[user_id] = connection
            return connection


async def send_message(socket: WebSocket, message: dict[str, Any]) -> bool:
    """Send it to one front end; False when that is gone."""
    try:
        await socket.send_text(json.dumps(message))
    except (RuntimeError, WebSocketDisconnect):
        return False
    return True


def application(pool: GatewayConnectionPool) -> FastAPI:
    """The WebSocket route of the front ends."""
    app = FastAPI()

    @app.websocket("/ws")
    async def ws(socket: WebSocket, token: str) -> None:
        await socket.accept()
        connection_id = str(uuid.uuid4())
        pool.frontends[token][connection_id] = socket
        tasks: set[asyncio.Task[None]] = set()
        try:
            while True:
                message = json.loads(await socket.receive_text())
                task = asyncio.create_task(handle(socket, token, connection_id, message))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        except WebSocketDisconnect:
            pass
        finally:
            del pool.frontends[token][connection_id]

    async def handle(socket: WebSocket, user_id: str, connection_id: str, message: dict[str, Any]) -> None:
        if message.get("type") == "ping":
            await send_message(socket, {"type": "pong"})
            return
        request_id = message["id"]
        answer: dict[str, Any] = {"type": "res", "id": request_id}
        try:
            upstream_id = f"{connection_id}:{request_id}"
            payload = await pool.send_rpc(user_id, upstream_id, message["method"], message.get("params"))
            answer |= {"ok": True, "payload": payload}
        except Exception as error:
            answer |= {"ok": False, "error": {"message": str(error)}}
        await send_message(socket, answer)

    return app


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--gateway", required=True, help="address of the gateways; the user's name is appended")
    args = parser.parse_args()
    app = application(GatewayConnectionPool(args.gateway))
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=args.port,
        ws="websockets",
        ws_max_size=64 * 1024 * 1024,
        ws_per_message_deflate=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
