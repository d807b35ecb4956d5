from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestibule.sockets.assembly import (
    BINARY,
    CONTINUATION,
    INTERLEAVED,
    NOT_UTF8,
    RESERVED_BITS,
    STRAY_CONTINUATION,
    TEXT,
    TEXT_ONLY,
    TOO_LARGE,
    MessageAssembler,
    Violation,
    utf8_fault,
)

LIMIT = 1024


def say(assembler: MessageAssembler, opcode: int, payload: bytes, *, fin: bool = True, reserved: int = 0) -> object:
    return assembler.frame(opcode, fin=fin, reserved=reserved, payload=payload)


@st.composite
def split_messages(draw: st.DrawFn) -> list[list[bytes]]:
    """Messages, each cut into fragments anywhere: also empty ones, also inside a character."""
    messages = []
    for text in draw(st.lists(st.text(max_size=60), max_size=6)):
        data = text.encode()
        cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=5)))
        messages.append([data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)])
    return messages


@given(split_messages())
def test_any_split_gives_back_the_messages(messages: list[list[bytes]]) -> None:
    """However messages are cut into fragments, the same messages come out, in order."""
    assembler = MessageAssembler(LIMIT)
    heard = []
    for fragments in messages:
        for number, fragment in enumerate(fragments):
            opcode = TEXT if number == 0 else CONTINUATION
            last = number == len(fragments) - 1
            scratch = bytearray(fragment)
            made = assembler.frame(opcode, fin=last, reserved=0, payload=memoryview(scratch))
            scratch[:] = b"\xff" * len(scratch)  # the view's memory is reused
            assert assembler.open is not last
            if made is not None:
                heard.append(made)
    assert heard == [b"".join(fragments) for fragments in messages]


@given(st.lists(st.tuples(st.integers(0, 15), st.booleans(), st.integers(0, 7), st.binary(max_size=2000)), max_size=12))
def test_any_frames_at_all(frames: list[tuple[int, bool, int, bytes]]) -> None:
    """Whatever comes: a message within the limit and in UTF-8, nothing, or a violation; never an exception."""
    assembler = MessageAssembler(LIMIT)
    for opcode, fin, reserved, payload in frames:
        made = assembler.frame(opcode, fin=fin, reserved=reserved, payload=payload)
        if isinstance(made, Violation):
            return
        if made is not None:
            assert fin
            assert len(made) <= LIMIT
            made.decode()


@pytest.mark.parametrize("reserved", [1, 2, 4, 7])
def test_reserved_bits(reserved: int) -> None:
    assert say(MessageAssembler(LIMIT), TEXT, b"{}", reserved=reserved) == RESERVED_BITS


def test_a_continuation_of_nothing() -> None:
    assembler = MessageAssembler(LIMIT)
    assert say(assembler, TEXT, b"whole") == b"whole"
    assert say(assembler, CONTINUATION, b"more") == STRAY_CONTINUATION


def test_a_message_inside_another() -> None:
    assembler = MessageAssembler(LIMIT)
    assert say(assembler, TEXT, b"a", fin=False) is None
    assert say(assembler, TEXT, b"b") == INTERLEAVED


def test_binary() -> None:
    assert say(MessageAssembler(LIMIT), BINARY, b"\x00") == TEXT_ONLY


def test_the_limit_is_for_the_message() -> None:
    assembler = MessageAssembler(10)
    assert say(assembler, TEXT, b"0123456789") == b"0123456789"
    assert say(assembler, TEXT, b"01234567890") == TOO_LARGE


def test_the_limit_counts_all_fragments_and_does_not_wait_for_the_last() -> None:
    assembler = MessageAssembler(10)
    assert say(assembler, TEXT, b"01234", fin=False) is None
    assert say(assembler, CONTINUATION, b"56789", fin=False) is None
    assert say(assembler, CONTINUATION, b"", fin=False) is None
    assert say(assembler, CONTINUATION, b"x", fin=False) == TOO_LARGE


def test_the_size_starts_anew_with_each_message() -> None:
    assembler = MessageAssembler(10)
    for _ in range(3):
        assert say(assembler, TEXT, b"01234", fin=False) is None
        assert say(assembler, CONTINUATION, b"56789") == b"0123456789"


def test_text_must_be_utf8() -> None:
    assert say(MessageAssembler(LIMIT), TEXT, b"\xff") == NOT_UTF8
    assert say(MessageAssembler(LIMIT, check_text=False), TEXT, b"\xff") == b"\xff"


def test_utf8_is_judged_by_message() -> None:
    assembler = MessageAssembler(LIMIT)
    snow = "☃".encode()
    assert say(assembler, TEXT, snow[:1], fin=False) is None
    assert say(assembler, CONTINUATION, snow[1:]) == snow
    assert say(assembler, TEXT, snow[:1], fin=False) is None
    assert say(assembler, CONTINUATION, b"a") == NOT_UTF8


@given(st.binary())
def test_utf8_fault_agrees_with_python(data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError:
        assert utf8_fault(data) == NOT_UTF8
    else:
        assert utf8_fault(data) is None


def test_a_gateways_messages_are_taken_as_they_come() -> None:
    """P5: a binary message of a gateway is a message; what is in it is the reader's affair."""
    assembler = MessageAssembler(100, check_text=False)
    assert assembler.frame(BINARY, fin=True, reserved=0, payload=b"\xff\x00") == b"\xff\x00"
