from __future__ import annotations

import json
from typing import Any

from msgspec import Raw

from vestibule.gateway.approvals import MOST, MOST_BYTES, REQUESTED, RESOLVED, OpenApprovals
from vestibule.protocol.frames import GatewayEvent


def requested(id: str, **fields: Any) -> GatewayEvent:
    payload = {"id": id, "request": {"command": "ls"}, "createdAtMs": 5_000, "expiresAtMs": 65_000, **fields}
    return GatewayEvent(REQUESTED, Raw(json.dumps(payload).encode()))


def resolved(id: str) -> GatewayEvent:
    return GatewayEvent(RESOLVED, Raw(json.dumps({"id": id, "decision": "deny"}).encode()))


def ids(approvals: OpenApprovals, now: float) -> list[str]:
    return [each["id"] for each in json.loads(approvals.listed(now))]


def test_what_was_asked_is_listed_until_it_is_answered() -> None:
    """To the byte as it came, the oldest first; asked again it is the newest."""
    approvals = OpenApprovals()
    first, second = requested("a"), requested("b")
    approvals.hear(first, 0.0)
    approvals.hear(second, 1.0)
    assert approvals.listed(2.0) == b"[%b,%b]" % (bytes(first.payload), bytes(second.payload))
    approvals.hear(first, 2.0)
    assert ids(approvals, 2.0) == ["b", "a"]

    approvals.hear(resolved("b"), 3.0)
    approvals.hear(resolved("never asked"), 3.0)

    assert ids(approvals, 3.0) == ["a"]
    approvals.clear()
    assert approvals.listed(3.0) == b"[]"


def test_an_approval_lasts_as_long_as_the_gateway_says() -> None:
    """By the difference of its own times: its clock need not be ours. What says nothing, or too much, lasts 30 min."""
    approvals = OpenApprovals()
    approvals.hear(requested("a minute"), 100.0)
    approvals.hear(requested("silent", expiresAtMs=None), 100.0)
    approvals.hear(requested("for ever", expiresAtMs=1e15), 100.0)

    assert ids(approvals, 159.0) == ["a minute", "silent", "for ever"]
    assert ids(approvals, 160.0) == ["silent", "for ever"]
    approvals.expire(1_900.0)
    assert not approvals


def test_a_new_process_knows_nothing_of_what_another_asked() -> None:
    approvals = OpenApprovals()
    approvals.hear(requested("a"), 10.0)

    approvals.began(9.0)
    assert ids(approvals, 11.0) == ["a"]
    approvals.began(11.0)
    assert not approvals


def test_the_oldest_makes_room() -> None:
    """S5: no gateway makes the door keep more than this."""
    approvals = OpenApprovals()
    for number in range(MOST + 1):
        approvals.hear(requested(str(number)), 0.0)
    assert ids(approvals, 1.0) == [str(number) for number in range(1, MOST + 1)]

    approvals.hear(requested("large", request={"command": "x" * (MOST_BYTES - 1_000)}), 0.0)
    assert ids(approvals, 1.0)[-1] == "large"
    assert len(approvals.listed(1.0)) <= MOST_BYTES + MOST


def test_what_cannot_be_read_is_left_out() -> None:
    approvals = OpenApprovals()
    for payload in (b"", b"[]", b"{}", b'{"id":7}', b'{"id":"\xff"}'):
        approvals.hear(GatewayEvent(REQUESTED, Raw(payload)), 0.0)

    assert not approvals
