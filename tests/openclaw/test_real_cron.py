"""A cron job's life at the real gateway, as two tabs of its owner see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vestibule.testing import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from road.kit import Frame, Tab
    from support.openclaw import RealGateway
    from support.realroad import RealRoad

HOURLY = {"kind": "every", "everyMs": 3_600_000}
AT_SEVEN = {"kind": "cron", "expr": "0 7 * * *", "tz": "Europe/Berlin"}


@pytest.fixture
async def ada(road: RealRoad) -> Tab:
    return await road.tab("ada")


@pytest.fixture
async def job(ada: Tab) -> AsyncIterator[Frame]:
    """A job of the test's own."""
    job = await ada.call(
        "cron.add",
        {
            "name": "from a test",
            "schedule": HOURLY,
            "sessionTarget": "isolated",
            "wakeMode": "now",
            "payload": {"kind": "agentTurn", "message": "what the garden says"},
            "delivery": {"mode": "none"},
        },
    )
    yield job
    await ada.call("cron.remove", {"id": job["id"]})


async def test_a_job_is_edited_by_its_revision(road: RealRoad, ada: Tab, job: Frame) -> None:
    """W7, R1: what one tab saves the other hears, row and all; what was read too early is not written over it."""
    other = await road.tab("ada")
    mine = {"id": job["id"], "expectedConfigRevision": job["configRevision"]}

    edited = await ada.call("cron.update", {**mine, "patch": {"name": "at seven", "schedule": AT_SEVEN}})
    heard = await updated(other, job["id"], 1)
    stale = await other.ask("cron.update", {**mine, "patch": {"name": "at eight"}})
    now = await other.call("cron.get", {"id": job["id"]})

    assert edited["configRevision"] not in (job["configRevision"], None)
    assert heard["name"] == now["name"] == "at seven"
    assert now["schedule"].items() >= AT_SEVEN.items()
    assert now["payload"]["message"] == "what the garden says"
    details = stale["error"]["details"]
    assert (details["code"], details["actualConfigRevision"]) == ("CRON_JOB_CHANGED", edited["configRevision"])


async def test_a_job_is_switched_off_and_on_and_run(
    road: RealRoad, ada: Tab, job: Frame, openclaw: RealGateway
) -> None:
    """Off, it has no next run and is started by force only; its runs are listed alone and among those of all jobs."""
    openclaw.model.answer("what the garden says", Reply("It grows."))
    other = await road.tab("ada")

    await ada.call("cron.update", {"id": job["id"], "patch": {"enabled": False}})
    off = await updated(other, job["id"], 1)
    enabled = await ada.call("cron.list", {"enabled": "enabled", "limit": 200})
    refused = await ada.call("cron.run", {"id": job["id"], "mode": "if-enabled"})
    forced = await ada.call("cron.run", {"id": job["id"], "mode": "force"})
    await other.until(lambda: "finished" in [event["action"] for event in heard(other, job["id"])])
    await ada.call("cron.update", {"id": job["id"], "patch": {"enabled": True}})
    on = await ada.call("cron.get", {"id": job["id"]})
    alone = await ada.call("cron.runs", {"scope": "job", "id": job["id"], "limit": 5})
    among = await ada.call("cron.runs", {"scope": "all", "limit": 50})

    assert (off["enabled"], off.get("nextRunAtMs")) == (False, None)
    assert job["id"] not in [each["id"] for each in enabled["jobs"]]
    assert (refused["ran"], refused["reason"]) == (False, "disabled")
    (run,) = alone["entries"]
    assert (run["runId"], run["status"], run["summary"]) == (forced["runId"], "ok", "It grows.")
    assert run["runId"] in [entry.get("runId") for entry in among["entries"]]
    assert (on["enabled"], on["nextRunAtMs"] > on["updatedAtMs"]) == (True, True)
    assert on["lastRunStatus"] == "ok"


async def updated(tab: Tab, job: str, n: int) -> Frame:
    """The job as the n-th event of an update has it."""

    def told() -> list[Frame]:
        return [event["job"] for event in heard(tab, job) if event["action"] == "updated"]

    await tab.until(lambda: len(told()) >= n)
    return told()[n - 1]


def heard(tab: Tab, job: str) -> list[Frame]:
    return [event["payload"] for event in tab.events("cron") if event["payload"]["jobId"] == job]
