"""Calls and answers through the whole road, with the real gateway at its end."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from websockets.asyncio.client import connect

from support.openclaw import rpc
from support.realroad import new_session, real_road
from vestibule.model import Role
from vestibule.policy.roles import scopes_of

if TYPE_CHECKING:
    from pathlib import Path

    from road.kit import Frame
    from support.openclaw import RealGateway
    from support.realroad import RealRoad

READS: dict[str, tuple[Frame, str]] = {
    "health": ({}, "ok"),
    "status": ({}, "sessions"),
    "models.list": ({}, "models"),
    "agents.list": ({}, "agents"),
    "agent.identity.get": ({"agentId": "main"}, "agentId"),
    "agents.files.list": ({"agentId": "main"}, "files"),
    "config.get": ({}, "hash"),
    "config.schema.lookup": ({"path": "gateway.auth"}, "schema"),
    "sessions.list": ({"limit": 5}, "sessions"),
    "cron.status": ({}, "enabled"),
    "cron.list": ({"includeDisabled": True}, "jobs"),
    "cron.runs": ({"limit": 5}, "entries"),
    "logs.tail": ({"limit": 5}, "lines"),
    "channels.status": ({"probe": False}, "channels"),
    "skills.status": ({}, "skills"),
    "usage.cost": ({"days": 7}, "totals"),
    "usage.status": ({}, "providers"),
    "system-presence": ({}, ""),
    "node.list": ({}, "nodes"),
    "device.pair.list": ({}, "paired"),
    "tools.catalog": ({"agentId": "main"}, "groups"),
    "commands.list": ({}, "commands"),
    "update.status": ({}, "effectiveChannel"),
    "last-heartbeat": ({}, ""),
    "exec.approval.list": ({}, ""),
    "exec.approvals.get": ({}, "file"),
    "diagnostics.stability": ({}, "events"),
    "diagnostics.lanes": ({}, "lanes"),
    "audit.list": ({}, "events"),
    "audit.activity.list": ({}, "events"),
    "system.info": ({}, "uptimeMs"),
    "models.authStatus": ({}, "providers"),
    "tasks.list": ({}, "tasks"),
    "gateway.restart.preflight": ({}, "safe"),
    "sessions.preview": ({"keys": ["agent:main:main"]}, "previews"),
    "sessions.search": ({"query": "roses"}, "results"),
    "sessions.usage": ({"startDate": "2026-01-01", "endDate": "2026-01-07", "limit": 5}, "totals"),
    "node.pair.list": ({}, "paired"),
    "channels.pairing.list": ({}, "requests"),
    "plugin.approval.list": ({}, ""),
    "openclaw.approval.list": ({}, ""),
    "approval.history": ({}, "items"),
    "question.list": ({}, ""),
}
"""Params that succeed, and a key of the answer; none where it is a list, or null."""
STEADY = ("agents.list", "commands.list", "config.schema.lookup", "exec.approvals.get", "tools.catalog")
"""Always the same answer."""
TELEGRAM = {"channel": "telegram", "accountId": "default"}
MISTAKES: dict[str, Frame] = {
    "no.such.method": {},
    "sessions.list": {"limit": "many"},
    "sessions.delete": {"key": "agent:main:main"},
    "cron.run": {"id": "nobody", "mode": "force"},
    "channels.start": {"channel": "telegram"},
    "channels.stop": {"channel": "telegram"},
    "channels.logout": {"channel": "telegram"},
    "channels.pairing.approve": {**TELEGRAM, "requestId": "nobody"},
    "channels.pairing.dismiss": {**TELEGRAM, "requestId": "nobody"},
    "web.login.start": {},
    "agents.delete": {"agentId": "main"},
    "device.pair.approve": {"requestId": "nobody"},
    "device.pair.remove": {"deviceId": "nobody"},
    "skills.install": {"name": "healthcheck", "installId": "nothing"},
}
"""What the gateway refuses, each for a reason of its own. No channel is configured."""
FOR_ADMINS: dict[str, Frame] = {
    "config.patch": {"raw": "{}"},
    "update.status": {},
    "update.run": {},
    "set-heartbeats": {"enabled": False},
    "system-event": {"text": "nothing"},
    "sessions.reset": {"key": "agent:main:main"},
    "cron.add": {},
    "cron.update": {"id": "nobody", "patch": {}},
    "agents.create": {"name": "Nobody"},
    "channels.start": {"channel": "telegram"},
    "exec.approvals.get": {},
}
"""Neither a viewer nor an operator may."""


async def test_read_methods_of_every_panel(road: RealRoad, openclaw: RealGateway) -> None:
    """P1, R5: each is answered, in any order, over one socket; and with the gateway's own payload."""
    tab = await road.tab("ada")

    async with asyncio.TaskGroup() as asking:
        asked = {method: asking.create_task(tab.call(method, params)) for method, (params, _) in READS.items()}

    missing = {method for method, (_, key) in READS.items() if key and key not in asked[method].result()}
    assert not missing
    for method in STEADY:
        assert asked[method].result() == await openclaw.call(method, READS[method][0]), method
    assert road.replica.pool.open_sockets == 1


