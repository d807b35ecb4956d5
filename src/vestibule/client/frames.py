"""The door's frames as Python values: frozen, typed, tolerant of fields they do not know.

Reads decoded JSON; knows nothing of sockets. A frame that is not what it should be becomes None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GatewayStatus:
    """State of the owner's gateway, as the door sees it."""

    state: str
    """`unprovisioned`, `stopped`, `starting`, `connecting`, `ready`, `degraded` or `down`."""
    reason: str = ""
    retry_in_ms: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether calls reach the gateway now."""
        return self.state == "ready"


@dataclass(frozen=True, slots=True)
class HelloPrincipal:
    """Who the door says you are."""

    member: str = ""
    owner: str = ""
    role: str = ""
    scopes: frozenset[str] = frozenset()
    """OpenClaw scopes; `operator.admin` implies all."""
    expires_at: float | None = None
    """Unix seconds at which the credential ends, if it does."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits and intervals of the door."""

    max_payload: int = 25 * 1024 * 1024
    ping_interval_ms: int = 30_000
    rpc_timeout_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class Hello:
    """The door's first frame."""

    protocol: int
    connection_id: str
    principal: HelloPrincipal
    epoch: str
    offset: int
    recovered: bool
    gateway: GatewayStatus
    gateway_version: str
    policy: Policy
    raw: Frame = field(repr=False, compare=False)
    """The frame as it came."""


