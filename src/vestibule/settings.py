"""Every setting once: name, type, default, help.

Read, strongest first, from command-line flags, environment (`VESTIBULE_<NAME>`), a TOML file
(`vestibule serve --config FILE`, or `$VESTIBULE_HOME/vestibule.toml`) and the defaults below.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from vestibule.errors import BadConfiguration

if TYPE_CHECKING:
    from collections.abc import Callable

KIB = 1024
MIB = 1024 * KIB


class Settings(BaseModel):
    """What an operator can set. Durations carry their unit in the name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # where
    home: Path = Field(Path("~/.vestibule"), description="State folder: database, keys, server.json.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8800, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    public_url: str = Field(
        "", description="Address people use, when a proxy stands in front (https://door.example.com)."
    )
    region: str = Field("local", description="What `container/status` reports as region.")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="`sqlite:///path`, `postgresql://...`, `file:///fleet.toml`, or `memory:` (nothing is kept); "
        "empty: SQLite in the state folder.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log line written."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="`auto`: console on a terminal, else JSON."
    )
    metrics: bool = Field(True, description="Serve Prometheus metrics at /metrics.")

    # who
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Key for tokens and sealed secrets (base64url, 32 bytes); empty: a file in the state folder.",
    )
    allowed_origins: tuple[str, ...] = Field(
        (),
        description="Browser origins allowed besides the door's own, with commas between; `*` allows all.",
    )
    token_ttl_s: int = Field(30 * 86_400, ge=1, description="Life of a bearer token.")
    ticket_ttl_s: int = Field(30, ge=1, description="Life of a single-use WebSocket ticket.")
    auth_check_interval_s: float = Field(
        2.0, gt=0, description="How often live connections are checked for expiry and removal."
    )

    # the edge
    edge: Literal["native", "asgi"] = Field(
        "native", description="`native`: picows; `asgi`: uvicorn's own WebSocket, slower."
    )
    max_message_bytes: int = Field(
        25 * MIB, ge=KIB, description="Largest message a client may send (OpenClaw's own limit is 25 MiB)."
    )
    max_connections: int = Field(15_000, ge=1, description="Clients per process; beyond it new ones are told 1013.")
    ping_interval_s: float = Field(
        30.0, gt=0, description="WebSocket ping to clients; two unanswered ones end the connection."
    )
    handshake_timeout_s: float = Field(
        10.0, gt=0, description="Upgrade and sign-in of a client, and connect of a gateway."
    )
    client_messages_per_s: float = Field(2_000, gt=0, description="Messages a client may send per second, sustained.")
    client_message_burst: int = Field(4_000, ge=1, description="Messages a client may send at once.")

    # the hub
    outbox_bytes: int = Field(
        4 * MIB, ge=64 * KIB, description="Unsent bytes kept for a slow client before it must resync."
    )
    slow_client_timeout_s: float = Field(
        20.0, gt=0, description="A client still full after this time is closed with 4008."
    )
    resume_tail_bytes: int = Field(
        2 * MIB, ge=0, description="Pushed frames kept per owner for clients that come back."
    )
    resume_tail_age_s: float = Field(300.0, ge=0, description="How long such frames are kept.")
    heartbeat_interval_s: float = Field(10.0, gt=0, description="`heartbeat` to a chat client whose run is silent.")

    # gateway connections
    rpc_timeout_s: float = Field(30.0, gt=0, description="Deadline of a call that names none.")
    max_rpc_timeout_s: float = Field(600.0, gt=0, description="Longest deadline a call may ask for.")
    run_timeout_s: float = Field(3_600.0, gt=0, description="How long the second answer of `agent` is waited for.")
    max_pending_calls: int = Field(1_024, ge=1, description="Calls in flight per owner.")
    max_pending_calls_per_client: int = Field(512, ge=1, description="Calls in flight per client.")
    max_queued_bytes: int = Field(
        32 * MIB, ge=KIB, description="Bytes of calls per owner that wait for the gateway to connect."
    )
    grace_s: float = Field(30.0, ge=0, description="Idle time before a gateway connection without clients is closed.")
    reconnect_base_s: float = Field(
        1.0, gt=0, description="First reconnect is drawn from 0 to this; it doubles from there."
    )
    reconnect_cap_s: float = Field(30.0, gt=0, description="Longest reconnect delay.")
    shutdown_timeout_s: float = Field(10.0, gt=0, description="Time for a graceful stop, everything included.")

    # `vestibule up`
    gateway_port: int = Field(0, ge=0, le=65535, description="Port of the child gateway; 0 picks a free one.")
    openclaw_version: str = Field("2026.9.6", description="OpenClaw version installed when none is on PATH.")
    cache_dir: Path | None = Field(None, description="Where OpenClaw is installed; empty: the user's cache folder.")

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    def model_post_init(self, _context: Any) -> None:
        """The state folder as an absolute path, whatever folder the process moves to."""
        object.__setattr__(self, "home", self.home.expanduser().absolute())


ENV_PREFIX = "VESTIBULE_"
FILE_NAME = "vestibule.toml"


def load(config: Path | None = None, **flags: Any) -> Settings:
    """The settings in force, from flags (None: not given), environment, file and defaults.

    The file is `config`, or the one in the state folder if there is one.
    Raises BadConfiguration that says which setting of which source is wrong, and what would be right.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    in_environment = {
        name: value for name in Settings.model_fields if (value := os.environ.get(f"{ENV_PREFIX}{name.upper()}"))
    }
    path = config if config is not None else _default_file(given)
    in_file = _read(path, required=config is not None)
    for name in in_file:
        if name not in Settings.model_fields:
            raise BadConfiguration(f"{path}: there is no setting {name!r}.", remedy=_remedy_unknown(name))

    def source(name: str) -> str:
        if name in given:
            return f"--{name.replace('_', '-')}"
        return f"{ENV_PREFIX}{name.upper()}" if name in in_environment else f"{path}: {name}"

    try:
        return Settings(**{**in_file, **in_environment, **given})
    except ValidationError as error:
        message, remedy = _wrong(error, source)
        raise BadConfiguration(message, remedy=remedy) from None


def _default_file(flags: dict[str, Any]) -> Path:
    home = flags.get("home") or os.environ.get(f"{ENV_PREFIX}HOME") or Settings.model_fields["home"].default
    return Path(home).expanduser() / FILE_NAME


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if not required:
            return {}
        raise BadConfiguration(f"There is no file {path}.", remedy="check the path given with --config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration(
            f"{path} is not TOML: {error}", remedy='write one `name = value` a line, text in "quotes"'
        ) from None
    except OSError as error:
        raise BadConfiguration(
            f"{path} cannot be read: {error.strerror}.", remedy="make it readable for this user"
        ) from None


def _remedy_unknown(name: str) -> str:
    close = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f"did you mean {close[0]!r}?" if close else "see `vestibule settings` for all of them"


def _wrong(error: ValidationError, source: Callable[[str], str]) -> tuple[str, str]:
    sentences, remedies = [], []
    for each in error.errors(include_url=False, include_context=False):
        name = str(each["loc"][0]) if each["loc"] else ""
        field = Settings.model_fields.get(name)
        if field is None:
            sentences.append(f"There is no setting {name!r}.")
            remedies.append(_remedy_unknown(name))
            continue
        got = "" if field.annotation is SecretStr else f", not {each['input']!r}"
        sentences.append(f"{source(name)}: {each['msg'].removeprefix('Input ').rstrip('.')}{got}.")
        remedies.append(f"{name}: {field.description}")
    return " ".join(sentences), " ".join(dict.fromkeys(remedies))
