"""Every metric of the product, declared here and nowhere else.

Labels are bounded: states, method families, reasons; never an owner, a member or an id.
"""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge

from vestibule.telemetry.counting import CallMetrics, Traffic, TrafficMetrics

registry = CollectorRegistry()

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


def _counter(name: str, help: str, *labels: str) -> Counter:
    return Counter(f"vestibule_{name}_total", help, labels, registry=registry)


def _gauge(name: str, help: str, *labels: str) -> Gauge:
    return Gauge(f"vestibule_{name}", help, labels, registry=registry)


clients = _gauge("clients", "Attached clients.")
gateway_connections = _gauge("gateway_connections", "Gateway connections by state.", "state")
pending_calls = _gauge("pending_calls", "Calls in flight to gateways.")
calls = CallMetrics(_SECONDS)
registry.register(calls)
client_traffic, gateway_traffic = Traffic(), Traffic()
registry.register(TrafficMetrics({"client": client_traffic, "gateway": gateway_traffic}))
bad_frames = _counter("bad_frames", "Frames that could not be read, by side and kind.", "side", "kind")
dials = _counter("gateway_dials", "Attempts to connect to a gateway, by outcome.", "outcome")
reconnects = _counter("gateway_reconnects", "Gateway connections lost and dialled again.", "reason")
late_answers = _counter("late_answers", "Answers after their deadline, or twice; dropped.")
unaddressed_events = _counter("unaddressed_events", "Events shown to admins only: address unknown.")
dropped_frames = _counter("dropped_frames", "Pushed frames dropped because a client was too slow.")
coalesced_frames = _counter("coalesced_frames", "Pushed frames merged into another for a slow client.")
client_closes = _counter("client_closes", "Clients' sockets closed, by code.", "code")
slow_closes = _counter("slow_closes", "Clients closed because they were too slow.")
refused = _counter("refused", "Connections and requests refused, by reason.", "reason")
resumes = _counter("resumes", "Clients that came back, by outcome (recovered, lost).", "outcome")

# fmt: off
_FAMILIES = frozenset({
    "agent", "agents", "artifacts", "audit", "channels", "chat", "commands", "config", "cron", "device", "diagnostics",
    "door", "exec", "health", "logs", "models", "node", "plugin", "plugins", "question", "sessions", "skills", "status",
    "system", "tasks", "tools", "update", "usage", "users", "web",
})
# fmt: on


@lru_cache(maxsize=1024)
def family(method: str) -> str:
    """The label for a method: the part before the first dot if it is a known one, else `other`."""
    head = method.split(".", 1)[0]
    return head if head in _FAMILIES else "other"
