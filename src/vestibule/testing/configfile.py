"""The config file of the simulated gateway: hash-guarded writes, merge patches, redacted reads.

Nothing touches the disk. With `leaky` the secrets are shown, so that a door's scrubbing can be tested.
"""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from vestibule.testing.wire import JSON, REDACTED, RpcError

_SECRET_KEYS = frozenset({"token", "password", "apikey", "bottoken", "secret", "apptoken", "signingsecret"})


class ConfigFile:
    """One config with its hash."""

    def __init__(self, parsed: JSON, *, path: str, leaky: bool, salt: str) -> None:
        self.parsed = parsed
        self.path = path
        self.exists = True
        self._leaky = leaky
        self._salt = salt

    @property
    def hash(self) -> str:
        """Changes with every change of the content."""
        content = self._salt + json.dumps(self.parsed, sort_keys=True)
        return "hmac-sha256:v1:" + hashlib.sha256(content.encode()).hexdigest()

    def snapshot(self) -> JSON:
        """The answer of `config.get`."""
        shown = self.parsed if self._leaky else redacted(self.parsed)
        answer: JSON = {
            "path": self.path,
            "exists": self.exists,
            "raw": None,
            "valid": True,
            "issues": [],
            "warnings": [],
        }
        if self.exists:
            answer["raw"] = json.dumps(shown, indent=2) + "\n"
        for name in ("parsed", "sourceConfig", "resolved", "runtimeConfig", "config"):
            answer[name] = copy.deepcopy(shown)
        answer |= {"hash": self.hash, "configRevisionHash": self.hash, "appliedConfigHash": self.hash}
        return answer

    def check_base(self, method: str, base_hash: Any) -> None:
        """Refuse writes that do not say, or do not know, what they change."""
        if not self.exists:
            return
        if not isinstance(base_hash, str) or not base_hash:
            raise RpcError(f"config base hash required for {method}; re-run config.get and retry")
        if base_hash != self.hash:
            raise RpcError("config changed since last load; re-run config.get and retry")

    def replace(self, raw: str) -> list[str]:
        """The whole file; the paths that changed."""
        new = parse(raw)
        return self._put(restored(new, self.parsed))

    def patch(self, raw: str) -> list[str]:
        """A JSON merge patch; the paths that changed."""
        return self._put(merged(self.parsed, restored(parse(raw), self.parsed)))

    def _put(self, new: JSON) -> list[str]:
        issues = problems(new)
        if issues:
            raise RpcError(f"invalid config: {issues[0]['message']}", details={"issues": issues})
        changed = sorted(changed_paths(self.parsed, new))
        self.parsed = new
        self.exists = True
        return changed


def parse(raw: Any) -> JSON:
    """The object in `raw`, or the gateway's complaint."""
    if not isinstance(raw, str):
        raise RpcError("raw must be a string")
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise RpcError(f"SyntaxError: JSON5: {error}") from None
    if not isinstance(value, dict):
        raise RpcError("config must be an object")
    return value


def problems(config: JSON) -> list[JSON]:
    """Schema violations, for a few fields panels edit."""
    found: list[JSON] = []
    gateway = config.get("gateway", {})
    if not isinstance(gateway, dict):
        return [{"path": "gateway", "message": "gateway: expected object"}]
    port = gateway.get("port", 1)
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65_536:
        found.append({"path": "gateway.port", "message": "gateway.port: expected integer between 1 and 65535"})
    known = {"gateway", "models", "agents", "channels", "tools", "logging", "update", "cron", "skills", "plugins",
             "messages", "session", "bindings", "hooks", "env", "meta", "wizard", "browser", "ui", "auth", "audio",
             "commands", "approvals", "talk", "secrets", "memory", "mcp", "diagnostics", "discovery"}  # fmt: skip
    found += [
        {"path": key, "message": f"{key}: unrecognized key"} for key in config if key not in known and key[:1] != "$"
    ]
    return found


def merged(base: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = copy.deepcopy(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def redacted(value: Any) -> Any:
    """A copy with the sentinel in place of every secret."""
    if isinstance(value, dict):
        return {
            key: REDACTED if key.lower() in _SECRET_KEYS and isinstance(inner, str) else redacted(inner)
            for key, inner in value.items()
        }
    return [redacted(each) for each in value] if isinstance(value, list) else value


def restored(new: Any, old: Any) -> Any:
    """A copy of `new` with stored secrets where it has the sentinel."""
    if isinstance(new, dict):
        before = old if isinstance(old, dict) else {}
        return {
            key: before.get(key, inner) if inner == REDACTED else restored(inner, before.get(key))
            for key, inner in new.items()
        }
    return [restored(each, None) for each in new] if isinstance(new, list) else new


def changed_paths(old: Any, new: Any, prefix: str = "") -> set[str]:
    """Dotted paths whose values differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        found: set[str] = set()
        for key in old.keys() | new.keys():
            if old.get(key) != new.get(key):
                found |= changed_paths(old.get(key), new.get(key), f"{prefix}.{key}" if prefix else key)
        return found
    return {prefix}
