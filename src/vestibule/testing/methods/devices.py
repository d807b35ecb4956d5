"""`device.*` and `node.*`: pairing, tokens, device hosts."""

from __future__ import annotations

from vestibule.testing.methods import Call, method
from vestibule.testing.wire import JSON, RpcError


@method("device.pair.list")
def listed(call: Call) -> JSON:
    """Who is paired and who waits."""
    devices = call.gateway.devices
    here = {each.admitted.device.id for each in call.gateway.connections if each.admitted and each.admitted.device}
    return {
        "pending": [each.pending_row() for each in devices.pending.values()],
        "paired": [{**each.paired_row(), "connected": each.id in here} for each in devices.paired.values()],
    }


@method("device.pair.approve")
def approve(call: Call) -> JSON:
    """Let a device in."""
    request_id = call.text("requestId")
    device = call.gateway.devices.pending.get(request_id)
    if device is None:
        raise RpcError("unknown requestId")
    call.gateway.devices.pair(device)
    _resolved(call, request_id, device.id, "approved")
    return {"requestId": request_id, "device": device.paired_row()}


@method("device.pair.reject")
def reject(call: Call) -> JSON:
    """Turn a device away."""
    request_id = call.text("requestId")
    device = call.gateway.devices.pending.pop(request_id, None)
    if device is None:
        raise RpcError("unknown requestId")
    _resolved(call, request_id, device.id, "rejected")
    return {"requestId": request_id, "deviceId": device.id}


@method("device.pair.remove")
def remove(call: Call) -> JSON:
    """Forget a device; its token is wrong from now on, its open connections end."""
    device = _paired(call)
    del call.gateway.devices.paired[device.id]
    _changed(call, device.id)
    for connection in call.gateway.connections:
        admitted = connection.admitted
        if admitted is not None and admitted.device is not None and admitted.device.id == device.id:
            call.after(lambda socket=connection.socket: socket.close(4001, "device removed"))  # type: ignore[misc]
    return {"deviceId": device.id}


@method("device.pair.rename")
def rename(call: Call) -> JSON:
    """Name a device."""
    device = _paired(call)
    device.label = call.text("label")
    _changed(call, device.id)
    return {"deviceId": device.id, "label": device.label}


@method("device.token.rotate")
def rotate(call: Call) -> JSON:
    """A new token for a device."""
    device = _paired(call)
    device.token = call.gateway.devices.new_token()
    device.token_issued_at_ms = call.gateway.now_ms()
    _changed(call, device.id)
    own = call.connection.admitted is not None and call.connection.admitted.device is device
    shown: JSON = {"deviceId": device.id, "role": device.role, "scopes": device.scopes}
    shown["rotatedAtMs"] = device.token_issued_at_ms
    return shown | ({"token": device.token} if own or call.gateway.protocol == 3 else {})


@method("device.token.revoke")
def revoke(call: Call) -> JSON:
    """No token any more; the device stays paired."""
    device = _paired(call)
    device.token = ""
    _changed(call, device.id)
    return {"deviceId": device.id, "role": device.role, "revokedAtMs": call.gateway.now_ms()}


@method("node.list")
def nodes(call: Call) -> JSON:
    """Device hosts."""
    return {"ts": call.gateway.now_ms(), "nodes": list(call.world.nodes.values())}


@method("node.describe")
def describe(call: Call) -> JSON:
    """One device host."""
    return {"ts": call.gateway.now_ms(), **_node(call)}


@method("node.rename")
def node_rename(call: Call) -> JSON:
    """Name a device host."""
    node = _node(call)
    node["displayName"] = call.text("displayName")
    return {"nodeId": node["nodeId"], "displayName": node["displayName"]}


@method("node.invoke")
def invoke(call: Call) -> JSON:
    """Ask a connected host to do something; a simulated one says it did."""
    node = _node(call)
    if not node["connected"]:
        raise RpcError("node not connected", code="UNAVAILABLE", details={"code": "NOT_CONNECTED"})
    command = call.text("command")
    if command not in node["commands"]:
        raise RpcError(f"node command not allowed: {command}", details={"reason": "command not declared by node"})
    return {"ok": True, "nodeId": node["nodeId"], "command": command, "payload": {"simulated": True}}


@method("node.pair.list")
def node_requests(call: Call) -> JSON:
    """Hosts that wait and hosts that are in."""
    return {"pending": list(call.world.node_requests.values()), "paired": list(call.world.nodes.values())}


@method("node.pair.approve", "node.pair.reject")
def node_decide(call: Call) -> JSON:
    """Let a host in, or not."""
    request_id = call.text("requestId")
    request = call.world.node_requests.pop(request_id, None)
    if request is None:
        raise RpcError("unknown requestId")
    approved = call.method.endswith("approve")
    node = {**request, "paired": True, "connected": False, **call.world.approved_node()}
    if approved:
        call.world.nodes[request["nodeId"]] = node
    decision = "approved" if approved else "rejected"
    event = {"requestId": request_id, "nodeId": request["nodeId"], "decision": decision, "ts": call.gateway.now_ms()}
    call.emit_after("node.pair.resolved", event)
    return (
        {"requestId": request_id, "node": node} if approved else {"requestId": request_id, "nodeId": request["nodeId"]}
    )


@method("node.pair.remove")
def node_remove(call: Call) -> JSON:
    """Forget a host."""
    node = _node(call)
    del call.world.nodes[node["nodeId"]]
    return {"ok": True, "nodeId": node["nodeId"]}


def _paired(call: Call):  # type: ignore[no-untyped-def]
    device = call.gateway.devices.paired.get(call.text("deviceId"))
    if device is None:
        raise RpcError("unknown deviceId")
    return device


def _node(call: Call) -> JSON:
    node: JSON | None = call.world.nodes.get(call.text("nodeId"))
    if node is None:
        raise RpcError("unknown nodeId")
    return node


def _resolved(call: Call, request_id: str, device_id: str, decision: str) -> None:
    event = {"requestId": request_id, "deviceId": device_id, "decision": decision, "ts": call.gateway.now_ms()}
    call.emit_after("device.pair.resolved", event)


def _changed(call: Call, device_id: str) -> None:
    if call.gateway.protocol == 4:
        call.emit_after("device.pair.changed", {"deviceId": device_id, "ts": call.gateway.now_ms()})
