"""hub.numbering: what clients that are written one after the other have in common."""

from __future__ import annotations

import json
from typing import Any

from vestibule.hub.audience import READERS
from vestibule.hub.numbering import Numbering
from vestibule.hub.stream import Pushed
from vestibule.protocol.codec import push_head

ANSWER = b'{"type":"res","id":"1","ok":true,"payload":null}'


def pushed(offset: int) -> Pushed:
    return Pushed(offset, push_head({"type": "event", "event": "cron", "payload": {}}, offset), READERS)


def seqs(messages: list[bytes]) -> list[Any]:
    return [json.loads(message).get("seq") for message in messages]


def test_tabs_that_heard_the_same_share_a_batch() -> None:
    """Hot path: a burst is encoded once, however many tabs opened together."""
    burst = [pushed(1), pushed(2)]
    numbering = Numbering()

    first, last = numbering.batch(list(burst), 0)
    second, _ = numbering.batch(list(burst), 0)

    assert second is first
    assert (seqs(first.messages), last) == ([1, 2], 2)


def test_tabs_that_came_at_different_times_count_for_themselves() -> None:
    burst = [pushed(7), pushed(8)]
    numbering = Numbering()

    early, _ = numbering.batch(list(burst), 5)
    late, last = numbering.batch(list(burst), 0)

    assert (seqs(early.messages), seqs(late.messages), last) == ([6, 7], [1, 2], 2)


def test_an_answer_is_not_numbered_and_nobody_elses() -> None:
    """R1, R4: the same events around an answer of one's own are another batch."""
    numbering = Numbering()

    mine, last = numbering.batch([pushed(1), ANSWER, pushed(2)], 0)
    others, _ = numbering.batch([pushed(1), pushed(2)], 0)

    assert (seqs(mine.messages), last) == ([1, None, 2], 2)
    assert ANSWER not in others.messages
