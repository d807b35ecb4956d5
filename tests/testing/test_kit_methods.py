"""What the twelve panels read and write answers with the documented shape, keeps its state and emits its events."""

from __future__ import annotations

import pytest
from kitclient import ADMIN, Failed, Key, greeted

from vestibule.testing import ChatScript, RpcError, SimulatedGateway, ToolCall
from vestibule.testing.methods import handlers, table
from vestibule.testing.methods.channels import configure

MAIN = "agent:main:main"

READS: dict[str, tuple[dict[str, object], set[str]]] = {
    "health": ({}, {"ok", "ts", "plugins", "channels", "agents", "sessions", "modelRuntime", "eventLoop"}),
    "status": ({}, {"runtimeVersion", "tasks", "sessions", "processMemory", "heartbeat", "degradedPlugins", "pid"}),
    "system.info": ({}, {"cpuCount", "memoryTotalBytes", "diskTotalBytes", "uptimeMs", "nodeVersion"}),
    "last-heartbeat": ({}, {"ts", "status", "reason", "durationMs"}),
    "models.list": ({}, {"models"}),
    "models.authStatus": ({}, {"providers"}),
    "tasks.list": ({}, {"tasks"}),
    "update.status": ({}, {"updateAvailable", "effectiveChannel", "schedule"}),
    "gateway.restart.preflight": ({}, {"safe", "counts", "blockers"}),
    "channels.status": (
        {"probe": False},
        {"channelOrder", "channelLabels", "channelMeta", "channels", "channelAccounts", "statusIssues"},
    ),
    "channels.pairing.list": ({}, {"accounts", "requests", "limits"}),
    "agents.list": ({}, {"defaultId", "mainKey", "scope", "agents"}),
    "agent.identity.get": ({"agentId": "main"}, {"agentId", "name", "avatar"}),
    "agents.files.list": ({"agentId": "main"}, {"files"}),
    "agents.files.get": ({"agentId": "main", "name": "SOUL.md"}, {"file"}),
    "tools.catalog": ({"agentId": "main"}, {"groups"}),
    "tools.effective": ({"sessionKey": MAIN}, {"groups"}),
    "commands.list": ({}, {"commands"}),
    "config.get": ({}, {"path", "exists", "raw", "parsed", "config", "runtimeConfig", "valid", "hash", "issues"}),
    "config.schema": ({}, {"schema", "uiHints"}),
    "config.schema.lookup": ({"path": "gateway.auth"}, {"schema", "reloadKind", "hint", "children"}),
    "sessions.list": ({"limit": 5}, {"count", "totalCount", "nextOffset", "hasMore", "defaults", "sessions"}),
    "sessions.preview": ({"keys": [MAIN]}, {"previews"}),
    "sessions.describe": ({"key": MAIN}, {"session"}),
    "sessions.search": ({"query": "x"}, {"results"}),
    "cron.status": ({}, {"enabled", "jobs", "nextWakeAtMs"}),
    "cron.list": ({"includeDisabled": True}, {"jobs", "total", "snapshotRevision", "deliveryPreviews"}),
    "cron.runs": ({"scope": "all"}, {"entries"}),
    "logs.tail": ({}, {"file", "cursor", "size", "lines", "truncated", "reset"}),
    "diagnostics.stability": ({}, {"events", "summary"}),
    "diagnostics.lanes": ({}, {"lanes"}),
    "audit.list": ({}, {"events"}),
    "node.list": ({}, {"ts", "nodes"}),
    "node.pair.list": ({}, {"pending", "paired"}),
    "device.pair.list": ({}, {"pending", "paired"}),
    "skills.status": ({}, {"workspaceDir", "agentId", "skills"}),
    "usage.cost": ({"days": 7}, {"days", "daily", "totals", "cacheStatus"}),
    "sessions.usage": ({"range": "7d"}, {"sessions", "totals", "aggregates"}),
    "usage.status": ({}, {"providers"}),
    "chat.history": ({"sessionKey": MAIN}, {"messages", "hasMore", "nextOffset", "totalMessages", "pendingInputs"}),
    "approval.history": ({}, {"items"}),
    "question.list": ({}, {"questions"}),
    "exec.approvals.get": ({}, {"file", "hash", "resolvedDefaults"}),
}
ARRAYS = ["system-presence", "exec.approval.list", "plugin.approval.list", "openclaw.approval.list"]


