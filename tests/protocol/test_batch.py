"""protocol.batch: messages that are written together."""

from __future__ import annotations

from vestibule.protocol.batch import Batch


def test_a_batch_knows_its_size_and_waits_for_an_edge() -> None:
    """What goes on the wire is the edge's: the first that writes it leaves it there for the next."""
    batch = Batch([b"one", b"three"])

    assert batch.messages == [b"one", b"three"]
    assert batch.size == 8
    assert batch.encoded is None
