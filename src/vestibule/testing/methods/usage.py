"""`usage.*` and `sessions.usage*`: tokens and cost, counted from the simulated runs plus a believable past."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

from vestibule.testing.methods import Call, method
from vestibule.testing.wire import JSON, RpcError

_RANGES = {"7d": 7, "30d": 30, "90d": 90, "1y": 365, "all": 365}


def _day(on: date, today: date, live: JSON) -> JSON:
    # A smooth, repeatable curve; weekends are quiet. Today holds what really ran here.
    number = on.toordinal()
    base = 0 if on == today else max(0, int(9_000 + 6_000 * math.sin(number / 3))) // (4 if on.weekday() > 4 else 1)
    tokens_in, tokens_out = (
        base * 3 + (live["input"] if on == today else 0),
        base + (live["output"] if on == today else 0),
    )
    cache = base * 2
    cost_in, cost_out = tokens_in * 1e-6, tokens_out * 2e-6
    return {
        "date": on.isoformat(),
        "input": tokens_in,
        "output": tokens_out,
        "cacheRead": cache,
        "cacheWrite": cache // 10,
        "totalTokens": tokens_in + tokens_out + cache + cache // 10,
        "totalCost": round(cost_in + cost_out, 6),
        "inputCost": round(cost_in, 6),
        "outputCost": round(cost_out, 6),
        "cacheReadCost": 0.0,
        "cacheWriteCost": 0.0,
        "missingCostEntries": 0,
    }


def _sum(rows: list[JSON]) -> JSON:
    names = [name for name in (rows[0] if rows else {}) if name != "date"]
    return {name: round(sum(row[name] for row in rows), 6) for name in names}


def _live(call: Call) -> JSON:
    rows = call.world.sessions.values()
    return {"input": sum(row["inputTokens"] for row in rows), "output": sum(row["outputTokens"] for row in rows)}


def _span(call: Call, days: int) -> tuple[date, date]:
    today = datetime.fromtimestamp(call.gateway.now_ms() / 1000, UTC).date()
    start, end = call.params.get("startDate"), call.params.get("endDate")
    try:
        last = date.fromisoformat(end) if end else today
        first = date.fromisoformat(start) if start else last - timedelta(days=days - 1)
    except ValueError as error:
        raise call.invalid(str(error)) from None
    return max(first, last - timedelta(days=730)), last


def _daily(call: Call, days: int) -> list[JSON]:
    first, last = _span(call, days)
    today, live = datetime.fromtimestamp(call.gateway.now_ms() / 1000, UTC).date(), _live(call)
    return [_day(first + timedelta(days=n), today, live) for n in range((last - first).days + 1)]


def _cache(call: Call) -> JSON:
    return {"status": "fresh", "pendingFiles": 0, "updatedAt": call.gateway.now_ms()}


@method("usage.cost")
def cost(call: Call) -> JSON:
    """Cost by day."""
    days = call.params.get("days", 30)
    if not isinstance(days, int) or days < 1:
        raise call.invalid("at /days: must be >= 1")
    daily = _daily(call, days)
    answer: JSON = {"updatedAt": call.gateway.now_ms(), "days": len(daily), "daily": daily, "totals": _sum(daily)}
    return answer | {"cacheStatus": _cache(call)}


@method("usage.status")
def status(call: Call) -> JSON:
    """What is left at the providers."""
    window = {"label": "5h", "usedPercent": 12, "resetAt": call.gateway.now_ms() + 9_000_000}
    provider = {"provider": "simulated", "displayName": "Simulated", "windows": [window], "plan": "demo"}
    return {"updatedAt": call.gateway.now_ms(), "providers": [provider]}


@method("sessions.usage")
def usage(call: Call) -> JSON:
    """Use by session, model, agent and day."""
    name = call.params.get("range", "30d")
    if name not in _RANGES:
        raise call.invalid("at /range: must be equal to one of the allowed values")
    daily = _daily(call, _RANGES[name])
    totals = _sum(daily)
    rows = call.world.sorted_sessions()
    if (agent_id := call.params.get("agentId")) is not None:
        rows = [row for row in rows if row["agentId"] == agent_id]
    sessions = [_session(row) for row in rows[: int(call.params.get("limit") or 50)]]
    by_agent = [{"agentId": agent_id, "totals": totals} for agent_id in ["main"]]
    latency = [{"date": row["date"], "count": 4, "avgMs": 820, "p95Ms": 1_900, "minMs": 310} for row in daily]
    counted = {"total": 12, "user": 6, "assistant": 6, "toolCalls": 2, "toolResults": 2, "errors": 0}
    aggregates: JSON = {
        "messages": counted,
        "tools": {"totalCalls": 2, "uniqueTools": 1, "tools": [{"name": "exec", "count": 2}]},
        "byModel": [{"provider": "simulated", "model": "sim-1", "count": 6, "totals": totals}],
        "byProvider": [{"provider": "simulated", "count": 6, "totals": totals}],
        "byAgent": by_agent,
        "byChannel": [{"channel": "webchat", "totals": totals}],
        "daily": [
            {"date": d["date"], "tokens": d["totalTokens"], "cost": d["totalCost"], "messages": 6} for d in daily
        ],
        "dailyLatency": latency,
    }
    answer: JSON = {"updatedAt": call.gateway.now_ms(), "startDate": daily[0]["date"], "endDate": daily[-1]["date"]}
    return answer | {"sessions": sessions, "totals": totals, "aggregates": aggregates, "cacheStatus": _cache(call)}


@method("sessions.usage.timeseries")
def timeseries(call: Call) -> JSON:
    """One session over time."""
    key = _transcribed(call)
    points: list[JSON] = []
    total = 0
    for message in call.world.transcript(key):
        if message["role"] == "assistant":
            total += 300
            point = {"timestamp": message["timestamp"], "input": 240, "output": 60, "cacheRead": 0, "cacheWrite": 0}
            points.append({**point, "totalTokens": 300, "cost": 0.00036, "cumulativeTokens": total})
    return {"sessionId": call.world.session(key)["sessionId"], "points": points}


@method("sessions.usage.logs")
def logs(call: Call) -> JSON:
    """One session message by message."""
    key = _transcribed(call)
    rows = [_log(each) for each in call.world.transcript(key)]
    return {"logs": rows[-int(call.params.get("limit") or 200) :]}


def _log(message: JSON) -> JSON:
    row = {"timestamp": message["timestamp"], "role": message["role"], "content": _text(message)[:2_000]}
    return row | ({"tokens": 300, "cost": 0.00036} if message["role"] == "assistant" else {})


def _text(message: JSON) -> str:
    parts = [f"[Tool: {message['toolName']}]", "[Tool Result]"] if message["role"] == "toolResult" else []
    for block in message["content"]:
        if block["type"] == "toolCall":
            parts.append(f"[Tool: {block['name']}]")
        elif block["type"] == "text":
            parts.append(block["text"])
    return "\n".join(parts)


def _transcribed(call: Call) -> str:
    key = call.world.normal_key(call.text("key"))
    if not call.world.transcript(key):
        raise RpcError(f"No transcript found for session: {key}")
    return key


def _session(row: JSON) -> JSON:
    used: dict[str, Any] = {
        "input": row["inputTokens"],
        "output": row["outputTokens"],
        "cacheRead": 0,
        "cacheWrite": 0,
        "totalTokens": row["totalTokens"],
        "totalCost": row["estimatedCostUsd"],
        "missingCostEntries": 0,
    }
    return {
        "key": row["key"],
        "label": row["label"],
        "sessionId": row["sessionId"],
        "updatedAt": row["updatedAt"],
        "agentId": row["agentId"],
        "channel": row["channel"],
        "modelProvider": row["modelProvider"],
        "model": row["model"],
        "usage": used,
    }
