"""Secrets stay inside, credentials are checked all the time, floods are stopped."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from road.kit import Road
from support.standin import put_on_path
from support.waiting import eventually
from vestibule.launchers.install import OpenClaw
from vestibule.launchers.local import LocalLauncher
from vestibule.model import Role
from vestibule.testing import ChatScript, Fault

if TYPE_CHECKING:
    import io
    from pathlib import Path

    from road.conftest import OpenRoad
    from road.kit import Tab

GATEWAY_TOKEN = 'gw-5ecret/to"ken+of=ada'
READS = (
    "config.get", "config.schema.lookup", "logs.tail", "status", "health", "system.info", "system-presence",
    "agents.list", "skills.status", "sessions.list", "cron.status", "cron.list", "channels.status", "models.list",
    "models.authStatus",
    "exec.approvals.get", "update.status", "gateway.identity.get", "diagnostics.stability", "device.pair.list",
    "node.list", "tools.catalog", "last-heartbeat", "usage.status", "door.gateway",
)  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
async def test_no_secret_of_a_gateway_leaves(quiet_road: Road, log: io.StringIO, role: Role) -> None:
    """S1: a gateway that leaks its token in config and logs; not a byte of it reaches a client or our log."""
    road = quiet_road
    gateway = await road.owner("acme", ("ann", role), token=GATEWAY_TOKEN, leaky=True)
    route = await road.replica.directory.route("acme")
    assert route is not None
    seed = route.device_seed.reveal()
    gateway.world.log.write_raw(
        json.dumps({"message": f"token {GATEWAY_TOKEN} seed {seed}", "url": f"ws://x?token={GATEWAY_TOKEN}"})
    )
    gateway.world.log.write_raw(f"plain {GATEWAY_TOKEN}")
    tab = await road.tab("ann")

    answered = [await tab.ask(method, {"path": "gateway"} if method.endswith("lookup") else {}) for method in READS]
    if role is not Role.VIEWER:
        await tab.answer("hi")
    gateway.add_fault(Fault.REFUSE_AUTH)
    await gateway.drop()
    await tab.until(lambda: tab.gateway == "down")
    await tab.ask("config.get")
    over_http = await rpc(road, "ann", "config.get")

    assert sum(answer["ok"] for answer in answered) >= 15
    assert gateway.world.config.snapshot()["parsed"]["gateway"]["auth"]["token"] == GATEWAY_TOKEN, "it does leak"
    for place in [*tab.raw, over_http, log.getvalue()]:
        for secret in (
            GATEWAY_TOKEN,
            json.dumps(GATEWAY_TOKEN)[1:-1],
            json.dumps(json.dumps(GATEWAY_TOKEN))[3:-3],
            seed,
        ):
            assert secret not in place
    assert "gateway.ready" in log.getvalue()


async def test_no_device_token_leaves(quiet_road: Road, log: io.StringIO) -> None:
    """S1: what a gateway gives a paired device is as secret as the shared token."""
    road = quiet_road
    gateway = await road.owner("ada", protocol=3, leaky=True)
    tab = await road.tab("ada")
    await eventually(lambda: gateway.devices.paired or gateway.connects)
    secrets = [device.token for device in gateway.devices.paired.values()] + [
        token for connect in gateway.connects for token in (connect.get("auth") or {}).values()
    ]

    for method in READS:
        await tab.ask(method)

    for place in [*tab.raw, log.getvalue()]:
        assert not any(secret in place for secret in secrets if secret)


async def rpc(road: Road, member: str, method: str) -> str:
    """The deprecated HTTP way."""
    headers = {"Authorization": f"Bearer {await road.token(member)}"}
    async with httpx.AsyncClient(base_url=road.replica.url, headers=headers, trust_env=False) as client:
        return (await client.post("/api/v1/container/rpc", json={"method": method})).text


@pytest.mark.parametrize("good", [True, False])
async def test_a_token_in_the_url_is_in_no_log(quiet_road: Road, log: io.StringIO, good: bool) -> None:
    """S2: `?token=` works for old clients, and is scrubbed everywhere, right or wrong."""
    road = quiet_road
    await road.owner("ada")
    token = await road.token("ada")
    sent = token if good else token[:-5] + "AAAAA"

    tab = await road.knock(f"token={sent}")

    if good:
        assert (await tab.get("hello"))["principal"]["member"] == "ada"
        assert (await tab.ask("health"))["ok"]
    else:
        assert await tab.closed() == 4001
    await road.stop()
    assert sent not in log.getvalue()
    assert sent.rpartition(".")[2] not in log.getvalue()
    assert "client." in log.getvalue()


async def test_a_ticket_opens_once(road: Road) -> None:
    """S2: single use; the second knock with it is refused."""
    await road.owner("ada")
    headers = {"Authorization": f"Bearer {await road.token('ada')}"}
    async with httpx.AsyncClient(base_url=road.replica.url, headers=headers, trust_env=False) as client:
        ticket = (await client.post("/api/v1/ws/ticket")).json()["ticket"]

    first = await road.knock(f"ticket={ticket}")
    assert (await first.get("hello"))["principal"]["member"] == "ada"
    second = await road.knock(f"ticket={ticket}")
    assert await second.closed() == 4001


async def test_a_token_as_subprotocol(road: Road) -> None:
    """S2: the browsers' way; the door selects its own name and never the token."""
    await road.owner("ada")
    token = await road.token("ada")

    tab = await road.knock(subprotocols=["vestibule.v1", f"vestibule.token.{token}"])

    assert (await tab.get("hello"))["principal"]["member"] == "ada"
    assert tab.socket.subprotocol == "vestibule.v1"


