from __future__ import annotations

from support.waiting import eventually
from vestibule.sockets.wheel import PingWheel


class Counter:
    def __init__(self) -> None:
        self.turns = 0

    def ping_turn(self) -> None:
        self.turns += 1


async def test_every_socket_gets_its_turn() -> None:
    """Trap "ping": one timer for all of them."""
    wheel = PingWheel(0.05)
    sockets = [Counter() for _ in range(40)]
    for socket in sockets:
        wheel.add(socket)
    await eventually(lambda: all(socket.turns >= 3 for socket in sockets))
    for socket in sockets:
        wheel.discard(socket)
    assert len(wheel) == 0


async def test_a_socket_that_left_gets_no_turn() -> None:
    wheel = PingWheel(0.05)
    left, stays = Counter(), Counter()
    wheel.add(left)
    wheel.add(stays)
    await eventually(lambda: left.turns)
    wheel.discard(left)
    wheel.discard(left)
    turns = left.turns
    await eventually(lambda: stays.turns >= turns + 3)
    assert left.turns == turns
    wheel.discard(stays)


async def test_a_socket_may_leave_during_its_turn() -> None:
    """Dropping a dead peer ends in `discard`."""
    wheel = PingWheel(0.05)

    class Leaver(Counter):
        def ping_turn(self) -> None:
            super().ping_turn()
            wheel.discard(self)

    leavers = [Leaver() for _ in range(5)]
    for leaver in leavers:
        wheel.add(leaver)
    await eventually(lambda: len(wheel) == 0)
    assert [leaver.turns for leaver in leavers] == [1] * 5