async def test_every_read_answers_with_its_shape():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        for method, (params, fields) in READS.items():
            payload = await client.call(method, params)
            assert fields <= set(payload), method
        for method in ARRAYS:
            assert isinstance(await client.call(method), list), method


async def test_nothing_is_simulated_that_does_not_exist():
    assert set(handlers()) <= set(table(4))


async def test_strict_like_the_real_one():
    """Unknown methods, missing and extra parameters, extra keys, malformed frames."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        with pytest.raises(Failed, match=r"unknown method: make\.coffee"):
            await client.call("make.coffee")
        with pytest.raises(Failed) as failed:
            await client.call("chat.history", {"key": MAIN})
        assert failed.value.message == (
            "invalid chat.history params: must have required property 'sessionKey'; at root: unexpected property 'key'"
        )
        with pytest.raises(Failed, match="connect is only valid as the first request"):
            await client.call("connect")
        with pytest.raises(Failed, match="not simulated"):
            await client.call("tts.status")
        await client.send("{broken")
        await client.send({"type": "req", "id": "x", "method": "health", "extra": 1})
        await client.until(lambda: "x" in client.answers)
        assert "unexpected property 'extra'" in client.answers["x"][0]["error"]["message"]
        await client.send([1])
        await client.until(lambda: "invalid" in client.answers)
        await client.send(b'{"type":"req","id":"b","method":"health"}')
        await client.until(lambda: "b" in client.answers)


async def test_scopes_are_checked():
    async with SimulatedGateway() as gateway, greeted(gateway.url, scopes=["operator.read"]) as client:
        assert await client.call("config.get")
        for method, params, scope in [
            ("update.status", {}, "operator.admin"),
            ("sessions.create", {}, "operator.write"),
            ("device.pair.list", {}, "operator.pairing"),
            ("no.such", {}, "operator.admin"),
        ]:
            with pytest.raises(Failed) as failed:
                await client.call(method, params)
            assert (failed.value.code, failed.value.details["missingScope"]) == ("FORBIDDEN", scope)
    async with SimulatedGateway() as gateway, greeted(gateway.url, scopes=["operator.write"]) as client:
        await client.call("sessions.patch", {"key": MAIN, "label": "x"})
        with pytest.raises(Failed):
            await client.call("sessions.patch", {"key": MAIN, "thinkingLevel": "high"})


async def test_sessions():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        await client.call("sessions.subscribe", {})
        made = await client.call("sessions.create", {"label": "Plans"})
        key = made["key"]
        assert key.startswith("agent:main:dashboard:")
        assert (await client.until_event("sessions.changed", reason="create"))["session"]["label"] == "Plans"
        await client.call("sessions.patch", {"key": key, "pinned": True, "label": "Better plans"})
        assert (await client.until_event("sessions.changed", reason="patch"))["session"]["label"] == "Better plans"
        await client.call("sessions.send", {"key": key, "message": "hello", "idempotencyKey": "r1"})
        await client.until_event("chat", state="final")
        listed = await client.call("sessions.list", {"includeDerivedTitles": True})
        assert listed["sessions"][0]["key"] == key
        assert listed["sessions"][0]["totalTokens"] > 0
        assert (await client.call("sessions.search", {"query": "hello"}))["results"][0]["sessionKey"] == key
        assert (await client.call("sessions.preview", {"keys": [key]}))["previews"][0]["status"] == "ok"
        assert (await client.call("sessions.compact", {"key": key}))["compacted"] is True
        await client.call("sessions.reset", {"key": key})
        assert (await client.call("chat.history", {"sessionKey": key}))["messages"] == []
        assert (await client.call("sessions.delete", {"key": key}))["deleted"] is True
        assert (await client.until_event("sessions.changed", reason="delete"))["sessionKey"] == key
        assert (await client.call("sessions.describe", {"key": key}))["session"] is None
        with pytest.raises(Failed, match=r"Cannot delete the main session \(agent:main:main\)\."):
            await client.call("sessions.delete", {"key": MAIN})
        with pytest.raises(Failed, match="unexpected property 'sessionKey'"):
            await client.call("sessions.patch", {"sessionKey": MAIN})


async def test_cron():
    job = {
        "name": "report",
        "schedule": {"kind": "every", "everyMs": 3_600_000},
        "sessionTarget": "isolated",
        "wakeMode": "now",
        "payload": {"kind": "agentTurn", "message": "Write the report."},
    }
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        assert (await client.call("cron.status"))["jobs"] == 3
        added = await client.call("cron.add", job)
        assert added["delivery"] == {"mode": "announce"}
        assert (await client.until_event("cron", action="added"))["job"]["id"] == added["id"]
        assert (await client.call("cron.run", {"id": added["id"], "mode": "force"}))["enqueued"] is True
        finished = await client.until_event("cron", action="finished")
        assert "Channel is required" in finished["error"]
        await client.call("cron.update", {"id": added["id"], "patch": {"delivery": {"mode": "none"}}})
        gateway.next_chat(ChatScript(text=["All is well."]))
        await client.call("cron.run", {"id": added["id"], "mode": "force"})
        await client.until_event("cron", n=2, action="finished")
        entry = (await client.call("cron.runs", {"scope": "job", "id": added["id"]}))["entries"][0]
        assert (entry["status"], entry["summary"]) == ("ok", "All is well.")
        task = await client.until_event("task", n=4)
        assert task["task"]["status"] == "succeeded"
        history = await client.call("chat.history", {"sessionKey": entry["sessionKey"]})
        assert history["messages"][-1]["content"][0]["text"] == "All is well."
        disabled = await client.call("cron.update", {"id": added["id"], "patch": {"enabled": False}})
        assert "nextRunAtMs" not in disabled
        assert (await client.call("cron.list", {}))["total"] == 3
        stale = {"id": added["id"], "patch": {"name": "x"}, "expectedConfigRevision": "1"}
        with pytest.raises(Failed, match="changed since last load"):
            await client.call("cron.update", stale)
        assert (await client.call("cron.remove", {"id": added["id"]}))["removed"] is True
        with pytest.raises(Failed) as failed:
            await client.call("cron.get", {"id": added["id"]})
        assert failed.value.details["code"] == "CRON_JOB_NOT_FOUND"


async def test_config():
    """Base hashes, merge patches, sentinels that keep the secret, readable complaints."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        config = await client.call("config.get")
        assert config["config"]["gateway"]["auth"]["token"] == "__OPENCLAW_REDACTED__"
        assert "sim-token" not in config["raw"]
        with pytest.raises(Failed, match="config base hash required"):
            await client.call("config.patch", {"raw": "{}"})
        patch = {"raw": '{"logging":{"level":"debug"},"update":null}', "baseHash": config["hash"]}
        written = await client.call("config.patch", patch)
        assert written["changedPaths"] == ["logging.level", "update"]
        assert written["hash"] != config["hash"]
        assert (await client.until_event("config.changed"))["hash"] == written["hash"]
        with pytest.raises(Failed, match="config changed since last load"):
            await client.call("config.patch", patch)
        whole = (await client.call("config.get"))["raw"]
        await client.call("config.set", {"raw": whole, "baseHash": written["hash"]})
        assert gateway.world.config.parsed["gateway"]["auth"]["token"] == "sim-token"
        with pytest.raises(Failed, match="SyntaxError: JSON5"):
            await client.call("config.set", {"raw": "{", "baseHash": written["hash"]})
        with pytest.raises(Failed) as failed:
            await client.call("config.patch", {"raw": '{"gateway":{"port":0}}', "baseHash": written["hash"]})
        assert failed.value.details["issues"][0]["path"] == "gateway.port"


