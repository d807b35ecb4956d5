from __future__ import annotations

import json

import pytest

from vestibule.policy.paths import hide_host, hide_nested_paths, hide_paths


@pytest.mark.parametrize(
    "path", ["/home/alice/.openclaw", "~/x", "C:\\Users\\alice", "C:/x", "\\\\server\\share", "file:///x", '/a"b\\c']
)
@pytest.mark.parametrize(
    "name",
    [
        "path",
        "workspace",
        "workspaceDir",
        "filePath",
        "baseDir",
        "stateDir",
        "configPath",
        "file",
        "cwd",
        "sessionFile",
        "diskPath",
    ],
)
def test_paths_are_hidden_by_the_names_of_their_fields(name: str, path: str) -> None:
    """Panels' rule 5: wherever they are nested."""
    body = json.dumps({"a": [{name: path, "n": 1.5}]}).encode()
    assert json.loads(hide_paths(body)) == {"a": [{name: "(hidden)", "n": 1.5}]}


def test_lists_of_paths_are_hidden() -> None:
    """Item by item."""
    body = b'{"allowedPaths": ["/a/b", "relative", "~/c"], "commands": ["/a", "/b"], "extraDirs":[ "/x" ]}'
    assert hide_paths(body) == (
        b'{"allowedPaths": ["(hidden)", "relative", "(hidden)"], "commands": ["/a", "/b"], "extraDirs":[ "(hidden)" ]}'
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"path":"gateway.auth","file":{"version":1},"workspace":null,"cwd":"","dir":7}',
        b'{"text":"see /home/alice/x","url":"/api/v1","urlPath":"/a","wsPath":"/b","webhookPath":"/c","httpPath":"/d"}',
        b'{"command":"/start","profile":"/x","pathology":"/x"}',
        b'{"content":"{\\"path\\":\\"/home/alice\\"}"}',
        b'{"a":"\\"path\\":","b":"/x"}',
        b'["path","/x"]',
        b'{"n":1.50,"e":1E5,"u":"\\u00e9"}',
        b"",
    ],
)
def test_everything_else_stays_byte_for_byte(body: bytes) -> None:
    """A config path is no host path, and a text that mentions one is a text."""
    assert hide_paths(body) == body


def test_paths_in_json_inside_strings_are_hidden() -> None:
    """A config's source as it was written, and log lines."""
    raw = "{\n  \"workspace\": \"/home/alice/ws\", stateDir :\n '/srv/x', // it's\n path: 'gateway.auth' }"
    line = json.dumps({"msg": "started", "file": "/tmp/openclaw/a.log", "inner": json.dumps({"cwd": "C:\\x"})})
    hidden = json.loads(hide_nested_paths(json.dumps({"raw": raw, "lines": [line]}).encode()))

    assert hidden["raw"] == raw.replace("/home/alice/ws", "(hidden)").replace("/srv/x", "(hidden)")
    inner = json.loads(hidden["lines"][0])
    assert inner["file"] == "(hidden)"
    assert json.loads(inner["inner"]) == {"cwd": "(hidden)"}
    assert inner["msg"] == "started"


def test_the_host_is_hidden() -> None:
    """Its names and addresses; not what runs on it."""
    body = (
        b'[{"host":"box","ip":"10.0.0.5","text":"Node: box (10.0.0.5)","v":"1","hostname":"b\\"x","machineName": "m"}]'
    )
    assert json.loads(hide_host(body)) == [
        {
            "host": "(hidden)",
            "ip": "(hidden)",
            "text": "(hidden)",
            "v": "1",
            "hostname": "(hidden)",
            "machineName": "(hidden)",
        }
    ]
