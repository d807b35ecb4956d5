"""Vestibule: the front door for OpenClaw gateways.

`vestibule.connect` and the SDK's types are here too, loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vestibule.version import __version__

if TYPE_CHECKING:
    from vestibule.client import CallError, CannotConnect, Door, DoorClosed, DoorError, Event, Resync, Turn, connect

__all__ = [
    "CallError",
    "CannotConnect",
    "Door",
    "DoorClosed",
    "DoorError",
    "Event",
    "Resync",
    "Turn",
    "__version__",
    "connect",
]


def __getattr__(name: str) -> Any:
    """Load the SDK when it is used: `import vestibule` alone imports nothing (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from vestibule import client

    return getattr(client, name)
