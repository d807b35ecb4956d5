"""What a simulated gateway knows: agents, sessions, transcripts, config, cron, devices, skills, logs.

State only, made on first use; it sends nothing.
"""

from __future__ import annotations

import copy
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from vestibule.testing.approvals import Approvals
from vestibule.testing.configfile import ConfigFile
from vestibule.testing.cronjobs import CronJobs
from vestibule.testing.logfile import LogFile
from vestibule.testing.wire import JSON, RpcError, decode

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
STATE_DIR = "/home/openclaw/.openclaw"
WORKSPACE = f"{STATE_DIR}/workspace"


@cache
def _payload(name: str) -> Any:
    return decode(resources.files("vestibule.testing").joinpath(f"payloads/{name}.json").read_bytes())


def payload(name: str) -> Any:
    """A fresh copy of a recorded payload."""
    return copy.deepcopy(_payload(name))


class World:
    """The state of one gateway."""

    def __init__(
        self,
        *,
        protocol: int,
        version: str,
        token: str,
        leaky: bool,
        now_ms: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self.protocol = protocol
        self.version = version
        self.token = token
        self.leaky = leaky
        self.now_ms = now_ms
        self.new_id = new_id
        self.started_ms = now_ms()
        self.sessions: dict[str, JSON] = {}
        self._transcripts: dict[str, list[JSON]] = {}
        self.heartbeats_enabled = True
        self.tasks: list[JSON] = []
        self.session("agent:main:main")

    # made on first use

    @cached_property
    def agents(self) -> dict[str, JSON]:
        """Agents by id, with their files."""
        main = {"id": "main", "name": "Main", "emoji": "🦞", "avatar": None, "model": None, "workspace": WORKSPACE}
        return {"main": {**main, "files": self.agent_files("main"), "visibleAtMs": 0}}

    @cached_property
    def config(self) -> ConfigFile:
        """The config file."""
        parsed = payload("config")
        parsed["gateway"]["auth"]["token"] = self.token
        return ConfigFile(parsed, path=f"{STATE_DIR}/openclaw.json", leaky=self.leaky, salt=self.new_id())

    @cached_property
    def cron(self) -> CronJobs:
        """Cron jobs and their history."""
        return CronJobs(now_ms=self.now_ms, new_id=self.new_id)

    @cached_property
    def approvals(self) -> Approvals:
        """Exec approvals, open and resolved."""
        return Approvals(now_ms=self.now_ms)

    @cached_property
    def log(self) -> LogFile:
        """The gateway's log."""
        log = LogFile(now_ms=self.now_ms)
        log.write("info", "gateway", f"openclaw gateway {self.version} listening")
        log.write("info", "gateway", "ready")
        if self.leaky:
            log.write("debug", "gateway", f"auth mode=token token={self.token}")
        return log

    @cached_property
    def skills(self) -> list[JSON]:
        """Rows of `skills.status`."""
        return list(payload("skills"))

    @cached_property
    def nodes(self) -> dict[str, JSON]:
        """Nodes by id: one that is connected, one that was seen some hours ago."""
        rows = {row["nodeId"]: row | self.approved_node() for row in payload("nodes")}
        for row in rows.values():
            row["lastSeenAtMs"] = self.started_ms if row["connected"] else self.started_ms - 5 * HOUR_MS
            if row["connected"]:
                row["connectedAtMs"] = row["lastSeenAtMs"]
        return rows

    def approved_node(self) -> JSON:
        """What a node's row says once it was let in; wire 3 says nothing."""
        return {"approvalState": "approved", "approvedAtMs": self.started_ms} if self.protocol == 4 else {}

    @cached_property
    def node_requests(self) -> dict[str, JSON]:
        """Node pairing requests by id."""
        return {}

    @cached_property
    def channels(self) -> JSON:
        """The answer of `channels.status`, empty at first."""
        return dict(payload("channels_status"))

    @cached_property
    def channel_requests(self) -> dict[str, JSON]:
        """Strangers who asked to talk to a channel, by request id."""
        return {}

    @cached_property
    def questions(self) -> dict[str, JSON]:
        """Open questions by id."""
        return {}

    # sessions

    def normal_key(self, key: object, agent_id: str | None = None) -> str:
        """A session key as the gateway stores it: lower case, `main` spelt out."""
        if not isinstance(key, str) or not key.strip():
            raise RpcError("session key must be a non-empty string")
        text = key.strip().lower()
        if text == "main":
            return f"agent:{agent_id or 'main'}:main"
        return (
            text if text.startswith("agent:") or text in ("global", "unknown") else f"agent:{agent_id or 'main'}:{text}"
        )

    def session(self, key: str, **fields: Any) -> JSON:
        """The row of a session, made when it is new. `key` is a normal key."""
        row = self.sessions.get(key)
        if row is None:
            parts = key.split(":")
            row = payload("session") | {
                "key": key,
                "agentId": parts[1] if len(parts) > 2 else "main",
                "sessionId": self.new_id(),
                "updatedAt": self.now_ms(),
                "kind": "direct",
            }
            self.sessions[key] = row
        row.update(fields)
        return row

    def row(self, key: str) -> JSON:
        """A copy of a session's row, as events and lists carry it."""
        return dict(self.session(key))

    def transcript(self, key: str) -> list[JSON]:
        """The messages of a session; empty for an unknown one."""
        return self._transcripts.get(key, [])

    def forget(self, key: str, *, keep_row: bool = False) -> None:
        """Drop a transcript and, unless kept, the session."""
        self._transcripts.pop(key, None)
        if keep_row:
            self.sessions[key].update(
                sessionId=self.new_id(), inputTokens=0, outputTokens=0, totalTokens=0, estimatedCostUsd=0.0
            )
        else:
            self.sessions.pop(key, None)

    def append_message(self, key: str, role: str, content: str | list[JSON], run_id: str | None = None) -> JSON:
        """Add a message to a transcript."""
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        messages = self._transcripts.setdefault(key, [])
        message: JSON = {"role": role, "content": blocks, "timestamp": self.now_ms()}
        if self.protocol == 4:
            message["__openclaw"] = {"id": self.new_id(), "seq": len(messages) + 1}
            if role == "user" and run_id is not None:  # only by its key: the run's own rows carry `runId`
                message["idempotencyKey"] = message["__openclaw"]["idempotencyKey"] = f"{run_id}:user"
            else:
                message["__openclaw"]["runId"] = run_id
        messages.append(message)
        row = self.session(key, updatedAt=self.now_ms())
        text = next((block["text"] for block in blocks if block.get("type") == "text"), "")
        if role == "user" and not row.get("derivedTitle"):
            row["derivedTitle"] = text[:60]
        row["lastMessagePreview"] = text[:120]
        return message

    def append_tool(self, key: str, name: str, args: JSON, output: str, call_id: str, run_id: str) -> None:
        """Add a tool call and its result to a transcript."""
        self.append_message(
            key, "assistant", [{"type": "toolCall", "id": call_id, "name": name, "arguments": args}], run_id
        )
        result = self.append_message(key, "toolResult", output, run_id)
        result |= {"toolCallId": call_id, "toolName": name}

    def count_usage(self, key: str, characters_in: int, characters_out: int) -> None:
        """Add a run's tokens to its session."""
        row = self.session(key)
        tokens_in, tokens_out = 1_200 + characters_in // 4, max(1, characters_out // 4)
        row["inputTokens"] = (row.get("inputTokens") or 0) + tokens_in
        row["outputTokens"] = (row.get("outputTokens") or 0) + tokens_out
        row["totalTokens"] = row["inputTokens"] + row["outputTokens"]
        row["estimatedCostUsd"] = round(row["inputTokens"] * 1e-6 + row["outputTokens"] * 2e-6, 6)

    def sorted_sessions(self) -> list[JSON]:
        """Rows by last use, pinned ones first."""
        return sorted(self.sessions.values(), key=lambda row: (not row.get("pinned"), -row["updatedAt"]))

    # agents

    def agent(self, agent_id: object) -> JSON:
        """An agent that exists; raises as the gateway does."""
        agent = self.agents.get(str(agent_id).lower())
        if agent is None:
            raise RpcError(f'unknown agent id "{agent_id}"')
        return agent

    def add_agent(self, agent_id: str, *, name: str | None = None, visible_at_ms: int = 0, **fields: Any) -> JSON:
        """A new agent with its files."""
        agent: JSON = {
            "id": agent_id.lower(),
            "name": name or agent_id,
            "emoji": None,
            "avatar": None,
            "model": None,
            "workspace": f"{STATE_DIR}/workspace-{agent_id.lower()}",
            "files": self.agent_files(agent_id.lower()),
            "visibleAtMs": visible_at_ms,
        }
        agent.update({key: value for key, value in fields.items() if value is not None})
        self.agents[agent["id"]] = agent
        return agent

    def agent_files(self, agent_id: str) -> dict[str, JSON]:
        """A new agent's workspace files."""
        directory = WORKSPACE if agent_id == "main" else f"{STATE_DIR}/workspace-{agent_id}"
        return {
            name: {"name": name, "path": f"{directory}/{name}", "content": content, "updatedAtMs": self.now_ms()}
            for name, content in payload("agent_files").items()
        }

    # what several methods and events share

    def health(self) -> JSON:
        """The answer of `health`, also its event."""
        body: JSON = payload("health")
        rows = self.sorted_sessions()
        body |= {"ts": self.now_ms(), "agents": [{"agentId": id, "isDefault": id == "main"} for id in self.agents]}
        body["sessions"] = {
            "path": f"{STATE_DIR}/agents/main/sessions/sessions.json",
            "count": len(rows),
            "recent": [{"key": row["key"], "updatedAt": row["updatedAt"], "age": 0} for row in rows[:5]],
        }
        body["channels"] = self.channels["channels"]
        body["channelOrder"] = self.channels["channelOrder"]
        return body

    def presence(self) -> list[JSON]:
        """The answer of `system-presence`."""
        row = {
            "host": "simulated",
            "ip": "127.0.0.1",
            "version": self.version,
            "platform": "linux",
            "deviceFamily": "Linux",
            "mode": "gateway",
            "reason": "self",
            "instanceId": "gateway",
            "text": f"Gateway: simulated (127.0.0.1) · app {self.version} · mode gateway · reason self",
            "ts": self.now_ms(),
        }
        return [row]
