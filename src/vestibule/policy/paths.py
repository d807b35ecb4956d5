"""Hide where things lie on the gateway's host: paths by the names of their fields, host name and addresses.

Changes no other byte, decodes nothing, and leaves alone what only looks like a path inside a text.
"""

from __future__ import annotations

import re

HIDDEN = b"(hidden)"

_OF_A_PATH = re.compile(
    rb"(?!url|ws|webhook|http|\w*profile)\w*(?:path|dir|file|root|cwd|workspace|home|storekey)", re.IGNORECASE
)
_OF_PATHS = re.compile(rb"(?!\w*profile)\w*(?:paths|dirs|files|roots|workspaces)", re.IGNORECASE)
"""Names of fields; `urlPath` and its like are addresses of the web, not of the host."""

_PATH = rb"(?:/|~[/\\]|[A-Za-z]:[/\\]|\\\\|file:)"
_REST = rb'[^"\\]*+(?:\\.[^"\\]*+)*+'
_VALUE = re.compile(rb'"' + _PATH + _REST + rb'"', re.DOTALL)
_NESTED_VALUE = re.compile(rb"(\\++\"|')" + _PATH + rb"[^\"'\\]*+(?:\\++[^\"'\\][^\"'\\]*+)*+\1")
_LIST = re.compile(rb'\[\s*+"' + _PATH + rb"[^\[\]{}]*+\]")
_HOST = re.compile(rb'("(?:host|hostname|machineName|ip|lanAddress|text)"\s*+:\s*+")' + _REST + rb'(?=")', re.DOTALL)

_NAME = re.compile(rb'"(\w+)"\s*:\s*\Z')
_NESTED_NAME = re.compile(rb"(?<![\w.])(\w+)(?:\\*[\"'])?(?:\s|\\+[nrt])*:(?:\s|\\+[nrt])*\Z")
"""What stands before a value, in JSON and in JSON or JSON5 inside a string."""
_LONGEST_NAME = 100


def hide_paths(text: bytes) -> bytes:
    """`text` with the values of its path fields hidden."""
    text = _VALUE.sub(lambda found: b'"' + HIDDEN + b'"' if _stands_in(found, _NAME, _OF_A_PATH) else found[0], text)
    return _LIST.sub(
        lambda found: _VALUE.sub(b'"' + HIDDEN + b'"', found[0]) if _stands_in(found, _NAME, _OF_PATHS) else found[0],
        text,
    )


def hide_nested_paths(text: bytes) -> bytes:
    """The same for JSON and JSON5 that stands inside strings: a config's source, log lines."""
    return _NESTED_VALUE.sub(
        lambda found: found[1] + HIDDEN + found[1] if _stands_in(found, _NESTED_NAME, _OF_A_PATH) else found[0], text
    )


def hide_host(text: bytes) -> bytes:
    """`text` with the names and addresses of hosts hidden."""
    return _HOST.sub(rb"\1" + HIDDEN, text)


def _stands_in(value: re.Match[bytes], name: re.Pattern[bytes], wanted: re.Pattern[bytes]) -> bool:
    """Whether the value stands in a field with a wanted name. Looking back from the rare values is the quick way."""
    before = name.search(value.string, max(0, value.start() - _LONGEST_NAME), value.start())
    return before is not None and wanted.fullmatch(before[1]) is not None
