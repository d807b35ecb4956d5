"""Every metric of the product, declared here and nowhere else.

Labels are bounded: states, method families, reasons; never an owner, a member or an id.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

registry = CollectorRegistry()

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

clients = Gauge("vestibule_clients", "Attached clients.", registry=registry)
gateway_connections = Gauge("vestibule_gateway_connections", "Gateway connections by state.", ["state"], registry=registry)
pending_calls = Gauge("vestibule_pending_calls", "Calls in flight to gateways.", registry=registry)
call_seconds = Histogram(
    "vestibule_call_seconds", "Time from a client's request to its answer.", ["family"], buckets=_SECONDS, registry=registry
)
calls = Counter("vestibule_calls_total", "Calls answered, by method family and outcome.", ["family", "outcome"], registry=registry)
frames = Counter("vestibule_frames_total", "Frames by side (client, gateway) and direction (in, out).", ["side", "direction"], registry=registry)
bytes_ = Counter("vestibule_bytes_total", "Message bytes by side and direction.", ["side", "direction"], registry=registry)
bad_frames = Counter("vestibule_bad_frames_total", "Frames that could not be read, by side and kind.", ["side", "kind"], registry=registry)
dials = Counter("vestibule_gateway_dials_total", "Attempts to connect to a gateway, by outcome.", ["outcome"], registry=registry)
reconnects = Counter("vestibule_gateway_reconnects_total", "Gateway connections lost and dialled again.", ["reason"], registry=registry)
late_answers = Counter("vestibule_late_answers_total", "Answers that came after their deadline or twice; dropped.", registry=registry)
unaddressed_events = Counter("vestibule_unaddressed_events_total", "Events shown to admins only: address unknown.", registry=registry)
dropped_frames = Counter("vestibule_dropped_frames_total", "Pushed frames dropped because a client was too slow.", registry=registry)
coalesced_frames = Counter("vestibule_coalesced_frames_total", "Pushed frames merged into another for a slow client.", registry=registry)
client_closes = Counter("vestibule_client_closes_total", "Clients' sockets closed, by code.", ["code"], registry=registry)
refused = Counter("vestibule_refused_total", "Connections and requests refused, by reason.", ["reason"], registry=registry)
resumes = Counter("vestibule_resumes_total", "Clients that came back, by outcome (recovered, lost).", ["outcome"], registry=registry)

_FAMILIES = frozenset(
    "agent agents artifacts audit channels chat commands config cron device diagnostics door exec health "
    "logs models node plugin plugins question sessions skills status system tasks tools update usage users web".split()
)


def family(method: str) -> str:
    """The label for a method: the part before the first dot if it is a known one, else `other`."""
    head = method.split(".", 1)[0]
    return head if head in _FAMILIES else "other"
