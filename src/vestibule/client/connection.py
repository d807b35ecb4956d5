"""Stay connected: call the door, present the credential, resume, and come back for ever with jitter (W3).

Stops only when the door says that coming back makes no sense. Knows sockets and credentials, not what
frames mean: its owner is told of greetings, frames, losses and the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from vestibule.client.errors import CallError, CannotConnect, ClientCode, DoorClosed
from vestibule.client.frames import expires_at
from vestibule.client.link import Credential, Link, LinkLost
from vestibule.client.wire import encode
from vestibule.protocol.codes import CloseCode
from vestibule.tasks import Tasks

if TYPE_CHECKING:
    from vestibule.client.backoff import Backoff
    from vestibule.client.frames import Frame, Hello

Token = str | Callable[[], str | Awaitable[str]] | None
"""A bearer token, or what gives a fresh one: asked at every connect and before it expires."""

NEVER_REACHED = 0
"""`DoorClosed.code` when it was not a close frame that ended it."""


class Owner(Protocol):
    """Who lives on a connection."""

    def resume_from(self) -> tuple[str, int] | None:
        """Where the stream was left: epoch and offset."""

    def greeted(self, greeting: Hello) -> None:
        """A socket is open."""

    def receive(self, frame: Frame) -> None:
        """A frame came."""

    async def speak(self, link: Link) -> None:
        """Send on this link what waits, until cancelled."""

    def lost(self) -> None:
        """The socket is gone; another one will be opened."""

    def ended(self, closed: DoorClosed) -> None:
        """Gone for good."""


class DoorConnection:
    """The one connection of a `Door`, across sockets."""

    def __init__(
        self,
        owner: Owner,
        url: str,
        token: Token,
        *,
        credential: Credential,
        handshake_timeout_s: float,
        retry_open: bool,
        backoff: Backoff,
    ) -> None:
        self._owner = owner
        self._url = url
        self._token = token
        self._credential: Credential = credential
        self._handshake_timeout_s = handshake_timeout_s
        self._retry_open = retry_open
        self._backoff = backoff
        self._tasks = Tasks(self._broken)
        self._changed = asyncio.Event()
        self._last_token: str | None = None
        self._expires_at: float | None = None
        self._was_open = False
        self._link: Link | None = None
        self.closed: DoorClosed | None = None
        self.why_offline = "not connected yet"

    async def open(self, timeout_s: float | None) -> None:
        """Connect for the first time. Raises CannotConnect or DoorClosed."""
        self._tasks.spawn(self._run(), name="door:connection")
        try:
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()
        except TimeoutError:
            raise CannotConnect(f"Cannot reach {self._url}: {self.why_offline}") from None
        if self.closed is not None:
            if self.closed.code == NEVER_REACHED:
                raise CannotConnect(f"Cannot reach {self._url}: {self.closed.reason}")
            raise self.closed

    async def close(self) -> None:
        """Say good-bye and stop."""
        link, self._link = self.link, None
        self._end(DoorClosed(CloseCode.NORMAL, "This door was closed."))
        if link is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(3):
                    await link.close()
        await self._tasks.cancel_all()

    @property
    def link(self) -> Link | None:
        """The open socket, if there is one at the moment."""
        return self._link if self._link is not None and self._link.is_open else None

    async def linked(self, give_up_at: float) -> Link:
        """The open link, waited for until this loop time. Raises CallError."""
        try:
            async with asyncio.timeout_at(give_up_at):
                while (link := self.link) is None:
                    if self.closed is not None:
                        raise CallError(ClientCode.CLOSED, self.closed.reason)
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise CallError(
                ClientCode.OFFLINE, f"Not connected to the door: {self.why_offline}", retryable=True
            ) from None
        return link

    async def refresh(self) -> None:
        """Present a fresh token on the open socket; without one the next connect does it anyway."""
        token = await self._fresh_token()
        if token and (link := self.link) is not None:
            with contextlib.suppress(LinkLost):
                await link.send(encode({"type": "auth", "token": token}))

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self.closed is None:
            retry_in_s: float | None = None
            try:
                link = await self._dial()
                began = loop.time()
                try:
                    await self._serve(link)
                finally:
                    self._backoff.lived(loop.time() - began)
            except LinkLost as lost:
                self.why_offline, retry_in_s = lost.reason, lost.retry_in_s
                if not self._was_open and (lost.no_door or not self._retry_open):
                    self._end(DoorClosed(NEVER_REACHED, lost.reason))
                    return
            except DoorClosed as closed:
                if not await self._may_sign_in_again(closed):
                    self._end(closed)
                    return
                self.why_offline = closed.reason
            if self.closed is None:  # a cancellation that met the loss of the socket is lost in the group (Python 3.11)
                await asyncio.sleep(self._backoff.next() if retry_in_s is None else retry_in_s)

    async def _dial(self) -> Link:
        try:
            token = await self._fresh_token()
        except Exception as error:  # the caller's function: whatever it raises, the next attempt may go better
            raise LinkLost(f"the token function failed: {type(error).__name__}: {error}") from None
        return await Link.open(
            self._url,
            token=token,
            credential=self._credential,
            resume=self._owner.resume_from(),
            timeout_s=self._handshake_timeout_s,
        )

    async def _serve(self, link: Link) -> None:
        """Live on one open link until it ends. Raises LinkLost or DoorClosed, always."""
        self._link = link
        self._was_open = True
        self._expires_at = link.hello.principal.expires_at
        self._owner.greeted(link.hello)
        self._changed.set()
        try:
            async with asyncio.TaskGroup() as own:
                own.create_task(self._owner.speak(link), name="door:speak")
                own.create_task(self._stay_signed_in(), name="door:token")
                await link.run(self._receive)
        except* (LinkLost, DoorClosed) as ended:
            raise _reason(ended) from None
        finally:
            self._link = None
            self._owner.lost()

    def _receive(self, frame: Frame) -> None:
        if frame.get("type") == "auth":
            self._expires_at = expires_at(frame)
        self._owner.receive(frame)

    async def _stay_signed_in(self) -> None:
        """S3: present a fresh token before the old one ends, if there is a function that gives one."""
        while callable(self._token) and self._expires_at is not None:
            left = self._expires_at - time.time()
            if left <= 0:
                return
            await asyncio.sleep(max(1.0, left * 0.8))
            # Whatever the caller's function raises: the old token lasts a little, and the next connect asks again.
            with contextlib.suppress(Exception):
                await self.refresh()

    async def _fresh_token(self) -> str | None:
        token = self._token() if callable(self._token) else self._token
        self._last_token = await token if inspect.isawaitable(token) else token
        return self._last_token

    async def _may_sign_in_again(self, closed: DoorClosed) -> bool:
        """The credential of a connection that worked has ended: a function may have a fresh one."""
        if closed.code != CloseCode.UNAUTHENTICATED or not self._was_open or not callable(self._token):
            return False
        refused = self._last_token
        with contextlib.suppress(Exception):  # the caller's function
            return await self._fresh_token() != refused
        return False

    def _end(self, closed: DoorClosed) -> None:
        if self.closed is None:
            self.closed = closed
            self.why_offline = closed.reason
            self._changed.set()
            self._owner.ended(closed)

    def _broken(self, _name: str, error: BaseException) -> None:
        """A defect of ours: nobody shall wait in vain for what will not come."""
        closed = DoorClosed(NEVER_REACHED, f"{type(error).__name__}: {error}")
        closed.__cause__ = error
        self._end(closed)


def _reason(group: BaseExceptionGroup[LinkLost | DoorClosed]) -> LinkLost | DoorClosed:
    """Why a link ended: a final reason wins over the losses it causes elsewhere."""
    found = [_reason(error) if isinstance(error, BaseExceptionGroup) else error for error in group.exceptions]
    return next((error for error in found if isinstance(error, DoorClosed)), found[0])
