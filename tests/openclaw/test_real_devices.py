"""Somebody's device asks to be let in: who hears of it, who decides, and what its token is good for afterwards."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed

from support.devices import Device
from vestibule.model import Role

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from road.kit import Tab
    from support.openclaw import RealGateway
    from support.realroad import RealRoad


async def test_a_device_that_asks_is_rejected_or_let_in(road: RealRoad, openclaw: RealGateway) -> None:
    """R2, S4: the request and its end reach who may decide, and nobody else; once let in, the device comes in."""
    await road.members("ada", ("ola", Role.OPERATOR))
    ada, other, ola = await road.tab("ada"), await road.tab("ada"), await road.tab("ola")
    tablet = Device("Tablet")

    first = await refused(tablet, openclaw)
    asked = (await ada.event("device.pair.requested"))["payload"]
    forbidden = await ola.ask("device.pair.approve", {"requestId": first})
    await other.call("device.pair.reject", {"requestId": first})
    rejected = (await ada.event("device.pair.resolved"))["payload"]
    second = await refused(tablet, openclaw)
    (pending,) = (await ada.call("device.pair.list"))["pending"]
    await ada.call("device.pair.approve", {"requestId": second})
    approved = (await other.event("device.pair.resolved", 2))["payload"]
    async with tablet.connected(openclaw, from_a_page=True) as (_, greeting):
        row = await paired(ada, tablet)
    removed = await ada.call("device.pair.remove", {"deviceId": tablet.id})
    await ola.ping()

    assert (asked["requestId"], asked["displayName"], asked["scopes"]) == (first, "Tablet", ["operator.read"])
    assert forbidden["error"]["details"]["missingScope"] == "operator.pairing"
    assert (rejected["requestId"], rejected["decision"]) == (first, "rejected")
    assert (pending["requestId"], pending["deviceId"]) == (second, tablet.id)
    assert (approved["requestId"], approved["decision"]) == (second, "approved")
    assert greeting["ok"], greeting
    assert (row["displayName"], row["connected"]) == ("Tablet", True)
    assert removed["deviceId"] == tablet.id
    assert tablet.id not in [device["deviceId"] for device in (await ada.call("device.pair.list"))["paired"]]
    assert not [event for event in ola.events() if event["event"].startswith("device.")]


async def test_a_devices_token_is_renewed_or_taken_away(road: RealRoad, openclaw: RealGateway) -> None:
    """S1: the new token goes to the device alone; the old one ends with its connections, for good once revoked."""
    ada, other, phone = await road.tab("ada"), await road.tab("ada"), Device("Phone")
    await ada.call("device.pair.approve", {"requestId": await refused(phone, openclaw)})
    mine = {"deviceId": phone.id, "role": "operator"}
    renamed = await ada.call("device.pair.rename", {"deviceId": phone.id, "label": "Ada's phone"})
    await other.event("device.pair.changed")

    token = await token_of(phone, openclaw)
    async with phone.connected(openclaw, token=token, from_a_page=True) as (socket, greeting):
        rotated = await ada.call("device.token.rotate", mine)
        code = await closed(socket)
    stale = await refusal(phone, openclaw, token)
    renewed = await token_of(phone, openclaw)
    revoked = await ada.call("device.token.revoke", mine)
    gone = await refusal(phone, openclaw, renewed)
    row = await paired(other, phone)
    await ada.call("device.pair.remove", {"deviceId": phone.id})

    assert greeting["ok"], greeting
    assert code == 4001
    assert renamed["label"] == row["operatorLabel"] == "Ada's phone"
    assert (rotated["tokenDelivery"], "token" in rotated) == ("withheld-cross-device", False)
    assert stale == gone == "AUTH_DEVICE_TOKEN_MISMATCH"
    assert row["tokens"][0]["revokedAtMs"] == revoked["revokedAtMs"]
    for secret in (token, renewed):
        assert secret.encode() not in road.tap.heard


async def refused(device: Device, gateway: RealGateway) -> str:
    """It is told to wait; the id of its request."""
    async with device.connected(gateway, from_a_page=True) as (_, answer):
        return str(answer["error"]["details"]["requestId"])


async def refusal(device: Device, gateway: RealGateway, token: str) -> str:
    """Why it does not come in with a token of its own."""
    async with device.connected(gateway, token=token, from_a_page=True) as (_, answer):
        return str(answer["error"]["details"]["code"])


async def token_of(device: Device, gateway: RealGateway) -> str:
    """What a device that was let in is given to come back with."""
    async with device.connected(gateway, from_a_page=True) as (_, answer):
        return str(answer["payload"]["auth"]["deviceToken"])


async def closed(socket: ClientConnection) -> int | None:
    with contextlib.suppress(ConnectionClosed):
        async for _event in socket:
            pass
    return socket.close_code


async def paired(tab: Tab, device: Device) -> dict[str, Any]:
    rows = (await tab.call("device.pair.list"))["paired"]
    return next(dict(row) for row in rows if row["deviceId"] == device.id)
