"""launchers/config.py: what we write into a gateway's configuration, and what we leave alone."""

from __future__ import annotations

from pathlib import Path

from vestibule.launchers.config import ModelProvider, Wanted, merged, model_for, port_in, token_in

DEMO = ModelProvider("demo", "http://127.0.0.1:9/v1")


def wanted(**changes: object) -> Wanted:
    values = {"port": 18790, "token": "t0ken", "workspace": Path("/ws"), "log_file": Path("/log"), **changes}
    return Wanted(**values)  # type: ignore[arg-type]


def test_a_fresh_configuration_has_all_the_gateway_needs():
    config = merged(None, wanted(providers=[DEMO]))

    assert config["gateway"] == {
        "mode": "local",
        "bind": "loopback",
        "port": 18790,
        "auth": {"mode": "token", "token": "t0ken"},
    }
    assert config["agents"]["defaults"]["model"]["primary"] == "demo/demo"
    assert config["agents"]["defaults"]["workspace"] == "/ws"
    assert config["models"]["providers"]["demo"]["baseUrl"] == "http://127.0.0.1:9/v1"
    assert (token_in(config), port_in(config)) == ("t0ken", 18790)


def test_each_owner_gets_a_log_of_its_own():
    """By default all gateways of a host share one log, and `logs.tail` would show it to everybody."""
    assert merged({"logging": {"level": "debug"}}, wanted())["logging"] == {"level": "debug", "file": "/log"}


def test_what_the_owner_changed_stays():
    mine = {
        "agents": {"defaults": {"model": {"primary": "ollama/llama", "fallbacks": ["a/b"]}, "workspace": "/mine"}},
        "channels": {"telegram": {"enabled": True}},
        "gateway": {"controlUi": {"enabled": False}, "auth": {"rateLimit": {"maxAttempts": 3}}},
    }
    config = merged(mine, wanted(providers=[DEMO], model="openai/gpt-6-astra"))

    assert config["agents"] == mine["agents"]
    assert config["channels"] == mine["channels"]
    assert config["gateway"]["controlUi"] == {"enabled": False}
    assert config["gateway"]["auth"] == {"rateLimit": {"maxAttempts": 3}, "mode": "token", "token": "t0ken"}


def test_the_demo_model_moves_with_its_port():
    before = merged(None, wanted(providers=[DEMO]))
    after = merged(before, wanted(providers=[ModelProvider("demo", "http://127.0.0.1:10/v1")]))

    assert after["models"]["providers"]["demo"]["baseUrl"] == "http://127.0.0.1:10/v1"


def test_a_key_replaces_the_demo_model_and_its_absence_brings_it_back():
    demo = merged(None, wanted(providers=[DEMO]))
    real = merged(demo, wanted(model="anthropic/claude-opus-5"))
    again = merged(real, wanted(providers=[DEMO]))

    assert real["agents"]["defaults"]["model"]["primary"] == "anthropic/claude-opus-5"
    assert again["agents"]["defaults"]["model"]["primary"] == "demo/demo"


def test_an_openai_key_does_without_the_codex_plugin():
    models = merged(None, wanted(model="openai/gpt-6-astra"))["agents"]["defaults"]["models"]

    assert models == {"openai/gpt-6-astra": {"agentRuntime": {"id": "openclaw"}}}


def test_a_model_written_as_text_is_the_owners_choice_too():
    config = merged({"agents": {"defaults": {"model": "ollama/llama"}}}, wanted(providers=[DEMO]))

    assert config["agents"]["defaults"]["model"] == "ollama/llama"


def test_nothing_given_is_changed():
    mine = {"gateway": {"port": 1}}
    merged(mine, wanted())

    assert mine == {"gateway": {"port": 1}}


def test_a_token_that_is_a_reference_is_not_a_token():
    assert token_in({"gateway": {"auth": {"token": {"source": "env", "id": "T"}}}}) == ""
    assert token_in({"gateway": {"auth": {"token": "${T}"}}}) == ""
    assert token_in({"gateway": "?"}) == ""


def test_the_first_key_found_chooses_the_model():
    assert model_for({"OPENAI_API_KEY": "sk", "ANTHROPIC_API_KEY": ""}) == "openai/gpt-6-astra"
    assert model_for({"ANTHROPIC_API_KEY": "sk", "OPENAI_API_KEY": "sk"}) == "anthropic/claude-opus-5"
    assert model_for({}) == ""