@dataclass(frozen=True, slots=True)
class GatewayInfo:
    """Answer of `door.gateway`."""

    state: str
    version: str
    protocol: int | None
    methods: frozenset[str] = field(repr=False)
    scopes: frozenset[str]
    policy: Frame = field(repr=False)
    device_id: str | None = None
    """By which the gateway knows the door; None where it needs none."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the gateway, untouched, or of the door itself (names that start with `door.`)."""

    event: str
    payload: Any = None
    seq: int | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Resync(Event):
    """Something was missed and cannot be recovered: reload what you show. Matches every event pattern."""

    event: str = "door.resync"

    @property
    def reason(self) -> str:
        """Why."""
        return text(self.payload, "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """Common to all chat events: which run, of which agent, in which session."""

    run_id: str = ""
    agent: str = ""
    session_key: str = ""
    raw: Frame = field(default_factory=dict, repr=False, compare=False)
    """The frame as it came; empty for what the SDK made itself (joined text, an error of its own)."""


@dataclass(frozen=True, slots=True)
class Chunk(RunEvent):
    """The next piece of the answer. Joined, the pieces of a run are its text."""

    content: str
    replace: bool = False
    """Rare: this is all of the run's text so far, in place of the pieces before it."""

    def __str__(self) -> str:
        return self.content


@dataclass(frozen=True, slots=True)
class Thinking(RunEvent):
    """The next piece of the model's thinking."""

    content: str

    def __str__(self) -> str:
        return self.content


@dataclass(frozen=True, slots=True)
class ToolStart(RunEvent):
    """A tool was called."""

    tool: str
    tool_call_id: str
    args: Any = None


@dataclass(frozen=True, slots=True)
class ToolEnd(RunEvent):
    """A tool has answered."""

    tool: str
    tool_call_id: str
    result: Any = None


@dataclass(frozen=True, slots=True)
class ToolError(RunEvent):
    """A tool has failed; the run goes on."""

    tool: str
    tool_call_id: str
    result: Any = None


@dataclass(frozen=True, slots=True)
class Done(RunEvent):
    """A run has ended. The turn ends with its last run."""

    aborted: bool = False


@dataclass(frozen=True, slots=True)
class ChatError(RunEvent):
    """A run failed, or was not begun. The turn ends with its last run."""

    message: str
    code: str = ""
    retryable: bool = False
    may_have_run: bool = False
    details: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Heartbeat(RunEvent):
    """The run is silent and alive."""


ChatEvent = Chunk | Thinking | ToolStart | ToolEnd | ToolError | Done | ChatError | Heartbeat | Resync


def text(frame: object, name: str) -> str:
    """A text field, empty when it is not there or not text."""
    value = frame.get(name) if isinstance(frame, dict) else None
    return value if isinstance(value, str) else ""


def whole(frame: object, name: str) -> int | None:
    """A whole-number field, None when it is not there or not one."""
    value = frame.get(name) if isinstance(frame, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _object(frame: Frame, name: str) -> Frame:
    value = frame.get(name)
    return value if isinstance(value, dict) else {}


def _names(frame: Frame, name: str) -> frozenset[str]:
    value = frame.get(name)
    return frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()


def expires_at(frame: Frame) -> float | None:
    """When a credential ends, in Unix seconds."""
    at_ms = frame.get("expiresAtMs")
    return at_ms / 1_000 if isinstance(at_ms, (int, float)) else None


def hello(frame: Frame) -> Hello:
    """`hello`."""
    policy, principal = _object(frame, "policy"), _object(frame, "principal")
    gateway = _object(frame, "gateway")
    default = Policy()
    return Hello(
        protocol=whole(frame, "protocol") or 1,
        connection_id=text(frame, "connectionId"),
        principal=HelloPrincipal(
            member=text(principal, "member"),
            owner=text(principal, "owner"),
            role=text(principal, "role"),
            scopes=_names(principal, "scopes"),
            expires_at=expires_at(principal),
        ),
        epoch=text(frame, "epoch"),
        offset=whole(frame, "offset") or 0,
        recovered=frame.get("recovered") is True,
        gateway=status(gateway),
        gateway_version=text(gateway, "version"),
        policy=Policy(
            max_payload=whole(policy, "maxPayload") or default.max_payload,
            ping_interval_ms=whole(policy, "pingIntervalMs") or default.ping_interval_ms,
            rpc_timeout_ms=whole(policy, "rpcTimeoutMs") or default.rpc_timeout_ms,
        ),
        raw=frame,
    )


def status(frame: Frame) -> GatewayStatus:
    """`status`, or the `gateway` of a `hello`."""
    return GatewayStatus(
        state=text(frame, "state") or "connecting", reason=text(frame, "reason"), retry_in_ms=whole(frame, "retryInMs")
    )


def gateway_info(payload: object) -> GatewayInfo:
    """The payload of `door.gateway`."""
    fields = payload if isinstance(payload, dict) else {}
    return GatewayInfo(
        state=text(fields, "state"),
        version=text(fields, "version"),
        protocol=whole(fields, "protocol"),
        methods=_names(fields, "methods"),
        scopes=_names(fields, "scopes"),
        policy=_object(fields, "policy"),
        device_id=text(fields, "deviceId") or None,
    )


def event(frame: Frame) -> Event | None:
    """`event`."""
    name = text(frame, "event")
    if not name:
        return None
    kind = Resync if name == "door.resync" else Event
    return kind(event=name, payload=frame.get("payload"), seq=whole(frame, "seq"), offset=whole(frame, "offset"))


def chat_event(frame: Frame) -> ChatEvent | None:
    """`chunk`, `thinking`, `tool_*`, `done`, `error` or `heartbeat`; None for anything else."""
    where: dict[str, Any] = {
        "run_id": text(frame, "runId"),
        "agent": text(frame, "agent"),
        "session_key": text(frame, "sessionKey"),
        "raw": frame,
    }
    tool, call = text(frame, "tool"), text(frame, "toolCallId")
    result = frame.get("result", frame.get("error"))
    match frame.get("type"):
        case "chunk":
            return Chunk(text(frame, "content"), frame.get("replace") is True, **where)
        case "thinking":
            return Thinking(text(frame, "content"), **where)
        case "tool_start":
            return ToolStart(tool, call, frame.get("args"), **where)
        case "tool_end":
            return ToolEnd(tool, call, result, **where)
        case "tool_error":
            return ToolError(tool, call, result, **where)
        case "done":
            return Done(frame.get("aborted") is True, **where)
        case "error":
            return ChatError(
                text(frame, "message") or "The run failed.",
                text(frame, "code"),
                frame.get("retryable") is True,
                frame.get("mayHaveRun") is True,
                frame.get("details"),
                **where,
            )
        case "heartbeat":
            return Heartbeat(**where)
        case _:
            return None
