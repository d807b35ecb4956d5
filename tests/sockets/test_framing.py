from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Close, Frame, Opcode

from vestibule.sockets.framing import clip_reason, close_frame, ping_frame, pong_frame, text_header


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_text_headers_are_those_of_the_oracle(size: int) -> None:
    payload = b"x" * size
    assert text_header(size) + payload == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_control_frames_are_those_of_the_oracle() -> None:
    assert ping_frame() == Frame(Opcode.PING, b"").serialize(mask=False)
    assert pong_frame(b"there?") == Frame(Opcode.PONG, b"there?").serialize(mask=False)
    assert close_frame(4001, "sign in") == Frame(Opcode.CLOSE, Close(4001, "sign in").serialize()).serialize(mask=False)


@given(st.text(max_size=300).filter(lambda text: text.isprintable()))
def test_a_clipped_reason_fits_and_is_whole_characters(reason: str) -> None:
    clipped = clip_reason(reason)
    assert len(clipped) <= 123
    assert reason.startswith(clipped.decode())
    assert len(clipped) >= min(len(reason.encode()), 120)
