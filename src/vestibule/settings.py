"""Every setting once: name, type, default, help.

Read, strongest first, from command-line flags, environment (`VESTIBULE_<NAME>`), a TOML file
(`vestibule serve --config FILE`, or `$VESTIBULE_HOME/vestibule.toml`) and the defaults below.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

KIB = 1024
MIB = 1024 * KIB


class Settings(BaseSettings):
    """What an operator can set. Durations carry their unit in the name."""

    model_config = SettingsConfigDict(env_prefix="VESTIBULE_", frozen=True, extra="forbid")
    toml_file: ClassVar[Path | None] = None

    # where
    home: Path = Field(Path("~/.vestibule"), description="State folder: database, keys, server.json.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8800, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    public_url: str = Field("", description="Address people use, when a proxy stands in front (https://door.example.com).")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="`sqlite:///path`, `postgresql://...` or `file:///fleet.toml`; empty: SQLite in the state folder.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe log line written.")
    log_format: Literal["auto", "console", "json"] = Field("auto", description="`auto`: console on a terminal, else JSON.")
    metrics: bool = Field(True, description="Serve Prometheus metrics at /metrics.")

    # who
    secret_key: SecretStr = Field(
        SecretStr(""), description="Key for tokens and sealed secrets (base64url, 32 bytes); empty: a file in the state folder."
    )
    allowed_origins: tuple[str, ...] = Field(
        (), description="Browser origins allowed besides the door's own (`https://app.example.com`); `*` allows all."
    )
    token_ttl_s: int = Field(30 * 86_400, ge=1, description="Life of a bearer token.")
    ticket_ttl_s: int = Field(30, ge=1, description="Life of a single-use WebSocket ticket.")
    auth_check_interval_s: float = Field(2.0, gt=0, description="How often live connections are checked for expiry and removal.")

    # the edge
    edge: Literal["native", "asgi"] = Field("native", description="`native`: picows; `asgi`: uvicorn's own WebSocket, slower.")
    max_message_bytes: int = Field(25 * MIB, ge=KIB, description="Largest message a client may send (OpenClaw's own limit is 25 MiB).")
    max_connections: int = Field(15_000, ge=1, description="Clients per process; beyond it new ones are told 1013.")
    ping_interval_s: float = Field(30.0, gt=0, description="WebSocket ping to clients; two unanswered ones end the connection.")
    handshake_timeout_s: float = Field(10.0, gt=0, description="Upgrade and sign-in of a client, and connect of a gateway.")
    client_messages_per_s: float = Field(2_000, gt=0, description="Messages a client may send per second, sustained.")
    client_message_burst: int = Field(4_000, ge=1, description="Messages a client may send at once.")

    # the hub
    outbox_bytes: int = Field(4 * MIB, ge=64 * KIB, description="Unsent bytes kept for a slow client before it must resync.")
    slow_client_timeout_s: float = Field(20.0, gt=0, description="A client still full after this time is closed with 4008.")
    resume_tail_bytes: int = Field(2 * MIB, ge=0, description="Pushed frames kept per owner for clients that come back.")
    resume_tail_age_s: float = Field(300.0, ge=0, description="How long such frames are kept.")
    heartbeat_interval_s: float = Field(10.0, gt=0, description="`heartbeat` to a chat client whose run is silent.")

    # gateway connections
    rpc_timeout_s: float = Field(30.0, gt=0, description="Deadline of a call that names none.")
    max_rpc_timeout_s: float = Field(600.0, gt=0, description="Longest deadline a call may ask for.")
    run_timeout_s: float = Field(3_600.0, gt=0, description="How long the second answer of `agent` is waited for.")
    max_pending_calls: int = Field(1_024, ge=1, description="Calls in flight per owner.")
    max_pending_calls_per_client: int = Field(512, ge=1, description="Calls in flight per client.")
    max_queued_bytes: int = Field(32 * MIB, ge=KIB, description="Bytes of calls per owner that wait for the gateway to connect.")
    grace_s: float = Field(30.0, ge=0, description="Idle time before a gateway connection without clients is closed.")
    reconnect_base_s: float = Field(1.0, gt=0, description="First reconnect is drawn from 0 to this; it doubles from there.")
    reconnect_cap_s: float = Field(30.0, gt=0, description="Longest reconnect delay.")
    shutdown_timeout_s: float = Field(10.0, gt=0, description="Time for a graceful stop, everything included.")

    # `vestibule up`
    gateway_port: int = Field(0, ge=0, le=65535, description="Port of the child gateway; 0 picks a free one.")
    openclaw_version: str = Field("2026.9.6", description="OpenClaw version installed when none is on PATH.")
    cache_dir: Path | None = Field(None, description="Where OpenClaw is installed; empty: the user's cache folder.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, cls.toml_file)

    def model_post_init(self, _context: Any) -> None:
        object.__setattr__(self, "home", self.home.expanduser().absolute())
