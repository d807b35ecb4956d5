"""A real gateway that restarts or dies. Last of its folder; each test leaves it ready."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import TYPE_CHECKING

from support.realroad import OWNER, new_session
from vestibule.model import Route, RouteMode
from vestibule.testing import Gate, Reply

if TYPE_CHECKING:
    from road.kit import Frame, Tab
    from support.openclaw import RealGateway
    from support.realroad import RealRoad

ANSWER = "one two three four"
IDENTITY = "door@vestibule"
TRUSTING = {
    "trustedProxies": ["127.0.0.1"],
    "auth": {
        "mode": "trusted-proxy",
        "token": None,  # the two exclude each other
        "password": "for the gateway's own host",
        "identityScopes": {IDENTITY: ["operator.admin"]},
        "trustedProxy": {"userHeader": "x-vestibule-user", "allowLoopback": True},
    },
}
"""What its owner writes into the gateway's configuration."""


async def test_a_restart_in_process(road: RealRoad, openclaw: RealGateway) -> None:
    """P8, P6, P9, C6: the answer under way is finished first; then it is announced, told as `starting`, back by itself.

    Calls made meanwhile wait or are told to come back; subscriptions are there again, over one socket.
    """
    gate = Gate()
    openclaw.model.answer("finish first", Reply(ANSWER, gates={"chunk:2": gate}))
    tab, process = await road.tab("ada"), openclaw.pid
    await tab.call("sessions.subscribe")
    await tab.chat("finish first", sessionKey=new_session())
    await openclaw.reached(gate)

    asked = await tab.call("gateway.restart.request", {"reason": "test"})
    await openclaw.open(gate)
    done = await tab.get("done")
    shutdown = await tab.event("shutdown")
    await tab.until(lambda: tab.gateway != "ready")
    async with asyncio.TaskGroup() as going:
        meanwhile = [going.create_task(tab.ask("health")) for _ in range(5)]
    await tab.until(lambda: tab.gateway == "ready")
    key = (await openclaw.call("sessions.create", {"label": "after the restart"}))["key"]
    await tab.until(lambda: key in [event["payload"].get("sessionKey") for event in tab.events("sessions.changed")])
    await tab.call("sessions.delete", {"key": key})

    assert asked["status"] == "deferred"
    assert tab.text(done["runId"]) == ANSWER
    assert tab.of("error") == []
    assert shutdown["payload"]["restartExpectedMs"] > 0
    assert "starting" in [status["state"] for status in tab.of("status")]
    for answer in (task.result() for task in meanwhile):
        assert answer["ok"] or (answer["error"]["retryable"], answer["error"]["mayHaveRun"]) == (True, False)
    assert openclaw.pid == process
    assert road.replica.pool.open_sockets == 1


async def test_a_gateway_killed_in_the_middle_of_an_answer(road: RealRoad, openclaw: RealGateway) -> None:
    """P6, P8, C6, C7: calls are answered at once, the run has one end, nothing is sent twice, the next chat works."""
    gate = Gate()
    openclaw.model.answer("this will be cut", Reply(ANSWER, gates={"chunk:2": gate}), Reply("Where was I?"))
    tab, key, turn = await road.tab("ada"), new_session(), str(uuid.uuid4())
    await tab.chat("this will be cut", sessionKey=key, id=turn)
    await openclaw.reached(gate)
    await tab.until(tab.text)
    waiting = {"runId": turn, "timeoutMs": 60_000}
    await tab.send({"type": "req", "id": "waiting", "method": "agent.wait", "params": waiting, "timeoutMs": 60_000})
    await tab.ping()

    await openclaw.kill()
    answer = await tab.get("res", id="waiting")
    down = await tab.ask("health", timeoutMs=200)
    await openclaw.open(gate)
    await openclaw.start_again()
    await tab.until(lambda: tab.gateway == "ready")
    await tab.until(lambda: ends(tab, turn))
    await tab.chat("this will be cut", sessionKey=key, id=turn)
    await tab.until(lambda: len(ends(tab, turn)) == 2)
    openclaw.model.answer("and now", Reply("Now it works."))
    after = await tab.answer("and now", sessionKey=new_session())

    assert (answer["error"]["code"], answer["error"]["mayHaveRun"]) == ("GATEWAY_LOST", True)
    assert (down["error"]["retryable"], down["error"]["mayHaveRun"]) == (True, False)
    first, second = ends(tab, turn)
    assert (first["type"], first["code"], first["turnEnded"]) == ("error", "RUN_LOST", True)
    assert (second["type"], second["code"]) == ("error", "RUN_LOST")
    history = await tab.call("chat.history", {"sessionKey": key, "limit": 50})
    assert [row["content"] for row in history["messages"] if row["role"] == "user"].count("this will be cut") == 1
    assert tab.text(after["runId"]) == "Now it works."
    assert road.replica.pool.status(OWNER).state == "ready"


def ends(tab: Tab, run: str) -> list[Frame]:
    """How often, and how, a run has ended."""
    return [frame for frame in tab.frames if frame["type"] in ("done", "error") and frame.get("runId") == run]


async def test_a_gateway_that_trusts_the_door_as_its_proxy(road: RealRoad, openclaw: RealGateway) -> None:
    """P11, S1: changed over while clients are there: no token any more, an identity instead, with every scope."""
    tab = await road.tab("ada")
    config = await tab.call("config.get")
    await tab.call("config.patch", {"raw": json.dumps({"gateway": TRUSTING}), "baseHash": config["hash"]})
    try:
        await tab.until(lambda: tab.gateway != "ready")
        route = Route(
            OWNER, openclaw.url, mode=RouteMode.TRUSTED_PROXY, identity=IDENTITY, identity_header="x-vestibule-user"
        )
        await road.replica.directory.put_route(route)
        await tab.until(lambda: tab.gateway == "ready")

        openclaw.model.answer("who am I", Reply("Somebody the gateway trusts."))
        answer = await tab.answer("who am I", sessionKey=new_session())
        assert tab.text(answer["runId"]) == "Somebody the gateway trusts."
        assert (await tab.ask("set-heartbeats", {"enabled": False}))["ok"], "a method that needs operator.admin"
    finally:
        await openclaw.start_again()  # the launcher puts its token back
        await road.route_to(openclaw.url)
