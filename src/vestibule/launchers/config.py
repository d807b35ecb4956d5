"""The configuration a gateway of ours needs, written into whatever its owner made of it.

Pure: dictionaries in, dictionary out. What the owner changed stays, except the few keys without
which the door could not reach the gateway.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Config = dict[str, Any]

DEMO_KEY = "vestibule-demo"
"""The API key of providers we add ourselves: by it we know them again and may change them."""

MODEL_OF_KEY = {
    "ANTHROPIC_API_KEY": "anthropic/claude-opus-5",
    "OPENAI_API_KEY": "openai/gpt-6-astra",
}
"""The model OpenClaw's own set-up chooses for a key (its docs, `providers/`); the first key found wins.

OpenClaw reads the key itself from its environment: it never goes into a file.
"""


@dataclass(frozen=True, slots=True)
class ModelProvider:
    """A model server that speaks OpenAI's chat completions."""

    name: str
    base_url: str
    """With `/v1`."""
    models: tuple[str, ...] = ("demo",)
    api_key: str = DEMO_KEY

    def entry(self) -> Config:
        """Its place under `models.providers`."""
        free = {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0}
        return {
            "baseUrl": self.base_url,
            "apiKey": self.api_key,
            "api": "openai-completions",
            "models": [
                {
                    "id": model,
                    "name": model,
                    "reasoning": True,  # lets a thinking model show its thoughts; others are not hurt
                    "input": ["text"],
                    "contextWindow": 128_000,
                    "maxTokens": 4096,
                    "cost": free,
                }
                for model in self.models
            ],
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one start of a gateway needs to find in its configuration."""

    port: int
    token: str
    workspace: Path
    log_file: Path
    providers: Sequence[ModelProvider] = ()
    """Servers to offer; the first one's first model is the default where no API key chooses another."""
    model: str = ""
    """`provider/model` chosen by an API key in the environment."""
    quiet: bool = False
    """Nothing the gateway would do of its own accord: for tests."""
    fresh: Config = field(default_factory=dict)
    """What a new configuration has besides."""


def model_for(environ: Mapping[str, str]) -> str:
    """The model that an API key in the environment stands for, or an empty text."""
    return next((model for key, model in MODEL_OF_KEY.items() if environ.get(key)), "")


def token_in(config: Config) -> str:
    """The gateway's token as its configuration has it, or an empty text."""
    token = _at(config, "gateway", "auth").get("token")
    return token if isinstance(token, str) and "${" not in token else ""


def port_in(config: Config) -> int:
    """The port as the configuration has it, or 0."""
    port = _at(config, "gateway").get("port")
    return port if isinstance(port, int) else 0


def merged(existing: Config | None, wanted: Wanted) -> Config:
    """`existing` with what is wanted in it; a fresh configuration if there is none."""
    config = copy.deepcopy(existing) if existing is not None else _fresh(wanted)
    gateway = _section(config, "gateway")
    gateway.update(mode="local", bind="loopback", port=wanted.port)
    _section(gateway, "auth").update(mode="token", token=wanted.token)
    # All gateways of a host share one log by default, and `logs.tail` would show one owner's lines to another.
    _section(config, "logging")["file"] = str(wanted.log_file)
    _choose_model(config, wanted)
    return config


def _fresh(wanted: Wanted) -> Config:
    config: Config = copy.deepcopy(wanted.fresh)
    defaults = _section(_section(config, "agents"), "defaults")
    defaults["workspace"] = str(wanted.workspace)
    if wanted.quiet or not wanted.model:
        # A demo model can neither be introduced to its owner nor have anything to do on a heartbeat.
        defaults.update(skipBootstrap=True, heartbeat={"every": "0m"})
    if wanted.quiet:
        _section(config, "models")["mode"] = "replace"
        _section(config, "update")["checkOnStart"] = False
    return config


def _choose_model(config: Config, wanted: Wanted) -> None:
    ours = {
        name
        for name, provider in _at(config, "models", "providers").items()
        if isinstance(provider, dict) and provider.get("apiKey") == DEMO_KEY
    }
    if wanted.providers:
        providers = _section(_section(config, "models"), "providers")
        providers.update({provider.name: provider.entry() for provider in wanted.providers})
    defaults = _section(_section(config, "agents"), "defaults")
    model = defaults.get("model")
    chosen = model.get("primary", "") if isinstance(model, dict) else model or ""
    if chosen and chosen.partition("/")[0] not in ours and chosen not in MODEL_OF_KEY.values():
        return  # the owner's own choice
    first = wanted.providers[0] if wanted.providers else None
    if primary := wanted.model or (f"{first.name}/{first.models[0]}" if first else ""):
        _section(defaults, "model")["primary"] = primary
        if primary == MODEL_OF_KEY["OPENAI_API_KEY"]:
            # Left to itself OpenClaw picks the Codex runtime for this model, a plugin that is fetched and
            # signed in to on its own; the key only needs the runtime that is built in.
            _section(_section(defaults, "models"), primary).setdefault("agentRuntime", {"id": "openclaw"})


def _at(config: Config, *path: str) -> Config:
    for key in path:
        config = config.get(key, {}) if isinstance(config, dict) else {}
    return config if isinstance(config, dict) else {}


def _section(config: Config, key: str) -> Config:
    if not isinstance(config.get(key), dict):
        config[key] = {}
    section: Config = config[key]
    return section
