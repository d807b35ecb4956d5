"""Write protocol/methods.json: which scope each gateway method needs, from OpenClaw's published schema.

    python tools/gen_methods.py openclaw-gateway-protocol-2026.9.1.tgz      (or its protocol.schema.json)

With `--check` it writes nothing and says by its exit code whether the committed file is what it would write.
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

PRODUCT = Path(__file__).parent.parent / "src" / "vestibule" / "protocol" / "methods.json"

# Answered by gateways, but missing from `features.methods` of their hello: seen on 2026.3.13 (wire 3) and 2026.9.6
# (wire 4). The schema does not say it; `connect` and methods for nodes are left out, the door never calls them.
UNLISTED = {
    "3": [
        "chat.inject",
        "poll",
        "push.test",
        "sessions.get",
        "sessions.resolve",
        "sessions.usage",
        "sessions.usage.logs",
        "sessions.usage.timeseries",
        "web.login.start",
        "web.login.wait",
    ],
    "4": [
        "assistant.media.get",
        "chat.inject",
        "config.openFile",
        "device.pair.setupCode",
        "device.pair.setupStatus",
        "nativeHook.invoke",
        "poll",
        "push.test",
        "push.web.subscribe",
        "push.web.test",
        "push.web.unsubscribe",
        "push.web.vapidPublicKey",
        "sessions.get",
        "sessions.resolve",
        "sessions.steer",
        "sessions.usage",
        "sessions.usage.logs",
        "sessions.usage.timeseries",
        "web.login.start",
        "web.login.wait",
    ],
}


def read_schema(path: Path) -> tuple[dict[str, Any], str]:
    """The schema and the version of the package it comes from."""
    if path.suffix == ".json":
        return json.loads(path.read_text()), ""
    with tarfile.open(path) as package:
        members = {name: package.extractfile(f"package/{name}") for name in ("protocol.schema.json", "package.json")}
        schema, manifest = (json.load(file) for file in members.values() if file)
    return schema, f"{manifest['name']} {manifest['version']}"


def table(schema: dict[str, Any], source: str) -> dict[str, Any]:
    """What the product carries."""
    scopes: dict[str, list[str]] = {}
    for method, about in schema["methods"].items():
        scopes.setdefault(about["scope"], []).append(method)
    return {
        "source": source,
        "scopes": {scope: sorted(methods) for scope, methods in sorted(scopes.items())},
        "unlisted": UNLISTED,
    }


def main() -> int:
    """Write or check."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("schema", type=Path, help="the package's tarball or its protocol.schema.json")
    arguments.add_argument("--source", help="package and version, when a bare schema does not say it")
    arguments.add_argument("--check", action="store_true", help="only compare")
    given = arguments.parse_args()
    schema, source = read_schema(given.schema)
    written = json.dumps(table(schema, given.source or source), indent=1) + "\n"
    if given.check:
        return int(PRODUCT.read_text() != written)
    PRODUCT.write_text(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