async def test_a_config_that_restarts_the_gateway():
    async with SimulatedGateway() as gateway:
        async with greeted(gateway.url) as client:
            config = await client.call("config.get")
            await client.call("config.patch", {"raw": '{"gateway":{"bind":"lan"}}', "baseHash": config["hash"]})
            assert await client.until_closed() == 1012
            assert client.of("shutdown")
        await gateway.wait_for(lambda: gateway._listener.is_open)
        async with greeted(gateway.url):
            pass


async def test_restart_on_request():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        assert (await client.call("gateway.restart.request", {"reason": "test"}))["status"] == "scheduled"
        assert await client.until_closed() == 1012


async def test_agents():
    now = [1_800_000_000_000]
    async with SimulatedGateway(now_ms=lambda: now[0]) as gateway, greeted(gateway.url) as client:
        made = await client.call("agents.create", {"name": "Helper Two", "emoji": "🤖"})
        assert made["agentId"] == "helper-two"
        names = [each["id"] for each in (await client.call("agents.list"))["agents"]]
        assert names == ["main"]
        now[0] += 500
        names = [each["id"] for each in (await client.call("agents.list"))["agents"]]
        assert names == ["main", "helper-two"]
        await client.until_event("config.changed")
        await client.call("agents.update", {"agentId": "helper-two", "name": "Helper"})
        assert (await client.call("agent.identity.get", {"agentId": "helper-two"}))["name"] == "Helper"
        await client.call("agents.files.set", {"agentId": "helper-two", "name": "SOUL.md", "content": "Kind."})
        file = await client.call("agents.files.get", {"agentId": "helper-two", "name": "SOUL.md"})
        assert file["file"]["content"] == "Kind."
        write = {"agentId": "helper-two", "name": "SOUL.md", "content": "Kinder."}
        await client.call("agents.files.set", {**write, "expectedHash": file["file"]["hash"]})
        with pytest.raises(Failed, match="changed since it was read") as failed:
            await client.call("agents.files.set", {**write, "expectedHash": file["file"]["hash"]})
        assert failed.value.details["type"] == "agent_file_conflict"
        await client.call("chat.send", {"sessionKey": "agent:helper-two:main", "message": "x", "idempotencyKey": "r"})
        assert (await client.call("agents.delete", {"agentId": "helper-two"}))["failed"] == []
        with pytest.raises(Failed, match="unknown agent id"):
            await client.call("agents.files.list", {"agentId": "helper-two"})


