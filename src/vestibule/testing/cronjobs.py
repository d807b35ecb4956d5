"""Cron jobs of the simulated gateway and the history of their runs.

Nothing fires by itself: a job runs when `cron.run` or a test says so, and times that pass meanwhile are missed.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from vestibule.testing.schedules import checked_schedule, next_run_ms
from vestibule.testing.wire import JSON, RpcError

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE_MS = 60_000

SYSTEM_JOBS: tuple[JSON, ...] = (
    {
        "declarationKey": "memory-core:memory-dreaming-promotion",
        "name": "Memory Dreaming Promotion",
        "description": "[managed-by=memory-core.short-term-promotion] Promote short-term recalls into MEMORY.md.",
        "schedule": {"kind": "cron", "expr": "0 3 * * *"},
        "payload": {"kind": "agentTurn", "message": "__openclaw_memory_core_short_term_promotion_dream__"},
        "delivery": {"mode": "none"},
    },
    {
        "declarationKey": "skill-collection-review:main",
        "name": "skill-collection-review-main",
        "displayName": "Skill collection review (main)",
        "schedule": {"kind": "every", "everyMs": 7 * 1_440 * MINUTE_MS},
        "wakeMode": "next-heartbeat",
        "payload": {"kind": "agentTurn", "message": "Review this agent's skills as a collection."},
        "delivery": {"mode": "none"},
    },
    {
        "declarationKey": "heartbeat:main",
        "name": "heartbeat-main",
        "displayName": "Heartbeat (main)",
        "schedule": {"kind": "every", "everyMs": 30 * MINUTE_MS},
        "sessionTarget": "main",
        "wakeMode": "next-heartbeat",
        "payload": {"kind": "heartbeat"},
    },
)
"""What a gateway keeps for itself from the start."""


class CronJobs:
    """The jobs of one gateway."""

    def __init__(self, *, now_ms: Callable[[], int], new_id: Callable[[], str]) -> None:
        self._now_ms = now_ms
        self._new_id = new_id
        self.jobs: dict[str, JSON] = {}
        self.entries: list[JSON] = []
        self.revision = 1
        for spec in copy.deepcopy(SYSTEM_JOBS):
            self.add(spec)

    def status(self) -> JSON:
        """The answer of `cron.status`."""
        due = [job["nextRunAtMs"] for job in self.upcoming() if "nextRunAtMs" in job]
        return {"enabled": True, "storage": "sqlite", "jobs": len(self.jobs), "nextWakeAtMs": min(due, default=None)}

    def upcoming(self) -> list[JSON]:
        """All jobs, each with a next run that is to come."""
        for job in self.jobs.values():
            self._plan(job)
        return list(self.jobs.values())

    def get(self, job_id: Any) -> JSON:
        """A job that exists; raises as the gateway does."""
        job = self.jobs.get(str(job_id))
        if job is None:
            raise RpcError(f"cron job not found: {job_id}", details={"code": "CRON_JOB_NOT_FOUND", "id": job_id})
        return job

    def add(self, spec: JSON) -> JSON:
        """A new job."""
        schedule = checked_schedule(spec.get("schedule"))
        now = self._now_ms()
        job: JSON = {
            "id": self._new_id(),
            "name": spec.get("name") or "job",
            **{key: spec[key] for key in ("displayName", "description", "declarationKey") if key in spec},
            "agentId": spec.get("agentId") or "main",
            "enabled": spec.get("enabled", True),
            "deleteAfterRun": schedule["kind"] == "at",
            "schedule": schedule,
            "sessionTarget": spec.get("sessionTarget", "isolated"),
            "wakeMode": spec.get("wakeMode", "now"),
            "payload": copy.deepcopy(spec.get("payload", {})),
            "createdAtMs": now,
            "updatedAtMs": now,
            "configRevision": "1",
        }
        if job["payload"].get("kind") == "agentTurn":
            job["delivery"] = spec.get("delivery") or {"mode": "announce"}
        self._plan(job)
        self.jobs[job["id"]] = job
        self.revision += 1
        return job

    def update(self, job_id: Any, patch: JSON, expected_revision: Any = None) -> JSON:
        """Change a job."""
        job = self.get(job_id)
        if expected_revision is not None and expected_revision != job["configRevision"]:
            raise RpcError(
                "cron job changed since last load; re-run cron.get and retry",
                details={"code": "CRON_JOB_REVISION_CONFLICT", "configRevision": job["configRevision"]},
            )
        if "schedule" in patch:
            checked_schedule(patch["schedule"])
        job.update(copy.deepcopy(patch))
        job["updatedAtMs"] = self._now_ms()
        job["configRevision"] = str(int(job["configRevision"]) + 1)
        self._plan(job)
        self.revision += 1
        return job

    def remove(self, job_id: Any) -> JSON | None:
        """The job that is gone now, or None."""
        job = self.jobs.pop(str(job_id), None)
        if job is not None:
            self.revision += 1
        return job

    def outcome(self, job: JSON, *, channels_configured: bool) -> str | None:
        """The error a run of this job ends with, or None."""
        if job.get("delivery", {}).get("mode") == "announce" and not channels_configured:
            return "Channel is required (no configured channels detected)."
        return None

    def record(self, job: JSON, run_id: str, *, error: str | None, summary: str, duration_ms: int) -> JSON:
        """A finished run's entry."""
        now = self._now_ms()
        status = "ok" if error is None else "error"
        job |= {"lastRunAtMs": now, "lastRunStatus": status}
        job.pop("lastRunError", None)
        if error is not None:
            job["lastRunError"] = error
        self._plan(job)
        entry = {
            "ts": now,
            "jobId": job["id"],
            "jobName": job["name"],
            "action": "finished",
            "status": status,
            "completionStatus": status,
            "error": error,
            "summary": summary,
            "runId": run_id,
            "runAtMs": now - duration_ms,
            "durationMs": duration_ms,
            "sessionKey": f"agent:{job['agentId']}:cron:{job['id']}",
            "deliveryStatus": "not-requested" if job.get("delivery", {}).get("mode") == "none" else "not-delivered",
        }
        self.entries.append(entry)
        return entry

    def _plan(self, job: JSON) -> None:
        at = next_run_ms(job["schedule"], now_ms=self._now_ms(), created_ms=job["createdAtMs"])
        job.pop("nextRunAtMs", None)
        if at is not None and job["enabled"]:
            job["nextRunAtMs"] = at
        names = {
            "nextRunAtMs": "nextRunAtMs",
            "lastRunAtMs": "lastRunAtMs",
            "lastRunStatus": "lastRunStatus",
            "lastRunError": "lastError",
        }
        job["state"] = {told: job[name] for name, told in names.items() if name in job}
