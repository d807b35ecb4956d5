"""A program that starts, answers /readyz and ends as a gateway would: for the launcher's own tests.

    python fakegateway.py [bad-config | crash | never-ready | stubborn] gateway

It reads its port where OpenClaw does, starts a helper process as OpenClaw does, and is ready in no time.
"""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

behaviour = sys.argv[1]
state = Path(os.environ["OPENCLAW_STATE_DIR"])
config = json.loads((state / "openclaw.json").read_text())
(state / "environment.json").write_text(json.dumps(dict(os.environ)))

if behaviour == "bad-config":
    print("Config invalid: models: Unrecognized key", flush=True)
    sys.exit(78)
if behaviour == "crash":
    print("cannot find module", flush=True)
    sys.exit(1)


class Probe(http.server.BaseHTTPRequestHandler):
    """GET /readyz."""

    def do_GET(self) -> None:
        ready = behaviour != "never-ready"
        body = json.dumps({"ready": ready}, separators=(",", ":")).encode()
        self.send_response(200 if ready else 503)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def end(_signal: int, _frame: FrameType | None) -> None:
    if behaviour != "stubborn":
        print("shutting down", flush=True)
        os._exit(0)


signal.signal(signal.SIGTERM, end)
helper = subprocess.Popen([sys.executable, "-c", "import signal; signal.signal(15, signal.SIG_IGN); signal.pause()"])
(state / "helper.pid").write_text(str(helper.pid))
http.server.HTTPServer(("127.0.0.1", config["gateway"]["port"]), Probe).serve_forever()
