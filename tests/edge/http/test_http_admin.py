"""The administration API: what the command line does to a running door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    import httpx

    from road.kit import Road

ADMIN = "/api/v1/admin"


async def test_only_for_who_runs_the_door(road: Road, http: httpx.AsyncClient) -> None:
    """S4: an owner's admin administers a gateway, not the door."""
    await road.owner("ada")
    headers = {"Authorization": f"Bearer {await road.token('ada')}"}
    for method, path in (("GET", "/gateways"), ("DELETE", "/gateways/ada"), ("GET", "/users"), ("POST", "/tokens")):
        assert (await http.request(method, ADMIN + path, json={"members": []})).status_code == 401
        refused = await http.request(method, ADMIN + path, json={"members": []}, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "FORBIDDEN")


async def test_a_moved_route_is_live(road: Road, runner: httpx.AsyncClient) -> None:
    """P11: the new gateway is dialled, the old one let go, and no call fails meanwhile."""
    old = await road.owner("ada")
    tab = await road.tab("ada")
    async with SimulatedGateway() as new:
        moved = await runner.put(f"{ADMIN}/gateways/ada", json={"url": new.url, "token": new.token})
        assert moved.json() == {"owner": "ada", "created": False, "revision": 2}
        while not new.requests_of("health"):
            assert (await tab.call("health"))["ok"] is True
        await old.wait_for(lambda: old.open_connections == 0)
        listed = (await runner.get(f"{ADMIN}/gateways")).json()["gateways"]
        assert [(each["owner"], each["url"], each["state"]) for each in listed] == [("ada", new.url, "ready")]
        assert new.token not in json.dumps(listed)
        checked = (await runner.post(f"{ADMIN}/gateways/ada/check")).json()
        assert (checked["ok"], checked["state"], checked["protocol"]) == (True, "ready", 4)
        await tab.leave()


async def test_a_device_is_paired_when_asked(road: Road, runner: httpx.AsyncClient) -> None:
    """Over loopback the gateway pairs the route's device; its token is kept and never shown."""
    gateway = await road.owner("ada")
    put = await runner.put(f"{ADMIN}/gateways/ada", json={"url": gateway.url, "token": gateway.token, "pair": True})
    assert put.json()["paired"] is True
    route = await road.replica.directory.route("ada")
    assert route is not None
    assert route.device_token
    assert route.device_token.reveal() not in put.text


async def test_thousands_in_one_call(road: Road, runner: httpx.AsyncClient) -> None:
    """Every good line is kept, every bad one reported by its number."""
    lines = [json.dumps({"owner": f"o{n}", "url": f"ws://10.0.0.1:{1024 + n}", "token": f"t{n}"}) for n in range(3_000)]
    lines[10] = "{"
    lines[20] = json.dumps({"owner": "bad", "url": "http://x"})
    report = (await runner.post(f"{ADMIN}/gateways/import", content="\n".join(lines))).json()
    assert report["added"] == 2_998
    assert [each["line"] for each in report["failed"]] == [11, 21]
    people = "\n".join(json.dumps({"member": f"m{n}"}) for n in range(3_000))
    assert (await runner.post(f"{ADMIN}/users/import", content=people)).json()["added"] == 3_000
    tokens = (await runner.post(f"{ADMIN}/tokens", json={"members": ["m1", "m2"]})).json()["tokens"]
    assert [each["member"] for each in tokens] == ["m1", "m2"]
    assert (await runner.post(f"{ADMIN}/tokens", json={"members": ["who"]})).status_code == 404


async def test_who_is_removed_is_out(road: Road, runner: httpx.AsyncClient) -> None:
    """S3: the socket of a removed member ends at once, and so do those of a removed owner."""
    await road.owner("ada")
    await road.owner("bo")
    ada, bo = await road.tab("ada"), await road.tab("bo")
    assert (await runner.delete(f"{ADMIN}/users/ada")).json() == {"member": "ada", "removed": True}
    assert await ada.closed() == 4001
    assert (await runner.delete(f"{ADMIN}/gateways/bo")).status_code == 200
    assert await bo.closed() == 4001
    assert (await runner.delete(f"{ADMIN}/users/ada")).status_code == 404


async def test_mistakes_are_named(runner: httpx.AsyncClient) -> None:
    """What is wrong, in one sentence, with the field."""
    for body, said in (({"url": "http://x"}, "url"), ({}, "url"), ({"url": "ws://x", "mode": "odd"}, "mode")):
        answer = await runner.put(f"{ADMIN}/gateways/ada", json=body)
        assert answer.status_code == 400
        assert said in answer.json()["error"]["message"]
    answer = await runner.put(f"{ADMIN}/users/ada", json={"role": "king"})
    assert "viewer, operator, admin" in answer.json()["error"]["message"]
