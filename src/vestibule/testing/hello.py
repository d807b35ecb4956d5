"""`hello-ok`: what a gateway says of itself once it has let a client in.

Reads the gateway and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vestibule.testing import methods
from vestibule.testing.world import STATE_DIR

if TYPE_CHECKING:
    from vestibule.testing.connection import SimulatedConnection
    from vestibule.testing.simulated import SimulatedGateway
    from vestibule.testing.wire import JSON


def hello_ok(gateway: SimulatedGateway, connection: SimulatedConnection, versions: dict[str, int]) -> JSON:
    """The `hello-ok` of a client."""
    admitted = connection.admitted
    assert admitted is not None
    table = methods.table(gateway.protocol)
    listed = sorted(name for name, spec in table.items() if spec.listed) + sorted(gateway.custom_methods)
    policy: JSON = {
        "maxPayload": gateway.max_payload_bytes,
        "maxBufferedBytes": 2 * gateway.max_payload_bytes,
        "tickIntervalMs": gateway.tick_interval_ms,
    }
    snapshot: JSON = {
        "presence": gateway.world.presence(),
        "health": gateway.world.health(),
        "stateVersion": dict(versions),
        "uptimeMs": gateway.now_ms() - gateway.world.started_ms,
        "sessionDefaults": {
            "defaultAgentId": "main",
            "mainKey": "main",
            "mainSessionKey": "agent:main:main",
            "scope": "per-sender",
        },
        "configPath": f"{STATE_DIR}/openclaw.json",
        "stateDir": STATE_DIR,
        "authMode": "trusted-proxy" if gateway.admission.trusted_proxy else "token",
    }
    hello: JSON = {
        "type": "hello-ok",
        "protocol": gateway.protocol,
        "server": {"version": gateway.version, "connId": connection.id},
        "features": {"methods": listed, "events": methods.event_names(gateway.protocol)},
        "snapshot": snapshot,
        "policy": policy,
    }
    auth: JSON = {"role": admitted.role, "scopes": admitted.scopes}
    if admitted.device_token is not None and admitted.device is not None:
        auth |= {"deviceToken": admitted.device_token, "issuedAtMs": admitted.device.token_issued_at_ms}
    if gateway.protocol == 3:
        hello["canvasHostUrl"] = f"http://{gateway.host}:{gateway.port}"
        if admitted.device_token is not None:
            hello["auth"] = auth
        return hello
    hello["server"] |= {"buildId": f"{gateway.version}-release-simulated", "bootId": gateway.boot_id}
    hello["server"]["controlUiBuildSource"] = "bundled"
    hello["features"]["capabilities"] = [
        "board-widget-put-canvas-doc",
        "chat-send-routing-contract",
        "profile-binding-v1",
        "session-scoped-chat-metadata",
    ]
    snapshot |= {"suspension": {"phase": "accepting"}, "appliedConfigHash": gateway.world.config.hash}
    snapshot["sessionDefaults"]["modelConfigured"] = True
    snapshot["updateSchedule"] = {"channel": "stable"}
    hello["pluginSurfaceUrls"] = {"canvas": f"http://{gateway.host}:{gateway.port}/__openclaw__/cap/{gateway.new_id()}"}
    hello["auth"] = {"method": admitted.method, **auth, "recoveryScope": gateway.new_id()}
    if admitted.device_token is not None:
        hello["auth"]["recoveryMigrationAllowed"] = True
    policy |= {
        "attachments": {"maxBytes": 19_464_192, "maxImageBytes": 6_291_456},
        "allowedSessionVisibilities": ["shared", "read-only", "suggest", "draft"],
        "hasMultipleSessionSharingIdentities": False,
    }
    return hello
