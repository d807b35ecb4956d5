"""A plain client of the gateway wire for the kit's own tests: `websockets` and nothing of ours."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import itertools
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ADMIN = ["operator.admin"]
PATIENCE_S = 10.0


class Failed(Exception):
    """The gateway answered `ok:false`."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(str(error))
        self.error = error
        self.code = error["code"]
        self.message = error["message"]
        self.details = error.get("details") or {}


class Key:
    """A device key that signs as section 1.4 of the protocol says."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        raw = self._key.public_key().public_bytes_raw()
        self.public_key = _b64(raw)
        self.id = hashlib.sha256(raw).hexdigest()

    def block(
        self, params: dict[str, Any], challenge: dict[str, Any], token: str, /, **tampered: Any
    ) -> dict[str, Any]:
        client = params["client"]
        said = {
            "id": self.id,
            "clientId": client["id"],
            "mode": client["mode"],
            "role": params["role"],
            "scopes": ",".join(params["scopes"]),
            "signedAt": str(challenge["ts"]),
            "token": token,
            "nonce": challenge["nonce"],
            "platform": client["platform"].strip().lower(),
            "family": client.get("deviceFamily", "").strip().lower(),
        } | {key: str(value) for key, value in tampered.items() if key != "blockId"}
        payload = "|".join(["v3", *said.values()])
        return {
            "id": tampered.get("blockId", self.id),
            "publicKey": self.public_key,
            "signature": _b64(self._key.sign(payload.encode())),
            "signedAt": int(said["signedAt"]),
            "nonce": said["nonce"],
        }


class Client:
    """One connection. Frames are read in the background."""

    def __init__(self, ws: ClientConnection) -> None:
        self.ws = ws
        self.challenge: dict[str, Any] = {}
        self.hello: dict[str, Any] = {}
        self.frames: list[Any] = []
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.events: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self._ids = itertools.count(1)
        self._changed = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None

    async def until(self, holds: Any, timeout_s: float = PATIENCE_S) -> None:
        async with asyncio.timeout(timeout_s):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def read(self, group: asyncio.TaskGroup) -> None:
        self._reader = group.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for raw in self.ws:
                self._take(raw)
        except ConnectionClosed:
            pass
        finally:
            self.closed_with = self.ws.close_code
            self._changed.set()

    def _take(self, raw: str | bytes) -> None:
        try:
            frame = json.loads(raw)
        except ValueError:
            frame = raw
        self.frames.append(frame)
        if isinstance(frame, dict) and frame.get("type") == "event":
            if frame["event"] == "connect.challenge":
                self.challenge = frame["payload"]
            else:
                self.events.append(frame)
        elif isinstance(frame, dict) and frame.get("type") == "res":
            self.answers.setdefault(frame["id"], []).append(frame)
        self._changed.set()

    async def send(self, frame: Any) -> None:
        await self.ws.send(frame if isinstance(frame, (str, bytes)) else json.dumps(frame))

    async def greet(
        self,
        *,
        token: str | None = "sim-token",
        who: tuple[str, str] = ("gateway-client", "backend"),
        scopes: list[str] = ADMIN,
        caps: tuple[str, ...] = (),
        key: Key | None = None,
        tampered: dict[str, Any] | None = None,
        low: int = 3,
        high: int = 4,
        platform: str = "linux",
        **extra: Any,
    ) -> Client:
        """`connect`; raises Failed when refused."""
        await self.until(lambda: self.challenge)
        params: dict[str, Any] = {
            "minProtocol": low,
            "maxProtocol": high,
            "client": {"id": who[0], "version": "1", "platform": platform, "mode": who[1]},
            "role": "operator",
            "scopes": scopes,
            "caps": list(caps),
            **extra,
        }
        if token is not None:
            params.setdefault("auth", {"token": token})
        if key is not None:
            params["device"] = key.block(params, self.challenge, token or "", **(tampered or {}))
        self.hello = await self.call("connect", params)
        return self

    async def ask(self, method: str, params: Any = None) -> str:
        identifier = str(next(self._ids))
        await self.send({"type": "req", "id": identifier, "method": method, "params": {} if params is None else params})
        return identifier

    async def call(self, method: str, params: Any = None) -> Any:
        identifier = await self.ask(method, params)
        await self.until(lambda: identifier in self.answers or self.closed_with is not None)
        answers = self.answers.get(identifier)
        if not answers:
            raise ConnectionError(f"closed with {self.closed_with}")
        if not answers[0]["ok"]:
            raise Failed(answers[0]["error"])
        return answers[0]["payload"]

    async def until_closed(self) -> int:
        await self.until(lambda: self.closed_with is not None)
        assert self.closed_with is not None
        return self.closed_with

    def of(self, event: str, **wanted: Any) -> list[dict[str, Any]]:
        """Payloads of the events of this name whose fields have these values."""
        payloads = [frame["payload"] for frame in self.events if frame["event"] == event]
        return [each for each in payloads if all(each.get(key) == value for key, value in wanted.items())]

    async def until_event(self, event: str, n: int = 1, **wanted: Any) -> dict[str, Any]:
        await self.until(lambda: len(self.of(event, **wanted)) >= n)
        return self.of(event, **wanted)[n - 1]


@contextlib.asynccontextmanager
async def opened(url: str, **options: Any) -> Any:
    """A client that has read nothing but is connected."""
    async with connect(url, compression=None, max_size=None, ping_interval=None, close_timeout=1, **options) as ws:
        client = Client(ws)
        async with asyncio.TaskGroup() as group:
            await client.read(group)
            try:
                yield client
            finally:
                await ws.close()


@contextlib.asynccontextmanager
async def greeted(url: str, headers: dict[str, str] | None = None, **greeting: Any) -> Any:
    """A client with its `hello-ok`."""
    async with opened(url, additional_headers=headers) as client:
        yield await client.greet(**greeting)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