async def test_who_has_no_credential_is_told_why(road: Road) -> None:
    """Issue "Bad input": wrong token: one `error` frame, then 4001; nothing else is said."""
    for token in (None, "nonsense", "a.b.c"):
        tab = await road.knock(token=token)

        assert await tab.closed() == 4001
        assert [frame["type"] for frame in tab.frames] == ["error"]
        assert tab.frames[0]["code"] == "UNAUTHENTICATED"


async def test_an_expired_token(road: Road) -> None:
    """Issue "Bad input": it is named, so that a client signs in again instead of trying for ever."""
    await road.owner("ada")

    tab = await road.knock(token=await road.token("ada", ttl_s=-1))

    assert await tab.closed() == 4001
    assert tab.frames[0]["message"] == "Sign-in has expired."


async def test_expiry_and_refresh_on_the_live_connection(road: Road) -> None:
    """S3: the end of a token ends its connection within seconds, unless a fresh one came in place."""
    await road.owner("ada")
    token = await road.token("ada", ttl_s=2)
    ended, refreshed = await road.knock(token=token), await road.knock(token=token)
    expires_ms = (await refreshed.get("hello"))["principal"]["expiresAtMs"]

    await refreshed.send({"type": "auth", "token": await road.token("ada", ttl_s=3_600)})
    answer = await refreshed.get("auth")

    assert answer["ok"] is True
    assert answer["expiresAtMs"] > expires_ms + 3_000_000
    assert await ended.closed() == 4001
    assert ended.of("error")[-1]["code"] == "UNAUTHENTICATED"
    assert (await refreshed.call("health"))["ok"]


async def test_removal_ends_the_live_connection(road: Road) -> None:
    """S3: a removed member is out at once; the others stay."""
    await road.owner("acme", ("bob", Role.OPERATOR), ("carol", Role.OPERATOR))
    bob, carol = await road.tab("bob"), await road.tab("carol")

    await road.replica.directory.remove_member("bob")

    assert await bob.closed() == 4001
    assert (await carol.call("health"))["ok"]
    again = await road.knock(token=None)
    assert await again.closed() == 4001


async def test_a_removed_owner_is_out(road: Road) -> None:
    """S3: its members with it, and the gateway is let go."""
    gateway = await road.owner("acme", ("bob", Role.OPERATOR))
    bob = await road.tab("bob")

    await road.replica.directory.remove_owner("acme")

    assert await bob.closed() == 4001
    await gateway.wait_for(lambda: gateway.open_connections == 0)


async def test_a_wrong_token_on_the_live_socket(road: Road) -> None:
    """S3: another member's token, or none at all, ends it."""
    await road.owner("acme", ("bob", Role.OPERATOR), ("carol", Role.ADMIN))
    for token in ("nonsense", await road.token("carol")):
        tab = await road.tab("bob")

        await tab.send({"type": "auth", "token": token})

        assert await tab.closed() == 4001


