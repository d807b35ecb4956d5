"""`config.*`: read redacted, write with a base hash."""

from __future__ import annotations

from typing import Any

from vestibule.testing.configfile import redacted
from vestibule.testing.methods import Call, method
from vestibule.testing.methods.channels import follow_config
from vestibule.testing.wire import JSON, RpcError
from vestibule.testing.world import payload

_RESTARTS = ("gateway.port", "gateway.bind", "gateway.auth", "gateway.mode")


@method("config.get")
def get(call: Call) -> JSON:
    """The file as written and as it is in effect."""
    return call.world.config.snapshot()


@method("config.patch")
def patch(call: Call) -> JSON:
    """Merge a JSON merge patch."""
    config = call.world.config
    config.check_base(call.method, call.params.get("baseHash"))
    return _written(call, config.patch(call.params["raw"]), sentinel=True)


@method("config.set")
def replace(call: Call) -> JSON:
    """Write the whole file."""
    config = call.world.config
    config.check_base(call.method, call.params.get("baseHash"))
    return _written(call, config.replace(call.params["raw"]), sentinel=False)


@method("config.apply")
def apply(call: Call) -> JSON:
    """Write the whole file and apply it."""
    config = call.world.config
    config.check_base(call.method, call.params.get("baseHash"))
    return _written(call, config.replace(call.params["raw"]), sentinel=True)


@method("config.schema")
def schema(call: Call) -> JSON:
    """The JSON schema with hints (2.1 MB at the real gateway)."""
    return {**payload("config_schema"), "version": call.gateway.version, "generatedAt": "2026-09-06T00:00:00.000Z"}


@method("config.schema.lookup")
def lookup(call: Call) -> JSON:
    """The schema of one path and its children."""
    path = call.text("path")
    everything = payload("config_schema")
    node: Any = everything["schema"]
    for part in [] if path in (".", "*") else path.split("."):
        properties = node.get("properties", {})
        node = properties.get(part) or node.get("additionalProperties")
        if not isinstance(node, dict):
            raise RpcError(f"config schema path not found: {path}")
    hints = everything["uiHints"]
    children = [
        {
            "key": name,
            "path": f"{path}.{name}" if path not in (".", "*") else name,
            "type": child.get("type"),
            "required": False,
            "hasChildren": "properties" in child,
            "hint": hints.get(f"{path}.{name}" if path not in (".", "*") else name),
        }
        for name, child in node.get("properties", {}).items()
    ]
    own = {name: value for name, value in node.items() if name != "properties"}
    answer: JSON = {"path": path, "schema": own, "reloadKind": _reload_kind(path), "children": children}
    return answer | ({"hint": hints[path]} if path in hints else {})


def _reload_kind(path: str) -> str:
    return "restart" if path.startswith(_RESTARTS) else "hot"


def _written(call: Call, changed: list[str], *, sentinel: bool) -> JSON:
    config = call.world.config
    follow_config(call.world)
    shown = config.parsed if call.gateway.leaky else redacted(config.parsed)
    answer: JSON = {"ok": True, "path": config.path, "hash": config.hash, "config": shown}
    if call.method == "config.patch":
        answer["changedPaths"] = changed
        answer["noop"] = not changed
    if sentinel:
        answer["sentinel"] = {"kind": call.method.replace(".", "-"), "status": "ok", "ts": call.gateway.now_ms()}
    if changed and call.gateway.protocol == 4:
        call.emit_after("config.changed", {"path": config.path, "hash": config.hash, "ts": call.gateway.now_ms()})
    if sentinel and any(_reload_kind(path) == "restart" for path in changed):
        call.after(lambda: call.gateway.spawn(call.gateway.restart(), "restart"))
    return answer
