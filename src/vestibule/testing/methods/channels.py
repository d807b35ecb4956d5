"""`channels.*` and `web.login.*`: empty until a test configures one with `configure`, or somebody by the config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vestibule.testing.methods import Call, method
from vestibule.testing.wire import JSON, RpcError
from vestibule.testing.world import payload

if TYPE_CHECKING:
    from vestibule.testing.world import World

# A 1x1 PNG: enough for an <img>.
QR = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


_LINKED_BY_CODE = frozenset({"whatsapp"})


def configure(world: World, channel: str, *, label: str, account: str = "default", running: bool = True) -> None:
    """Make a channel exist."""
    status = world.channels
    status["channelOrder"].append(channel)
    status["channelLabels"][channel] = label
    status["channelDetailLabels"][channel] = label
    status["channelMeta"].append({"id": channel, "label": label, "detailLabel": label})
    status["channelDefaultAccountId"][channel] = account
    row = {"accountId": account, "enabled": True, "configured": True, "running": running, "connected": running}
    row |= {"lastError": None, "lastStartAt": world.now_ms() if running else None, "lastStopAt": None}
    if channel in _LINKED_BY_CODE:
        row["linked"] = running
    status["channelAccounts"][channel] = [row]
    status["channels"][channel] = dict(row)


def follow_config(world: World) -> None:
    """What the config names exists, stopped at first."""
    hints = payload("config_schema")["uiHints"]
    for channel in world.config.parsed.get("channels", {}):
        if channel not in world.channels["channelOrder"]:
            configure(world, channel, label=hints.get(f"channels.{channel}", {}).get("label", channel), running=False)


def _account(call: Call) -> JSON:
    channel = call.text("channel")
    rows = call.world.channels["channelAccounts"].get(channel)
    if not rows:
        raise RpcError(f"invalid {call.method} channel")
    wanted = call.params.get("accountId") or call.world.channels["channelDefaultAccountId"][channel]
    for row in rows:
        if row["accountId"] == wanted:
            return dict(row)
    raise RpcError(f"unknown account: {wanted}")


def _store(call: Call, row: JSON) -> None:
    channel = call.params["channel"]
    rows = call.world.channels["channelAccounts"][channel]
    rows[:] = [row if each["accountId"] == row["accountId"] else each for each in rows]
    call.world.channels["channels"][channel] = dict(row)
    call.after(lambda: call.gateway.broadcast("health", call.world.health()))


@method("channels.status")
def status(call: Call) -> JSON:
    """All channels with their accounts."""
    return {**call.world.channels, "ts": call.gateway.now_ms()}


@method("channels.start", "channels.stop")
def start_stop(call: Call) -> JSON:
    """Run an account or not."""
    row, running = _account(call), call.method == "channels.start"
    row |= {"running": running, "connected": running}
    row["lastStartAt" if running else "lastStopAt"] = call.gateway.now_ms()
    _store(call, row)
    return {"ok": True, "channel": call.params["channel"], "accountId": row["accountId"], "running": running}


@method("channels.logout")
def logout(call: Call) -> JSON:
    """Forget an account's login."""
    row = _account(call) | {"running": False, "connected": False, "linked": False}
    _store(call, row)
    return {"channel": call.params["channel"], "accountId": row["accountId"], "cleared": True, "loggedOut": True}


@method("channels.pairing.list")
def pairing(call: Call) -> JSON:
    """Strangers who ask."""
    requests = list(call.world.channel_requests.values())
    accounts = [
        {"channel": channel, "accountId": row["accountId"]}
        for channel, rows in call.world.channels["channelAccounts"].items()
        for row in rows
    ]
    return {"accounts": accounts, "requests": requests, "limits": {"maxPending": 3, "ttlMs": 3_600_000}}


@method("channels.pairing.approve", "channels.pairing.dismiss")
def decide(call: Call) -> JSON:
    """Let a stranger in, or not."""
    request = call.world.channel_requests.pop(call.text("requestId"), None)
    if request is None:
        raise RpcError("pairing request not found", details={"code": "PAIRING_REQUEST_NOT_FOUND"})
    return {"ok": True, "requestId": call.params["requestId"], "approved": call.method.endswith("approve")}


@method("web.login.start")
def login_start(call: Call) -> JSON:
    """A code to scan."""
    return {"message": "Scan this QR in WhatsApp → Linked Devices.", "qrDataUrl": QR, "connected": False}


@method("web.login.wait")
def login_wait(call: Call) -> JSON:
    """Somebody scans at once."""
    if "whatsapp" not in call.world.channels["channels"]:
        configure(call.world, "whatsapp", label="WhatsApp")
        call.after(lambda: call.gateway.broadcast("health", call.world.health()))
    return {"connected": True, "message": "✅ Linked!"}