async def test_skills():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        await client.call("skills.update", {"skillKey": "notion", "apiKey": "secret-key"})
        await client.until_event("skills.changed")
        skills = {each["name"]: each for each in (await client.call("skills.status"))["skills"]}
        assert skills["notion"]["eligible"] is True
        assert "secret-key" not in str(skills)
        assert "secret-key" not in str(await client.call("config.get"))
        with pytest.raises(Failed) as failed:
            await client.call("skills.install", {"name": "github", "installId": "x"})
        assert (failed.value.code, failed.value.message) == ("UNAVAILABLE", "Installer not found: x")
        await client.call("skills.install", {"name": "github", "installId": "brew", "timeoutMs": 120_000})
        skills = {each["name"]: each for each in (await client.call("skills.status"))["skills"]}
        assert skills["github"]["eligible"] is True


async def test_channels():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        offered = await client.call("config.schema.lookup", {"path": "channels"})
        assert "discord" in [child["key"] for child in offered["children"]]
        base = (await client.call("config.get"))["hash"]
        await client.call("config.patch", {"raw": '{"channels":{"discord":{"token":"x"}}}', "baseHash": base})
        assert (await client.call("channels.status"))["channelLabels"] == {"discord": "Discord"}
        with pytest.raises(Failed, match=r"invalid channels\.start channel"):
            await client.call("channels.start", {"channel": "telegram"})
        configure(gateway.world, "telegram", label="Telegram")
        await client.call("channels.stop", {"channel": "telegram"})
        health = await client.until_event("health")
        assert health["channels"]["telegram"]["running"] is False
        assert (await client.call("web.login.start"))["qrDataUrl"].startswith("data:image/png")
        assert (await client.call("web.login.wait"))["connected"] is True
        assert "whatsapp" in (await client.call("channels.status"))["channelOrder"]