async def test_the_old_gateways_methods_too(tmp_path: Path, old_openclaw: RealGateway) -> None:
    """What wire 3 offers of them is answered as well; what it does not, it refuses itself."""
    async with real_road(tmp_path, old_openclaw) as road:
        tab = await road.tab("ada")
        offered = set((await tab.call("door.gateway"))["methods"])

        async with asyncio.TaskGroup() as asking:
            asked = {method: asking.create_task(tab.ask(method, params)) for method, (params, _) in READS.items()}

        answered = {method for method, task in asked.items() if task.result()["ok"]}
        assert len(answered) >= 15
        assert answered >= READS.keys() & offered
        refused = [asked[method].result()["error"] for method in READS.keys() - answered]
        assert {error["code"] for error in refused} <= {"INVALID_REQUEST"}


async def test_the_old_gateways_open_approvals_are_listed(tmp_path: Path, old_openclaw: RealGateway) -> None:
    """It tells of them by events alone: the door keeps those it heard for who comes later."""
    async with real_road(tmp_path, old_openclaw) as road:
        tab = await road.tab("ada")
        await tab.call("exec.approval.request", {"command": "echo later", "host": "gateway", "twoPhase": True})
        asked = (await tab.event("exec.approval.requested"))["payload"]

        later = await road.tab("ada")

        assert await later.call("exec.approval.list") == [asked]
        await later.call("exec.approval.resolve", {"id": asked["id"], "decision": "deny"})
        await later.event("exec.approval.resolved")
        assert await later.call("exec.approval.list") == []


async def test_many_calls_at_once(road: RealRoad) -> None:
    """P13, P1: a hundred calls in flight are a hundred answers, over one socket."""
    tab = await road.tab("ada")

    async with asyncio.TaskGroup() as asking:
        asked = [asking.create_task(tab.ask("health")) for _ in range(100)]

    assert all(task.result()["ok"] for task in asked)
    assert road.replica.pool.open_sockets == 1


async def test_two_tabs_with_the_same_id(road: RealRoad) -> None:
    """P4: each gets its own answer."""
    one, other = await road.tab("ada"), await road.tab("ada")

    async with asyncio.TaskGroup() as asking:
        models = asking.create_task(one.ask("models.list", id="1"))
        status = asking.create_task(other.ask("cron.status", id="1"))

    assert models.result()["payload"].keys() >= {"models"}
    assert status.result()["payload"].keys() >= {"enabled"}


async def test_the_largest_answer_passes(road: RealRoad) -> None:
    """P10: `config.schema` has more than 1 MiB."""
    tab = await road.tab("ada")

    await tab.call("config.schema")

    assert max(len(raw) for raw in tab.raw) > 1 << 20


async def test_agent_has_two_answers(road: RealRoad) -> None:
    """P4: `accepted`, then the final one, both with the client's own id."""
    tab = await road.tab("ada")
    await tab.send(
        {
            "type": "req",
            "id": "run",
            "method": "agent",
            "params": {"message": "hello", "sessionKey": new_session(), "idempotencyKey": "two-answers"},
        }
    )

    first, second = await tab.get("res", id="run"), await tab.get("res", 2, id="run")

    assert (first["payload"]["status"], second["payload"]["status"]) == ("accepted", "ok")
    assert second["payload"]["result"]["payloads"][0]["text"].startswith("Hello!")


async def test_the_gateways_own_errors_pass_unchanged(road: RealRoad, openclaw: RealGateway) -> None:
    """R5, W10: code, message and details are what the gateway says to anybody."""
    tab = await road.tab("ada")

    answers = {method: (await tab.ask(method, params))["error"] for method, params in MISTAKES.items()}

    assert answers == {method: await refusal(openclaw, method, params) for method, params in MISTAKES.items()}


@pytest.mark.parametrize(("role", "more"), [(Role.VIEWER, {"sessions.create": {}}), (Role.OPERATOR, {})])
async def test_what_a_role_may_not_do(road: RealRoad, openclaw: RealGateway, role: Role, more: Frame) -> None:
    """S4: the door refuses what the gateway would refuse to a connection with these scopes, in its words."""
    await road.members("ada", (role.value, role))
    tab = await road.tab(role.value)

    for method, params in {**FOR_ADMINS, **more}.items():
        answer = await tab.ask(method, params)
        own = await refusal(openclaw, method, params, scopes=sorted(scopes_of(role)))
        assert own["details"]["code"] == "MISSING_SCOPE"
        assert answer["error"].items() >= own.items(), method


async def test_what_a_viewer_does_not_see(road: RealRoad, openclaw: RealGateway) -> None:
    """S1: fields with paths of the gateway's host are for admins. (The free text of a log line may still name one.)"""
    await road.members("ada", ("vera", Role.VIEWER))
    vera, ada = await road.tab("vera"), await road.tab("ada")
    secret_path = str(openclaw.state_dir)

    for method in ("config.get", "status", "skills.status", "agents.list", "sessions.list", "health"):
        await vera.call(method)
        await ada.call(method)

    assert not [raw for raw in vera.raw if secret_path in raw]
    assert [raw for raw in ada.raw if secret_path in raw]


async def refusal(gateway: RealGateway, method: str, params: Frame, *, scopes: list[str] | None = None) -> Any:
    """The error object the gateway answers to somebody who asks it directly."""
    async with connect(gateway.url, max_size=None, proxy=None) as socket:
        await rpc(
            socket,
            "connect",
            {
                "minProtocol": 4,
                "maxProtocol": 4,
                "client": {"id": "gateway-client", "version": "1.0.0", "platform": "linux", "mode": "backend"},
                "role": "operator",
                "scopes": scopes or ["operator.admin"],
                "auth": {"token": gateway.token},
            },
        )
        with pytest.raises(AssertionError, match=method) as refused:
            await rpc(socket, method, params)
    return json.loads(str(refused.value).partition(": ")[2])
