"""The owner's gateway over HTTP, and the other routes an ordinary user has."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

import pytest

from vestibule.model import Role

if TYPE_CHECKING:
    import httpx

    from road.kit import Road


async def bearer(road: Road, member: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {await road.token(member)}"}


async def test_one_call(road: Road, http: httpx.AsyncClient) -> None:
    """Origin: `{method, params}` in, `{result}` out, and every answer says that the route is on its way out."""
    await road.owner("ada")
    answer = await http.post(
        "/api/v1/container/rpc",
        json={"method": "sessions.list", "params": {"limit": 3}},
        headers=await bearer(road, "ada"),
    )
    assert answer.status_code == 200
    assert "sessions" in answer.json()["result"]
    assert answer.headers["deprecation"].startswith("@")
    assert "GMT" in answer.headers["sunset"]


async def test_the_schema_says_so_too(http: httpx.AsyncClient) -> None:
    """Origin: `deprecated` in OpenAPI, the summary begins with it."""
    schema = (await http.get("/openapi.json")).json()
    rpc = schema["paths"]["/api/v1/container/rpc"]["post"]
    assert rpc["deprecated"] is True
    assert rpc["summary"].startswith("[Deprecated]")
    for path in ("/healthz", "/readyz", "/api/v1/container/status", "/api/v1/ws/ticket", "/api/v1/admin/gateways"):
        assert path in schema["paths"]


async def test_the_schema_says_how_it_fails(http: httpx.AsyncClient) -> None:
    """Every route but the monitors' declares the one body of failures, and no other; imports declare their lines."""
    schema = (await http.get("/openapi.json")).json()
    operations = {
        (path, method): operation
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if path.startswith("/api/")
    }
    shape = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}
    for operation in operations.values():
        failed = {status: told for status, told in operation["responses"].items() if status != "200"}
        assert {"401", "default"} <= set(failed)
        assert "422" not in failed
        assert all(told["content"] == shape for told in failed.values())
    rpc = operations["/api/v1/container/rpc", "post"]["responses"]
    assert {"400", "401", "403", "404", "413", "429", "502", "503", "504"} <= set(rpc)
    for people in ("gateways", "users"):
        body = operations[f"/api/v1/admin/{people}/import", "post"]["requestBody"]
        assert list(body["content"]) == ["application/x-ndjson"]


async def test_what_a_call_may_come_to(road: Road, http: httpx.AsyncClient) -> None:
    """Each failure has its status and one body: code and message."""
    await road.owner("ada", ("ada", Role.ADMIN), ("vera", Role.VIEWER))
    await road.members("nobody", ("noah", Role.ADMIN))

    async def call(member: str | None, body: object) -> tuple[int, str, str]:
        headers = await bearer(road, member) if member else {}
        answer = await http.post("/api/v1/container/rpc", json=body, headers=headers)
        error = answer.json()["error"]
        return answer.status_code, error["code"], error["message"]

    assert await call(None, {"method": "health"}) == (401, "UNAUTHENTICATED", "Not authenticated")
    assert (await call("ada", {"method": "no.such"}))[:2] == (400, "INVALID_REQUEST")
    assert (await call("ada", {"params": {}}))[:2] == (400, "INVALID_REQUEST")
    assert (await call("vera", {"method": "sessions.create"}))[:2] == (403, "FORBIDDEN")
    for method in ("connect", "door.nonsense", "door.gateway"):
        assert (await call("ada", {"method": method}))[:2] == (404, "UNKNOWN_METHOD")
    untyped = await http.post("/api/v1/container/rpc", content='{"method":"health"}', headers=await bearer(road, "ada"))
    assert (untyped.status_code, untyped.json()["detail"]) == (
        400,
        "The body must be JSON: send Content-Type: application/json.",
    )
    assert await call("noah", {"method": "health"}) == (404, "NO_GATEWAY", "No container provisioned.")


