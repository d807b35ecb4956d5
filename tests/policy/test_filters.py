from __future__ import annotations

import json

import pytest

from vestibule.model import Principal, Role
from vestibule.policy import filter_for, scopes_of

VIEWER, OPERATOR, ADMIN = (Principal("m", "o", role, scopes_of(role)) for role in Role)
TOKEN = "gateway-shared-token"
SECRETS = (TOKEN, "", "device-token-1")
HEAD = b',"ok":true,"payload":'


@pytest.mark.parametrize(
    "method", ["chat.history", "chat.send", "agent", "sessions.preview", "sessions.subscribe", "usage.cost", "x.y"]
)
def test_conversations_are_not_looked_into(method: str) -> None:
    """What people and agents say goes through untouched."""
    for principal in (VIEWER, OPERATOR, ADMIN):
        assert filter_for(method, principal, lambda: SECRETS) is None


@pytest.mark.parametrize(
    "method",
    [
        "config.get", "config.set", "config.patch", "config.apply", "config.schema", "config.schema.lookup",
        "logs.tail", "exec.approvals.get", "status", "system.info", "agents.list", "skills.status", "cron.status",
        "sessions.list", "health", "system-presence",
    ],
)  # fmt: skip
def test_no_answer_about_the_gateway_contains_its_secrets(method: str) -> None:
    """S1: for nobody, admins included, in values, texts, JSON in JSON and errors."""
    payload = {
        "auth": {"token": TOKEN},
        "raw": json.dumps({"t": TOKEN}),
        "lines": [json.dumps({"m": f"?token={TOKEN}"})],
        "n": 1,
    }
    for principal in (VIEWER, OPERATOR, ADMIN):
        rewrite = filter_for(method, principal, lambda: SECRETS)
        assert rewrite is not None
        for body in (
            HEAD + json.dumps(payload).encode() + b"}",
            b',"ok":false,"error":{"code":"X","message":"bad token device-token-1"}}',
        ):
            rewritten = rewrite(body)
            assert TOKEN.encode() not in rewritten
            assert b"device-token-1" not in rewritten
            frame = json.loads(b'{"id":"1"' + rewritten)
            assert frame["ok"] is body.startswith(HEAD)


def test_admins_see_paths_and_others_do_not() -> None:
    """Panels' rule 5."""
    body = HEAD + b'{"path":"/home/alice/openclaw.json","raw":"{workspace: \'/home/alice/ws\'}","hash":"h"}}'
    admin, viewer = filter_for("config.get", ADMIN, lambda: SECRETS), filter_for("config.get", VIEWER, lambda: SECRETS)
    assert admin is not None
    assert viewer is not None
    assert admin(body) is body
    assert viewer(body) == HEAD + b'{"path":"(hidden)","raw":"{workspace: \'(hidden)\'}","hash":"h"}}'


def test_the_host_is_hidden_from_others() -> None:
    """In the two methods that tell of it; the schema has no paths of a host."""
    info = HEAD + b'{"hostname":"box","lanAddress":"10.0.0.5","diskPath":"/home/x","uptimeMs":5}}'
    viewer, admin = filter_for("system.info", VIEWER, tuple), filter_for("system.info", ADMIN, tuple)
    assert viewer is not None
    assert viewer(info) == HEAD + b'{"hostname":"(hidden)","lanAddress":"(hidden)","diskPath":"(hidden)","uptimeMs":5}}'
    assert admin is not None
    assert admin(info) is info
    schema = filter_for("config.schema", VIEWER, tuple)
    assert schema is not None
    assert schema(info) is info


def test_secrets_that_become_known_after_the_call_went_up() -> None:
    """S1: the first call of all is made before the gateway's token has been looked up."""
    known: list[str] = []
    rewrite = filter_for("config.get", ADMIN, lambda: known)
    known.append(TOKEN)
    assert rewrite is not None
    assert TOKEN.encode() not in rewrite(HEAD + b'{"token":"%s"}}' % TOKEN.encode())


def test_a_secret_named_like_the_frame_leaves_the_frame_alone() -> None:
    """A password may be the word payload."""
    rewrite = filter_for("status", ADMIN, lambda: ("payload",))
    assert rewrite is not None
    assert rewrite(HEAD + b'{"a":"payload"}}') == HEAD + b'{"a":"__OPENCLAW_REDACTED__"}}'


def test_a_body_of_another_shape_is_filtered_all_the_same() -> None:
    """An older gateway may order its fields otherwise."""
    rewrite = filter_for("status", ADMIN, lambda: SECRETS)
    assert rewrite is not None
    assert rewrite(b',"payload":"%s","ok":true}' % TOKEN.encode()) == b',"payload":"__OPENCLAW_REDACTED__","ok":true}'


def test_what_has_nothing_to_hide_comes_back_itself() -> None:
    """Byte for byte, numbers included."""
    body = HEAD + b'{"ok":true,"n":1.50,"big":12345678901234567890,"text":"\\u00e9 /home/x"}}'
    rewrite = filter_for("health", VIEWER, lambda: SECRETS)
    assert rewrite is not None
    assert rewrite(body) is body
