"""The front end talks over the one socket."""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
FOLDERS = (WEB / "app" / "src", WEB / "packages" / "client" / "src", WEB / "packages" / "react" / "src")
ASKS = re.compile(r"\bfetch\s*\(|XMLHttpRequest|sendBeacon|EventSource|axios")
ALLOWED = {"api/v1/container/status", "api/v1/ws/ticket"}
"""The service's data, and the single-use ticket for the socket."""


def sources() -> list[Path]:
    found = [path for folder in FOLDERS for path in folder.rglob("*.ts*")]
    return [path for path in found if ".test." not in path.name and "testing" not in path.parts]


def test_there_is_no_http_rpc_in_the_front_end() -> None:
    """Only the two addresses that the design names are asked over HTTP; a panel asks none."""
    asking = [path for path in sources() if ASKS.search(path.read_text())]
    addresses = {address for path in asking for address in re.findall(r"api/v1/[\w/-]+", path.read_text())}
    assert asking, "the search finds what is there"
    assert addresses <= ALLOWED
    assert not [path for path in asking if "panels" in path.parts or "chat" in path.parts]
    assert not [path for path in sources() if "container/rpc" in path.read_text()]