async def test_devices_and_nodes():
    key = Key()
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        gateway.admission.remote = True
        with pytest.raises(ExceptionGroup):
            async with greeted(gateway.url, key=key):
                pass
        asked = await client.until_event("device.pair.requested")
        pending = (await client.call("device.pair.list"))["pending"]
        assert pending[0]["requestId"] == asked["requestId"]
        approved = await client.call("device.pair.approve", {"requestId": asked["requestId"]})
        assert approved["device"]["deviceId"] == key.id
        assert (await client.until_event("device.pair.resolved"))["decision"] == "approved"
        await client.call("device.pair.rename", {"deviceId": key.id, "label": "Laptop"})
        assert (await client.call("device.pair.list"))["paired"][0]["displayName"] == "Laptop"
        before = gateway.devices.paired[key.id].token
        await client.call("device.token.rotate", {"deviceId": key.id, "role": "operator"})
        assert gateway.devices.paired[key.id].token != before
        await client.call("device.pair.remove", {"deviceId": key.id})
        node = (await client.call("node.list"))["nodes"][0]
        await client.call("node.rename", {"nodeId": node["nodeId"], "displayName": "Hall"})
        assert (await client.call("node.describe", {"nodeId": node["nodeId"]}))["displayName"] == "Hall"
        assert (node["connected"], node["approvalState"]) == (True, "approved")
        assert node["lastSeenAtMs"] == node["connectedAtMs"] == gateway.world.started_ms


async def test_a_paired_device_is_listed_while_it_is_connected_and_after() -> None:
    key = Key()
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        async with greeted(gateway.url, key=key, who=("cli", "cli")):
            [device] = (await client.call("device.pair.list"))["paired"]
            assert (device["deviceId"], device["connected"]) == (key.id, True)
        await gateway.wait_for(lambda: gateway.open_connections == 1)
        [device] = (await client.call("device.pair.list"))["paired"]
        assert device["connected"] is False
        assert device["lastSeenAtMs"] >= device["createdAtMs"] > 0


async def test_the_root_of_the_config_schema_has_no_hint() -> None:
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        root = await client.call("config.schema.lookup", {"path": "."})
        assert "hint" not in root
        assert {"label": "Gateway"}.items() <= root["children"][0]["hint"].items()


async def test_logs_follow_a_cursor():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        first = await client.call("logs.tail")
        assert first["reset"] is False
        gateway.world.log.write("warn", "cron", "late")
        more = await client.call("logs.tail", {"cursor": first["cursor"]})
        assert len(more["lines"]) == 1
        assert '"message":"late"' in more["lines"][0]
        gateway.world.log.rotate()
        assert (await client.call("logs.tail", {"cursor": more["cursor"]}))["reset"] is True


