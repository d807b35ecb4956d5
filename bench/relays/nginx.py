"""nginx as a transparent WebSocket proxy: near the least that passing bytes on can cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.log warn;
worker_rlimit_nofile 20000;
events {{ worker_connections 20000; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://127.0.0.1:{gateway_port};
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_read_timeout 1h;
        }}
    }}
}}
"""


def command(program: str, folder: Path, *, port: int, gateway_port: int) -> list[str]:
    """How to start it; its configuration is written into `folder`."""
    path = folder / "nginx.conf"
    path.write_text(_CONFIGURATION.format(folder=folder, port=port, gateway_port=gateway_port))
    return [program, "-c", str(path), "-p", str(folder), "-e", str(folder / "nginx-errors.log")]
