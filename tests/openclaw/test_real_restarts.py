"""A real gateway that restarts or dies. Last of its folder; each test leaves it ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.realroad import RealRoad, new_session, real_road
from vestibule.testing import Reply

if TYPE_CHECKING:
    from pathlib import Path

    from support.openclaw import RealGateway

SLOW = Reply(" ".join(f"word{n}" for n in range(100)), delay_s=0.1)


async def test_a_restart_in_process_is_waited_for(road: RealRoad, openclaw: RealGateway) -> None:
    """P8: announced, shown as starting, and back by itself; a call made meanwhile is answered by the new one."""
    tab = await road.tab("ada")
    await tab.until(lambda: tab.gateway == "ready")
    await openclaw.restart_in_process()
    await tab.until(lambda: [f for f in tab.of("status") if f["state"] != "ready"])
    await tab.until(lambda: tab.of("status")[-1]["state"] == "ready")
    states = [frame["state"] for frame in tab.of("status")]
    assert "starting" in states
    assert (await tab.call("health"))["ok"] is True
    await openclaw.ready()


async def test_a_gateway_killed_mid_answer(tmp_path: Path, openclaw: RealGateway) -> None:
    """P6, P8, C6: what was in flight is answered at once, the run ends with a word, and the next one works."""
    openclaw.model.answer("this will be cut", SLOW)
    async with real_road(tmp_path, openclaw, rpc_timeout_s=20.0) as road:  # so long a run may be in doubt
        tab, session = await road.tab("ada"), new_session()
        await tab.chat("this will be cut", sessionKey=session)
        run = (await tab.get("chunk"))["runId"]
        params = {"runId": run, "timeoutMs": 60_000}
        await tab.send({"type": "req", "id": "waiting", "method": "agent.wait", "params": params, "timeoutMs": 60_000})
        await tab.ping()
        await openclaw.kill()
        answer = await tab.get("res", id="waiting")
        assert (answer["error"]["code"], answer["error"]["mayHaveRun"]) == ("GATEWAY_LOST", True)

        await openclaw.start_again()
        await tab.until(lambda: tab.gateway == "ready")
        await tab.until(lambda: [f for f in tab.frames if f["type"] in ("done", "error") and f.get("runId") == run])
        ends = [f for f in tab.frames if f["type"] in ("done", "error") and f.get("runId") == run]
        assert len(ends) == 1
        assert ends[0]["turnEnded"] is True
        assert (await tab.answer("hello again", sessionKey=session))["turnEnded"] is True
