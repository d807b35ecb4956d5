"""One client of the simulated gateway: handshake, requests, numbered events.

Follows the order and the error shapes of the real gateway; what methods do is in `methods/`.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

from vestibule.testing import refusals
from vestibule.testing.faults import Fault
from vestibule.testing.methods import Call, invoke
from vestibule.testing.wire import (
    JSON,
    NotJson,
    Refused,
    RpcError,
    decode,
    encode,
    error_frame,
    event_frame,
    ok_frame,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from vestibule.testing.admission import Admitted, Upgrade
    from vestibule.testing.simulated import SimulatedGateway
    from vestibule.testing.socket import GatewaySocket

PRE_AUTH_MAX_BYTES = 64 * 1024
REQUEST_KEYS = frozenset({"type", "id", "method", "params", "traceparent", "expectedProfileId"})
_CLEAN_CLOSES = {
    Fault.CLEAN_CLOSE_1000: 1000,
    Fault.CLEAN_CLOSE_1001: 1001,
    Fault.CLEAN_CLOSE_1012: 1012,
    Fault.CLEAN_CLOSE_1013: 1013,
}
_STRAY_FRAMES: dict[Fault, tuple[bytes, bool]] = {
    Fault.LIST_FRAME: (b"[1,2,3]", False),
    Fault.UNKNOWN_TYPE: (b'{"type":"surprise","id":"1","payload":{}}', False),
    Fault.GARBAGE_FRAME: (bytes(range(128, 256)), True),
    Fault.INVALID_JSON: (b'{"type":"event","event":', False),
    Fault.ANSWER_UNKNOWN_ID: (b'{"type":"res","id":"nobody-asked","ok":true,"payload":{}}', False),
}


class SimulatedConnection:
    """A client's socket with its rights, its subscriptions and its own event numbers."""

    def __init__(self, gateway: SimulatedGateway, socket: GatewaySocket, upgrade: Upgrade) -> None:
        self.gateway = gateway
        self.socket = socket
        self.upgrade = upgrade
        self.id = gateway.new_id()
        self.nonce = gateway.new_id()
        self.admitted: Admitted | None = None
        self.connect_params: JSON = {}
        """What the client sent as `connect`."""
        self.sessions_subscribed = False
        self.message_keys: set[str] = set()
        self.close_code: int | None = None
        self.opened_at_ms = gateway.now_ms()
        self._seq = 0
        self._refused = False
        self._timer: asyncio.TimerHandle | None = None

    # facts

    @property
    def is_ready(self) -> bool:
        """Whether `hello-ok` was sent and the socket is open."""
        return self.admitted is not None and self.socket.is_open

    @property
    def scopes(self) -> list[str]:
        """Granted scopes."""
        return self.admitted.scopes if self.admitted is not None else []

    @property
    def caps(self) -> frozenset[str]:
        """Capabilities the client advertised."""
        return self.admitted.caps if self.admitted is not None else frozenset()

    @property
    def reads(self) -> bool:
        """Whether it may see chat events."""
        return bool({"operator.admin", "operator.read", "operator.write"} & set(self.scopes))

    @property
    def reviews(self) -> bool:
        """Whether it can answer exec approvals."""
        may = {"operator.admin", "operator.approvals"} & set(self.scopes)
        return bool(may) and (self.gateway.protocol == 3 or bool({"approvals", "exec-approvals"} & self.caps))

    def hears_session(self, session_key: str) -> bool:
        """Whether chat and agent events of this session go to it."""
        return self.reads and ("session-scoped-events" not in self.caps or session_key in self.message_keys)

    # the socket's side

    def start(self) -> None:
        """The socket is upgraded: send the challenge and wait for `connect`."""
        challenge = encode({"nonce": self.nonce, "ts": self.gateway.now_ms()})
        self.socket.send(event_frame("connect.challenge", challenge, None))
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self.gateway.connect_timeout_s, self._connect_missed)

    def message(self, data: bytes) -> None:
        """A message came."""
        if self.admitted is not None:
            self._request(data)
        elif not self._refused:
            self._handshake(data)

    def closed(self, code: int) -> None:
        """TCP is gone."""
        self.close_code = code
        self._stop_timer()
        self.gateway.connection_closed(self)

    # sending

    def push(self, event: str, payload: bytes, state_version: bytes | None = None) -> None:
        """An event with this connection's next number (wire 3: the gateway's next number)."""
        if self.gateway.protocol == 3:
            # One counter for the whole gateway: it has moved once for everybody.
            seq = self.gateway.global_seq
        else:
            if self.gateway.faults.strike(Fault.SEQ_GAP):
                self._seq += 1
            self._seq += 1
            seq = self._seq
        self.socket.send(event_frame(event, payload, seq, state_version))

    def push_targeted(self, event: str, payload: bytes) -> None:
        """An event only this connection gets: numbered on wire 4, without number on wire 3."""
        if self.gateway.protocol == 3:
            self.socket.send(event_frame(event, payload, None))
        else:
            self.push(event, payload)

    def answer(self, request_id: Any, method: str, frame: bytes) -> None:
        """Send an answer the way the active faults want it."""
        if not self.socket.is_open:
            return
        faults = self.gateway.faults
        if not faults:
            self.socket.send(frame)
            return
        for fault, (stray, binary) in _STRAY_FRAMES.items():
            if faults.strike(fault, method):
                self.socket.send(stray, binary=binary)
        if faults.strike(Fault.DROP_AFTER_SEND, method):
            self.socket.abort()
            return
        for fault, code in _CLEAN_CLOSES.items():
            if faults.strike(fault, method):
                self.socket.close(code, "service restart" if code == 1012 else "")
                return
        if faults.strike(Fault.NEVER_ANSWER, method):
            return
        if faults.strike(Fault.ERROR_NULL, method):
            frame = encode({"type": "res", "id": request_id, "ok": False, "error": None})
        if plan := faults.strike(Fault.OVERSIZE_REPLY, method):
            size = plan.size_bytes or self.gateway.max_payload_bytes + 1
            frame = ok_frame(request_id, {"filler": "x" * size})
        if faults.strike(Fault.KEY_ORDER, method):
            frame = _reordered(frame)
        binary = faults.strike(Fault.BINARY_FRAME, method) is not None
        if plan := faults.strike(Fault.LATE_ANSWER, method):
            asyncio.get_running_loop().call_later(plan.delay_s, lambda: self.socket.send(frame, binary=binary))
            return
        self.socket.send(frame, binary=binary)
        if faults.strike(Fault.DOUBLE_ANSWER, method):
            self.socket.send(frame, binary=binary)

    # the handshake

    def _connect_missed(self) -> None:
        if self.admitted is None and Fault.HANG_IN_HANDSHAKE not in self.gateway.faults:
            self.socket.close(1000)

    def _handshake(self, data: bytes) -> None:
        if len(data) > PRE_AUTH_MAX_BYTES:
            self._give_up(1009, "")
            return
        try:
            frame = decode(data)
        except NotJson:
            frame = None
        if not isinstance(frame, dict) or frame.get("type") != "req" or not isinstance(frame.get("id"), str):
            self._give_up(1000, "")
            return
        if frame.get("method") != "connect":
            self._refuse(frame["id"], Refused(RpcError("invalid handshake: first request must be connect")))
            return
        params = frame.get("params")
        self.connect_params = params if isinstance(params, dict) else {}
        self.gateway.connects.append(self.connect_params)
        if Fault.HANG_IN_HANDSHAKE in self.gateway.faults:
            return
        try:
            self._raise_fault()
            admitted = self.gateway.admission.admit(params, self.upgrade, self.nonce)
        except Refused as refused:
            self._refuse(frame["id"], refused)
            return
        if self.gateway.faults.strike(Fault.SCOPES_MISSING):
            admitted.scopes.clear()
        self._welcome(frame["id"], admitted)

    def _raise_fault(self) -> None:
        faults = self.gateway.faults
        params = self.connect_params
        if plan := faults.strike(Fault.STARTING):
            raise Refused(refusals.starting(plan.retry_after_ms), 1013, "gateway starting")
        if faults.strike(Fault.PROTOCOL_MISMATCH):
            low, high = params.get("minProtocol", 0), params.get("maxProtocol", 0)
            raise Refused(refusals.protocol_mismatch(9, low, high), 1002)
        if faults.strike(Fault.REFUSE_AUTH):
            raise Refused(refusals.token_mismatch())
        if plan := faults.strike(Fault.RATE_LIMITED):
            raise Refused(refusals.rate_limited(plan.retry_after_ms))
        if faults.strike(Fault.NOT_PAIRED):
            device = self.gateway.admission.device_of(params)
            request_id, _ = self.gateway.devices.ask(device)
            raise Refused(refusals.not_paired(device, request_id))

    def _refuse(self, request_id: str, refused: Refused) -> None:
        self.socket.send(error_frame(request_id, refused.error))
        self._give_up(refused.close_code, refused.reason)

    def _give_up(self, code: int, reason: str) -> None:
        self._refused = True
        self._stop_timer()
        self.socket.close(code, reason)

    def _welcome(self, request_id: str, admitted: Admitted) -> None:
        self._stop_timer()
        if self.gateway.faults.strike(Fault.EVENT_BEFORE_HELLO):
            self.push("health", encode(self.gateway.world.health()))
            self.push("tick", encode({"ts": self.gateway.now_ms()}))
        self.admitted = admitted
        self.socket.send(ok_frame(request_id, self.gateway.hello(self)))
        self.gateway.connection_ready(self)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # requests

    def _request(self, data: bytes) -> None:
        try:
            frame = decode(data)
        except NotJson:
            return
        problem = _frame_problem(frame)
        request_id = frame.get("id") if isinstance(frame, dict) else None
        if not isinstance(request_id, str) or not request_id:
            request_id = "invalid"
        if problem is not None:
            self.socket.send(error_frame(request_id, RpcError(f"invalid request frame: {problem}")))
            return
        method, params = frame["method"], frame.get("params", {})
        self.gateway.record(self, method, params, request_id)
        call = Call(self.gateway, self, request_id, method, params if params is not None else {})
        try:
            result = invoke(call)
        except RpcError as error:
            self.answer(request_id, method, error_frame(request_id, error))
            return
        if inspect.isawaitable(result):
            self.gateway.spawn(self._finish(call, result), f"{method}:{request_id}")
        else:
            self._answered(call, result)

    async def _finish(self, call: Call, result: Awaitable[Any]) -> None:
        try:
            self._answered(call, await result)
        except RpcError as error:
            self.answer(call.request_id, call.method, error_frame(call.request_id, error))

    def _answered(self, call: Call, payload: Any) -> None:
        self.answer(call.request_id, call.method, ok_frame(call.request_id, payload))
        then: list[Callable[[], object]] = call.afterwards
        for each in then:
            each()


def _frame_problem(frame: Any) -> str | None:
    if not isinstance(frame, dict):
        return "at root: must be object"
    for key in ("type", "id", "method"):
        if key not in frame:
            return f"at root: must have required property '{key}'"
        if not isinstance(frame[key], str) or not frame[key]:
            return f"at /{key}: must be string"
    if frame["type"] != "req":
        return "at /type: must be equal to constant"
    for key in frame:
        if key not in REQUEST_KEYS:
            return f"at root: unexpected property '{key}'"
    return None


def _reordered(frame: bytes) -> bytes:
    fields = list(decode(frame).items())
    inner = ", ".join(f"{encode(key).decode()} : {encode(value).decode()}" for key, value in reversed(fields))
    return f"{{ {inner} }}".encode()