async def test_the_state_of_the_container(road: Road, http: httpx.AsyncClient) -> None:
    """Origin: `{service_name, status, created_at, updated_at, region}`, or 404 "No container found"."""
    await road.owner("ada")
    await road.members("nobody", ("noah", Role.ADMIN))
    tab = await road.tab("ada")
    answer = await http.get("/api/v1/container/status", headers=await bearer(road, "ada"))
    assert set(answer.json()) == {"service_name", "status", "created_at", "updated_at", "region"}
    assert answer.json()["status"] == "running"
    assert answer.json()["created_at"] is not None
    missing = await http.get("/api/v1/container/status", headers=await bearer(road, "noah"))
    assert (missing.status_code, missing.json()["error"]["message"]) == (404, "No container found")
    await tab.leave()


async def test_a_ticket_opens_one_socket(road: Road, http: httpx.AsyncClient) -> None:
    """S2: single use; the second time it is worthless, and the token itself was in no URL."""
    await road.owner("ada")
    ticket = (await http.post("/api/v1/ws/ticket", headers=await bearer(road, "ada"))).json()
    assert ticket["wsUrl"].endswith("/ws")
    assert ticket["expiresInMs"] > 0
    first = await road.knock(f"ticket={ticket['ticket']}")
    assert (await first.get("hello"))["principal"]["member"] == "ada"
    second = await road.knock(f"ticket={ticket['ticket']}")
    assert await second.closed() == 4001


async def until_ready_is(http: httpx.AsyncClient, status: int) -> dict[str, object]:
    """What `/readyz` says once it has this status."""
    async with asyncio.timeout(10):
        while (answer := await http.get("/readyz")).status_code != status:
            pass
    body: dict[str, object] = answer.json()
    return body


async def test_a_door_without_its_storage_is_not_ready(road: Road, http: httpx.AsyncClient) -> None:
    """Kubernetes sends nobody new there; the process lives, and is ready again when the storage is."""
    with sqlite3.connect(road.replica.settings.home / "vestibule.db") as storage:
        storage.execute("ALTER TABLE members RENAME TO elsewhere")
        storage.commit()
        assert await until_ready_is(http, 503) == {"ready": False, "reason": "storage"}
        assert (await http.get("/healthz")).status_code == 200
        storage.execute("ALTER TABLE elsewhere RENAME TO members")
        storage.commit()
        assert await until_ready_is(http, 200) == {"ready": True, "reason": ""}
    storage.close()


async def test_health_and_the_page(road: Road, http: httpx.AsyncClient) -> None:
    """What monitors and newcomers ask; nothing on the page comes from elsewhere."""
    assert (await http.get("/healthz")).json()["status"] == "live"
    assert (await http.get("/readyz")).json()["ready"] is True
    page = await http.get("/")
    assert "Vestibule" in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "http://" not in page.text
    unknown = await http.get("/no/such")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "NOT_FOUND")


async def test_metrics_move(road: Road, http: httpx.AsyncClient) -> None:
    """Connections, calls, frames and bytes are counted; labels never name an owner."""

    async def value(name: str) -> float:
        text = (await http.get("/metrics")).text
        return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))

    await road.owner("ada")
    calls, frames = await value("vestibule_calls_total"), await value("vestibule_frames_total")
    tab = await road.tab("ada")
    await tab.call("health")
    assert await value("vestibule_calls_total") == calls + 1
    assert await value("vestibule_frames_total") > frames
    assert await value("vestibule_clients") >= 1
    assert await value('vestibule_gateway_connections{state="ready"}') >= 1
    for _ in range(100):  # it is told a few times a second
        if await value("vestibule_pending_calls") == 0:
            break
        await asyncio.sleep(0.05)
    else:
        pytest.fail("the call is still pending")
    text = (await http.get("/metrics")).text
    for name in (
        "call_seconds", "bytes_total", "gateway_reconnects_total", "dropped_frames_total", "coalesced_frames_total",
        "slow_closes_total", "late_answers_total",
    ):  # fmt: skip
        assert f"vestibule_{name}" in text
    assert "ada" not in text
