"""Take secrets out of JSON text without decoding it: every other byte stays what it was.

Sees a secret however it is escaped (JSON, JSON within JSON, URL); cannot help one so short that it is an ordinary word.
"""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

REDACTED = b"__OPENCLAW_REDACTED__"
"""The gateway's own word for it: sent back in a config, the stored secret stays."""
SHORTEST = 4
"""Anything shorter would be found in every text."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_BACKSLASH = ord("\\")
_NEVER = re.compile(rb"(?!)")
_SHORT_ESCAPES = {'"': '"', "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "/": "/"}


class Scrubber:
    """Takes a gateway's secrets out of its answers."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= SHORTEST}, key=len, reverse=True)
        self._usual = tuple({form for secret in known for form in _usual_forms(secret)})
        self._known = known

    @cached_property
    def _hint(self) -> re.Pattern[bytes]:
        """An escape of one of the secrets' characters."""
        units = {unit.hex().encode() for secret in self._known for character in secret for unit in _units(character)}
        return re.compile(rb"\\u(?i:" + b"|".join(sorted(units)) + b")") if units else _NEVER

    @cached_property
    def _any_form(self) -> re.Pattern[bytes]:
        """Costs milliseconds to make, and is seldom needed."""
        return re.compile(b"|".join(_any_form(secret) for secret in self._known)) if self._known else _NEVER

    def scrub(self, text: bytes) -> bytes:
        """`text`, JSON or a piece of it, with `REDACTED` wherever a string contains a secret."""
        # first the quick look: encoders do not escape what needs no escape, and secrets are rarely there
        hinted = rb"\u" in text and self._hint.search(text) and self._any_form.search(text)
        if hinted or any(form in text for form in self._usual):
            return _STRING.sub(lambda found: self._scrub_string(found.group()), text)
        return text

    def _scrub_string(self, string: bytes) -> bytes:
        kept: list[bytes] = []
        done = at = 1  # behind the quote
        end = len(string) - 1
        while found := self._any_form.search(string, at, end):
            if _escape_around(string, found.start()) != found.start():  # the n of a line break is not the secret's n
                at = found.start() + 1
                continue
            kept += string[done : found.start()], REDACTED
            done = at = _escape_around(string, found.end())  # a last backslash may belong to what follows
        return b'"' + b"".join(kept) + string[done:]


@lru_cache(maxsize=1024)
def scrubber(secrets: frozenset[str]) -> Scrubber:
    """The one for these secrets: kept, since making one costs more than most answers."""
    return Scrubber(secrets)


def _escape_around(string: bytes, at: int) -> int:
    """Where the escape begins that `at` is in the middle of; `at` itself if it is in none."""
    for begin in range(at - 1, max(at - 6, -1), -1):
        if string[begin] == _BACKSLASH and _stands_alone(string, begin):
            length = 6 if string[begin + 1 : begin + 2] == b"u" else 2
            return begin if at < begin + length else at
    return at


def _stands_alone(string: bytes, backslash: int) -> bool:
    """Whether the backslash there is not itself escaped."""
    before = string[:backslash]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 0


def _usual_forms(secret: str) -> Iterable[bytes]:
    """The secret as encoders write it: plain, in a URL, and escaped up to four times."""
    yield quote(secret, safe="").encode()
    for ascii_only in (False, True):
        form = secret
        for _ in range(5):
            yield form.encode()
            yield form.replace("/", "\\/").encode()
            form = json.dumps(form, ensure_ascii=ascii_only)[1:-1]


def _any_form(secret: str) -> bytes:
    """A pattern for the secret with each of its characters plain or escaped, at any depth."""
    return b"".join(_any_form_of(character) for character in secret)


def _units(character: str) -> list[bytes]:
    """What `\\u` escapes count: UTF-16."""
    encoded = character.encode("utf-16-be", "surrogatepass")
    return [encoded[at : at + 2] for at in range(0, len(encoded), 2)]


def _any_form_of(character: str) -> bytes:
    escaped = b"".join(rb"\\+u(?i:%s)" % unit.hex().encode() for unit in _units(character))
    forms = [escaped, rb"(?i:%s)" % "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "replace")).encode()]
    if character == "\\":
        forms.append(rb"\\{2,}")
    elif character in _SHORT_ESCAPES:
        forms.append(rb"\\+" + re.escape(_SHORT_ESCAPES[character].encode()))
    if character not in '"\\' and character >= " ":
        forms.append(re.escape(character.encode("utf-8", "replace")))
    return b"(?:" + b"|".join(forms) + b")"
