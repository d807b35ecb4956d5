"""The door as a Python object: calls, events and chats over one connection that comes back by itself.

Never repeats a call: what was in flight when the socket went away fails with `may_have_run`. Chat
messages are repeated, because their id makes that safe.
"""

from __future__ import annotations

import asyncio
import uuid
import weakref
from typing import TYPE_CHECKING, Any, Self

from vestibule.client.backoff import Backoff
from vestibule.client.connection import DoorConnection, Token
from vestibule.client.errors import CallError, ClientCode
from vestibule.client.events import Events
from vestibule.client.frames import Frame, GatewayInfo, GatewayStatus, Hello, gateway_info
from vestibule.client.inbox import Inbox
from vestibule.client.link import Credential, LinkLost, socket_url
from vestibule.client.turn import Turn
from vestibule.client.wire import encode, request, seconds

if TYPE_CHECKING:
    from types import TracebackType

    from vestibule.client.calls import Accepted

ANSWER_MARGIN_S = 2.0
"""W5: how much longer than the door's deadline a call waits, so that the door's own answer wins."""


class Door:
    """One client of a door. Made by `connect`; use it as `async with`."""

    def __init__(
        self,
        url: str,
        token: Token = None,
        *,
        credential: Credential = "header",
        open_timeout_s: float | None = 30.0,
        handshake_timeout_s: float = 10.0,
        retry_open: bool = True,
        backoff: Backoff | None = None,
    ) -> None:
        seconds(open_timeout_s=open_timeout_s, handshake_timeout_s=handshake_timeout_s)
        self.url = socket_url(url)
        self._open_timeout_s = open_timeout_s
        self._inbox = Inbox()
        self._connection = DoorConnection(
            self._inbox,
            self.url,
            token,
            credential=credential,
            handshake_timeout_s=handshake_timeout_s,
            retry_open=retry_open,
            backoff=backoff or Backoff(),
        )

    def __repr__(self) -> str:
        return f"<Door {self.url} {'connected' if self.is_connected else self._connection.why_offline}>"

    async def __aenter__(self) -> Self:
        try:
            await self._connection.open(self._open_timeout_s)
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection; calls in flight fail, iterators end."""
        await self._connection.close()

    @property
    def hello(self) -> Hello:
        """The door's newest `hello`."""
        if self._inbox.hello is None:
            raise RuntimeError("not connected yet: use `async with vestibule.connect(...) as door`")
        return self._inbox.hello

    @property
    def status(self) -> GatewayStatus:
        """State of the owner's gateway as last heard."""
        return self._inbox.status

    @property
    def is_connected(self) -> bool:
        """Whether the socket is open at the moment. If not, the door is being called again."""
        return self._connection.link is not None

    async def call(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        *,
        timeout_s: float = 30.0,
        run_timeout_s: float = 3_600.0,
        on_accepted: Accepted | None = None,
        traceparent: str | None = None,
    ) -> Any:
        """Call a method of the gateway (or of the door: `door.*`) and return its payload.

        Waits for the connection if there is none. Raises `CallError`; its `may_have_run` is True when the
        socket went away in between: the call is never repeated here. `agent` has two answers: the first goes
        to `on_accepted`, the final one is returned, for which `run_timeout_s` counts. Parameters that are no
        JSON, and a timeout that is none, raise `ValueError`.
        """
        seconds(timeout_s=timeout_s, run_timeout_s=run_timeout_s)
        fields: Frame = {"type": "req", "method": method}
        if params is not None:
            fields["params"] = params
        if traceparent is not None:
            fields["traceparent"] = traceparent
        encoded = encode(fields)
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + timeout_s
        link = await self._connection.linked(give_up_at)
        call = self._inbox.calls.open(method, on_accepted)
        try:
            async with asyncio.timeout_at(give_up_at + ANSWER_MARGIN_S):
                await link.send(request(call.id, max(1, round((give_up_at - loop.time()) * 1000)), encoded))
                await call.accepted
            async with asyncio.timeout(run_timeout_s + ANSWER_MARGIN_S):
                outcome = await call.answered
        except TimeoutError:
            message = f"No answer to {method} in time."
            raise CallError(ClientCode.TIMEOUT, message, retryable=True, may_have_run=True) from None
        except LinkLost as lost:
            raise _lost(lost) from None
        finally:
            self._inbox.calls.forget(call)
        if isinstance(outcome, CallError):
            raise outcome
        return outcome

    async def gateway(self, *, timeout_s: float = 30.0) -> GatewayInfo:
        """What the owner's gateway is and can do."""
        return gateway_info(await self.call("door.gateway", timeout_s=timeout_s))

    def events(self, pattern: str = "*") -> Events:
        """Events from now on whose name matches (`chat*`, `cron`), until the door is closed.

        The door's own have names that start with `door.`: `door.status`, `door.error`, and `Resync`, which
        comes whatever the pattern: something was missed and cannot be had any more. The iterator raises
        `DoorClosed` when the door refuses for good.
        """
        iterator = Events(pattern)
        self._inbox.listen(iterator)
        return iterator

    def chat(
        self,
        agent: str,
        message: str,
        *,
        session_key: str | None = None,
        attachments: list[dict[str, Any]] | None = None,
        traceparent: str | None = None,
        send_timeout_s: float = 60.0,
        silence_timeout_s: float = 300.0,
    ) -> Turn:
        """Say something to an agent; iterate over the result for what comes back.

        The message goes out at once, or as soon as there is a connection; after `send_timeout_s` without one
        the turn ends with a `ChatError`. The agent hears it once, however often the socket drops. Text and
        attachments that are no JSON raise `ValueError`.
        """
        seconds(send_timeout_s=send_timeout_s, silence_timeout_s=silence_timeout_s)
        turn_id = str(uuid.uuid4())
        frame: Frame = {"type": "agent_chat", "id": turn_id, "agent_name": agent, "message": message}
        if session_key is not None:
            frame["sessionKey"] = session_key
        if attachments is not None:
            frame["attachments"] = attachments
        if traceparent is not None:
            frame["traceparent"] = traceparent
        turn = Turn(turn_id, agent, encode(frame), abort=self._abort_turn, silence_timeout_s=silence_timeout_s)
        self._inbox.say(turn)
        asyncio.get_running_loop().call_later(send_timeout_s, self._give_up_unsent, weakref.ref(turn))
        return turn

    async def abort(
        self,
        run_id: str | None = None,
        *,
        agent: str | None = None,
        session_key: str | None = None,
        timeout_s: float = 30.0,
    ) -> None:
        """Stop a run, or everything that runs in an agent's session."""
        if run_id is None and agent is None:
            raise ValueError("abort what? Give a run_id or an agent.")
        seconds(timeout_s=timeout_s)
        fields = {"runId": run_id, "agent_name": agent, "sessionKey": session_key}
        named = {name: value for name, value in fields.items() if value is not None}
        encoded = encode({"type": "chat_abort", **named})
        link = await self._connection.linked(asyncio.get_running_loop().time() + timeout_s)
        try:
            async with asyncio.timeout(timeout_s):
                await link.send(encoded)
        except TimeoutError:
            raise CallError(ClientCode.TIMEOUT, "The door does not take the abort.", retryable=True) from None
        except LinkLost as lost:
            raise _lost(lost) from None

    async def refresh(self) -> None:
        """Present a fresh token on the open socket: asks the token function given to `connect`."""
        await self._connection.refresh()

    async def _abort_turn(self, turn: Turn) -> None:
        if turn.ended:
            return
        if not turn.sent:
            self._inbox.take_back(turn)
            turn.aborted_unsent()
            return
        for run_id in sorted(turn.runs):
            await self.abort(run_id)

    def _give_up_unsent(self, reference: weakref.ref[Turn]) -> None:
        turn = reference()
        if turn is not None and not turn.sent and not turn.ended:
            self._inbox.take_back(turn)
            turn.fail(ClientCode.OFFLINE, "Not connected to the door: the message was not sent.", retryable=True)


def connect(
    url: str,
    token: Token = None,
    *,
    credential: Credential = "header",
    open_timeout_s: float | None = 30.0,
    retry_open: bool = True,
) -> Door:
    """A door at `url` (`ws://host:8800/ws`, or its HTTP address): `async with connect(url, token) as door:`.

    Raises `ValueError` for what is no such address. Entering waits up to `open_timeout_s` for the first connection
    (None: for ever) and raises `CannotConnect`, or `DoorClosed` when the door refuses; with `retry_open=False`, or
    where something else than a door answers, the first failure counts. From then on the connection comes back by
    itself. `credential` says how the token travels: as `Authorization` header, or as WebSocket subprotocol where
    something between strips headers.
    """
    return Door(url, token, credential=credential, open_timeout_s=open_timeout_s, retry_open=retry_open)


def _lost(lost: LinkLost) -> CallError:
    message = f"The connection was lost ({lost.reason})."
    return CallError(ClientCode.CONNECTION_LOST, message, retryable=True, may_have_run=True)
