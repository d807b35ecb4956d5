from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vestibule.policy.scrubbing import REDACTED, Scrubber

TOKEN = "tok_9f8e7d6c-5b4a"
WORD = REDACTED.decode()


def encoded(value: Any, *, ascii_only: bool = False) -> bytes:
    return json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"before {TOKEN} after",
        f"ws://h/?token={TOKEN}&x=1",
        TOKEN + TOKEN,
        json.dumps({"gateway": {"auth": {"token": TOKEN}}}),
        json.dumps([json.dumps({"msg": json.dumps({"token": TOKEN})})]),
        f"\\{TOKEN}",
        f'"{TOKEN}"',
    ],
)
def test_a_secret_is_found_wherever_it_stands(text: str) -> None:
    """S1: alone, inside a text, in JSON inside JSON; what is around it stays."""
    scrubbed = Scrubber([TOKEN]).scrub(encoded({"a": [{"b": text}], "n": 1}))
    assert json.loads(scrubbed) == {"a": [{"b": text.replace(TOKEN, WORD)}], "n": 1}


def test_a_secret_is_found_in_names_of_fields() -> None:
    """S1: a map by token."""
    assert json.loads(Scrubber([TOKEN]).scrub(encoded({TOKEN: 1}))) == {WORD: 1}


@pytest.mark.parametrize(
    "escaped",
    [
        "".join(f"\\u{ord(character):04x}" for character in TOKEN),
        "".join(f"\\u{ord(character):04X}" for character in TOKEN),
        f"\\u0074{TOKEN[1:]}",
        f"{TOKEN[:4]}\\u{ord(TOKEN[4]):04x}{TOKEN[5:]}",
        f"\\\\u0074{TOKEN[1:]}",
    ],
)
def test_a_secret_is_found_however_it_is_escaped(escaped: str) -> None:
    """S1: an encoder may escape what needs no escape."""
    scrubbed = Scrubber([TOKEN]).scrub(b'{"a":"x%sy"}' % escaped.encode())
    assert scrubbed == b'{"a":"x%sy"}' % REDACTED


@pytest.mark.parametrize(
    "secret", ["a/b+c=d?", "pass word", 'quote"back\\slash', "tab\tline\nend", "pässwörd", "😀😀😀😀"]
)
def test_secrets_of_unusual_characters(secret: str) -> None:
    """S1: passwords are whatever people type."""
    from urllib.parse import quote

    scrubber = Scrubber([secret])
    for text in (secret, json.dumps(secret), json.dumps(json.dumps(secret)), f"?p={quote(secret, safe='')}"):
        for ascii_only in (False, True):
            body = encoded({"a": f"<{text}>"}, ascii_only=ascii_only)
            for written in (body, body.replace(b"/", b"\\/")):
                found = json.loads(scrubber.scrub(written))["a"]
                assert WORD in found
                assert secret not in found


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1.50,"b":1e5,"c":12345678901234567890,"d":"\\u00e9\\/"  }',
        b'{"a":12345678,"b":[1234,5678]}',
        b'{"a":"tok_9f8e7d6c-5b4","b":"1234567"}',
        b'{"a":"\\\\u0074"}',
        b"",
        b"[]",
    ],
)
def test_everything_else_stays_byte_for_byte(body: bytes) -> None:
    """Payloads are not ours; numbers keep their spelling."""
    assert (
        Scrubber([TOKEN, "12345678", "},{", "true"]).scrub(body) is body
        or Scrubber([TOKEN, "12345678"]).scrub(body) == body
    )


def test_a_secret_that_looks_like_json_is_found_in_strings_only() -> None:
    """The frame stays a frame."""
    scrubber = Scrubber(["12345678", "true", '":"', "},{"])
    body = b'[{"a":12345678,"b":true},{"c":"12345678 true"}]'
    assert json.loads(scrubber.scrub(body)) == [{"a": 12345678, "b": True}, {"c": f"{WORD} {WORD}"}]


def test_half_an_escape_is_not_a_letter() -> None:
    """The n of a line break is not the n of the secret."""
    scrubber = Scrubber(["name", "ame\\nx"])
    assert scrubber.scrub(b'["\\name"]') == b'["\\name"]'
    assert scrubber.scrub(b'["\\\\name"]') == b'["\\\\%s"]' % REDACTED
    assert scrubber.scrub(b'["\\name, name"]') == b'["\\name, %s"]' % REDACTED


def test_the_longer_of_two_secrets_goes_first() -> None:
    """No tail of one is left behind."""
    assert Scrubber(["abcd", "abcdefgh"]).scrub(b'["abcdefgh"]') == b'["%s"]' % REDACTED


def test_no_secrets_and_short_ones_change_nothing() -> None:
    """Three letters would be found in every text."""
    for secrets in ([], [""], ["abc"]):
        assert Scrubber(secrets).scrub(b'["abc \\u0061bc"]') == b'["abc \\u0061bc"]'


texts = st.text(st.characters(codec="utf-8"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(
    st.text(st.characters(codec="utf-8"), min_size=4, max_size=12),
    texts,
    texts,
    values,
    st.integers(0, 3),
    st.booleans(),
)
@example('":"a', "", "", {"": "a"}, 0, False)
@example("\\\\\\\\", "\\", "\\", {}, 1, True)
def test_no_decoder_finds_the_secret_again(
    secret: str, before: str, after: str, other: Any, depth: int, ascii_only: bool
) -> None:
    """S1: whatever the secret, whatever is around it; and it is still JSON."""
    text = before + secret + after
    for _ in range(depth):
        text = json.dumps(text, ensure_ascii=ascii_only)
    body = encoded([text, other], ascii_only=ascii_only)

    scrubbed = json.loads(Scrubber([secret]).scrub(body))

    hidden = json.dumps(scrubbed[0].replace(WORD, ""), ensure_ascii=False)
    assert WORD in scrubbed[0]
    assert depth or secret not in scrubbed[0].replace(WORD, "\0")
    assert json.dumps(secret, ensure_ascii=False)[1:-1] not in hidden or depth == 0 or secret in before + after