@pytest.mark.parametrize("flood", ["calls", "garbage"])
async def test_a_flood_is_refused_and_then_ended(open_road: OpenRoad, flood: str) -> None:
    """S5: over the rate each message is refused, then the socket ends with 4029; siblings are served."""
    async with open_road(client_messages_per_s=1, client_message_burst=10) as road:
        await road.owner("ada")
        tab = await road.tab("ada")
        async with asyncio.TaskGroup() as own:
            own.create_task(_flood(tab, flood))
            assert await tab.closed() == 4029

        codes = [frame.get("error", frame).get("code") for frame in tab.frames if frame["type"] in ("res", "error")]
        assert codes.count("RATE_LIMITED") >= 900
        assert sum(code != "RATE_LIMITED" for code in codes) <= 15
        if flood == "calls":
            assert len(road.gateways["ada"].requests_of("health")) <= 15
        sibling = await road.tab("ada")
        assert (await sibling.call("health"))["ok"]


async def _flood(tab: Tab, flood: str) -> None:
    from websockets.exceptions import ConnectionClosed

    try:
        for number in range(3_000):
            await tab.send({"type": "req", "id": number, "method": "health"} if flood == "calls" else "garbage")
    except ConnectionClosed:
        pass


async def test_pages_of_strangers_may_not_connect(open_road: OpenRoad) -> None:
    """S5: a browser's Origin is the door's own or an allowed one; programs have none."""
    async with open_road(allowed_origins=("https://app.example",)) as road:
        await road.owner("ada")
        token = await road.token("ada")
        for origin in ("https://app.example", road.replica.url, None):
            tab = await road.knock(token=token, origin=origin)
            assert (await tab.get("hello"))["principal"]["member"] == "ada"
        for origin in ("https://evil.example", "https://app.example.evil.example", "null"):
            with pytest.raises(InvalidStatus) as refused:
                await road.knock(token=token, origin=origin)
            assert refused.value.response.status_code == 403


async def test_too_many_clients(open_road: OpenRoad) -> None:
    """S5: a bound on connections; 1013 means come back later."""
    async with open_road(max_connections=2) as road:
        await road.owner("ada")
        first, second = await road.tab("ada"), await road.tab("ada")

        third = await road.knock(token=await road.token("ada"))

        assert await third.closed() == 1013
        assert third.frames[0]["code"] == "OVERLOADED"
        assert (await first.call("health"))["ok"]
        assert (await second.call("health"))["ok"]


async def test_a_defect_is_told_without_its_text(road: Road) -> None:
    """S6: the gateway's failing agent speaks; exceptions of ours never do."""
    gateway = await road.owner("ada")
    gateway.next_chat(ChatScript(text=[], error="connect ECONNREFUSED 10.1.2.3:443"))
    tab = await road.tab("ada")

    await tab.chat("go")
    error = await tab.get("error")

    assert error["code"] == "RUN_FAILED"
    assert not any("Traceback" in raw or "site-packages" in raw for raw in tab.raw)


async def test_a_log_that_may_be_shared_is_for_admins(tmp_path: Path) -> None:
    """R1: a launcher gives each gateway a log of its own; of others the door does not know."""
    put_on_path(tmp_path / "bin")
    launcher = LocalLauncher(tmp_path / "home", OpenClaw("test", (str(tmp_path / "bin" / "openclaw"),)))
    async with Road(tmp_path / "home", launcher=launcher) as road:
        await road.owner("theirs", ("ada", Role.ADMIN), ("vera", Role.VIEWER))
        await road.members("ours", ("olga", Role.VIEWER))
        await road.replica.launch("ours")
        ada, vera, olga = [await road.tab(member) for member in ("ada", "vera", "olga")]

        refused = await vera.ask("logs.tail")

        assert refused["error"]["details"]["missingScope"] == "operator.admin"
        assert "missing scope: operator.admin" in await rpc(road, "vera", "logs.tail")
        assert await ada.call("logs.tail")
        assert await olga.call("logs.tail")
