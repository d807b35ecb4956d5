"""The gateway's methods: table of names, scopes and parameters, and the registry of what is simulated.

Each module beside this one simulates one family. A method of the real gateway that nobody simulates answers
`UNAVAILABLE`; one that the real gateway does not know answers `unknown method: x`, as there.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from vestibule.testing.wire import JSON, RpcError, decode

if TYPE_CHECKING:
    from vestibule.testing.connection import SimulatedConnection
    from vestibule.testing.simulated import SimulatedGateway
    from vestibule.testing.world import World

FAMILIES = (
    "agents", "approvals", "channels", "chat", "config", "cron", "devices", "overview", "sessions", "skills", "usage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MethodSpec:
    """A method as the published protocol describes it."""

    name: str
    scope: str
    listed: bool = True
    required: tuple[str, ...] = ()
    allowed: frozenset[str] | None = None
    """Parameters that exist; None: not published, anything goes."""


@dataclass(slots=True)
class Call:
    """One request on its way through a method."""

    gateway: SimulatedGateway
    connection: SimulatedConnection
    request_id: str
    method: str
    params: JSON
    afterwards: list[Callable[[], object]] = field(default_factory=list)

    @property
    def world(self) -> World:
        """The state behind the gateway."""
        return self.gateway.world

    def after(self, action: Callable[[], object]) -> None:
        """Do this once the answer has been sent."""
        self.afterwards.append(action)

    def emit_after(self, event: str, payload: JSON) -> None:
        """Send an event to all once the answer has been sent."""
        self.after(lambda: self.gateway.broadcast(event, payload))

    def invalid(self, message: str) -> RpcError:
        """`invalid <method> params: <message>`."""
        return RpcError(f"invalid {self.method} params: {message}")

    def text(self, name: str) -> str:
        """A required non-empty text parameter."""
        value = self.params.get(name)
        if not isinstance(value, str) or not value:
            raise self.invalid(f"at /{name}: must NOT have fewer than 1 characters")
        return value


Handler = Callable[[Call], Any]
_handlers: dict[str, Handler] = {}


def method(*names: str) -> Callable[[Handler], Handler]:
    """Register what simulates these methods. It returns the payload, or an awaitable of it, or raises RpcError."""

    def register(handler: Handler) -> Handler:
        for name in names:
            _handlers[name] = handler
        return handler

    return register


@cache
def table(protocol: int) -> dict[str, MethodSpec]:
    """Every method of a wire, by name."""
    raw = decode(resources.files("vestibule.testing").joinpath("payloads/methods.json").read_bytes())
    return {
        name: MethodSpec(
            name,
            spec["scope"],
            spec.get("listed", True),
            tuple(spec.get("required", ())),
            frozenset(spec["allowed"]) if "allowed" in spec else None,
        )
        for name, spec in raw[str(protocol)]["methods"].items()
    }


@cache
def event_names(protocol: int) -> list[str]:
    """Every event a wire advertises."""
    raw = decode(resources.files("vestibule.testing").joinpath("payloads/methods.json").read_bytes())
    return list(raw[str(protocol)]["events"])


@cache
def handlers() -> dict[str, Handler]:
    """Everything that is simulated."""
    for family in FAMILIES:
        importlib.import_module(f"vestibule.testing.methods.{family}")
    return _handlers


def invoke(call: Call) -> Any:
    """Check scope and parameters as the gateway does, then run the method."""
    custom = call.gateway.custom_methods.get(call.method)
    if custom is not None:
        return custom(call)
    if call.method == "connect":
        raise RpcError("connect is only valid as the first request")
    spec = table(call.gateway.protocol).get(call.method)
    _check_scope(call, spec)
    if spec is None:
        raise RpcError(f"unknown method: {call.method}")
    _check_params(call, spec)
    handler = handlers().get(call.method)
    if handler is None:
        raise RpcError(f"{call.method} is not simulated", code="UNAVAILABLE", details={"reason": "not-simulated"})
    return handler(call)


def required_scope(call: Call, spec: MethodSpec | None) -> str:
    """The scope a call needs; dynamic ones are decided by the parameters."""
    if spec is None:
        return "operator.admin"
    if spec.scope != "dynamic":
        return spec.scope
    if call.method == "sessions.patch":
        organising = {"key", "agentId", "label", "pinned", "unread", "archived", "category", "model", "icon"}
        return "operator.write" if set(call.params) <= organising else "operator.admin"
    return "operator.write"


def _check_scope(call: Call, spec: MethodSpec | None) -> None:
    scope = required_scope(call, spec)
    have = set(call.connection.scopes)
    if scope == "node":
        raise RpcError("unauthorized role: operator")
    if "operator.admin" in have or scope in have or (scope == "operator.read" and "operator.write" in have):
        return
    if call.gateway.protocol == 3:
        raise RpcError(f"missing scope: {scope}")
    raise RpcError(
        f"missing scope: {scope}",
        code="FORBIDDEN",
        details={"code": "MISSING_SCOPE", "missingScope": scope, "requiredScopes": [scope]},
    )


def _check_params(call: Call, spec: MethodSpec) -> None:
    if not isinstance(call.params, dict):
        raise call.invalid("at root: must be object")
    problems = [f"must have required property '{name}'" for name in spec.required if name not in call.params]
    if spec.allowed is not None:
        problems += [f"at root: unexpected property '{name}'" for name in call.params if name not in spec.allowed]
    if problems:
        raise call.invalid("; ".join(problems))