async def test_usage_counts_what_ran():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        with pytest.raises(Failed, match="No transcript found"):
            await client.call("sessions.usage.timeseries", {"key": MAIN})
        before = (await client.call("usage.cost", {"days": 1}))["totals"]["totalTokens"]
        gateway.next_chat(ChatScript(tools=[ToolCall()]))
        await client.call("chat.send", {"sessionKey": MAIN, "message": "x", "idempotencyKey": "r1"})
        await client.until_event("chat", state="final")
        assert (await client.call("usage.cost", {"days": 1}))["totals"]["totalTokens"] > before
        assert (await client.call("sessions.usage.timeseries", {"key": MAIN}))["points"]
        logs = (await client.call("sessions.usage.logs", {"key": MAIN}))["logs"]
        assert [(row["role"], row["content"].split("\n")[0]) for row in logs[:3]] == [
            ("user", "x"),
            ("assistant", "[Tool: exec]"),
            ("toolResult", "[Tool: exec]"),
        ]
        assert [row["role"] for row in logs if "tokens" in row] == ["assistant", "assistant"]
        with pytest.raises(Failed, match="unexpected property 'days'"):
            await client.call("sessions.usage", {"days": 7})


async def test_a_cron_time_that_passed_is_followed_by_the_next():
    """Nothing fires by itself, and no job's next run lies behind."""
    time_ms = 1_800_000_000_000
    at = {"kind": "at", "at": time_ms + 60_000}
    every = {"kind": "every", "everyMs": 90_000}
    async with SimulatedGateway(now_ms=lambda: time_ms) as gateway, greeted(gateway.url) as client:
        once, often = [gateway.world.cron.add({"name": str(n), "schedule": each}) for n, each in enumerate((at, every))]
        assert (once["nextRunAtMs"], often["nextRunAtMs"]) == (time_ms + 60_000, time_ms + 90_000)
        time_ms += 100_000

        listed = {job["id"]: job for job in (await client.call("cron.list"))["jobs"]}

        assert "nextRunAtMs" not in listed[once["id"]]
        assert listed[often["id"]]["state"]["nextRunAtMs"] == time_ms + 80_000
        assert (await client.call("cron.status"))["nextWakeAtMs"] == time_ms + 80_000
        time_ms += 90_000
        assert (await client.call("cron.get", {"id": often["id"]}))["nextRunAtMs"] == time_ms + 80_000


async def test_a_leaky_gateway_shows_its_token():
    """S1 is tested against this one."""
    async with (
        SimulatedGateway(token="top-secret", leaky=True) as gateway,
        greeted(gateway.url, token="top-secret") as client,
    ):
        for method in ("config.get", "logs.tail", "status"):
            assert "top-secret" in str(await client.call(method)), method


async def test_methods_of_ones_own():
    def quota(call):
        if call.params.get("fail"):
            raise RpcError("no more", code="UNAVAILABLE", retryable=True)
        return {"left": 3}

    async with SimulatedGateway() as gateway:
        gateway.custom_methods["acme.quota"] = quota
        async with greeted(gateway.url) as client:
            assert "acme.quota" in client.hello["features"]["methods"]
            assert await client.call("acme.quota") == {"left": 3}
            with pytest.raises(Failed) as failed:
                await client.call("acme.quota", {"fail": True})
            assert failed.value.error == {"code": "UNAVAILABLE", "message": "no more", "retryable": True}


async def test_emitting_and_recording():
    async with SimulatedGateway() as gateway, greeted(gateway.url) as one, greeted(gateway.url, scopes=ADMIN) as two:
        await gateway.wait_connected(2)
        assert await gateway.emit("health", {"ok": True}) == 2
        first = gateway.connections[0]
        assert await gateway.emit("custom", {"n": 1}, to=lambda each: each is first) == 1
        assert await gateway.emit_to_session("agent:main:MAIN", "chat", {"state": "final"}) == 2
        assert (await two.until_event("chat"))["sessionKey"] == MAIN
        await one.call("wake", {"mode": "now", "text": "up"})
        recorded = await gateway.wait_request("wake")
        assert (recorded.method, recorded.params["mode"]) == ("wake", "now")
        assert gateway.connects[0]["client"]["id"] == "gateway-client"
