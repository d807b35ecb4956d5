"""Free TCP ports on loopback for gateways.

A port is free when looked at; whoever binds it first has it.
"""

from __future__ import annotations

import socket

from vestibule.errors import BadConfiguration

_BROWSER_CONTROL = 2
"""The gateway's browser control listens this far above its own port."""


def free_port(preferred: int, *, fixed: bool) -> int:
    """`preferred` if it is free, else another one; with `fixed` it has to be that one."""
    if preferred and _is_free(preferred):
        return preferred
    if fixed:
        raise BadConfiguration(
            f"Port {preferred} for the gateway is taken.",
            remedy="Set VESTIBULE_GATEWAY_PORT to another, or to 0 for any.",
        )
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if _is_free(port + _BROWSER_CONTROL):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True
