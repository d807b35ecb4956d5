"""What one owner's gateway does to the others: nothing."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from gateway.harness import bench
from vestibule.testing import SimulatedGateway

if TYPE_CHECKING:
    from pathlib import Path

OWNERS = 30
HUNG = 3


@pytest.mark.parametrize("fault", ["hang_in_tcp", "hang_in_upgrade", "hang_in_handshake", "never_answer", "freeze"])
async def test_a_tenth_that_hangs_delays_nobody(tmp_path: Path, fault: str) -> None:
    """P2: 27 owners are answered while the calls of 3 whose gateways hang are open; those end by deadline.

    Nothing is timed: the answers come before the hung calls' own deadline, which ends them last.
    """
    async with AsyncExitStack() as stack:
        gateways = [await stack.enter_async_context(SimulatedGateway()) for _ in range(OWNERS)]
        made = await stack.enter_async_context(bench(tmp_path, handshake_timeout_s=30.0))
        order: list[str] = []
        for n, gateway in enumerate(gateways):
            if n < HUNG:
                gateway.add_fault(fault)
            made.routes.put(f"owner{n}", gateway)
        tabs = [made.tab(f"tab{n}") for n in range(OWNERS)]

        async def ask(n: int) -> None:
            answer = await tabs[n].call(f"owner{n}", "health", timeout_s=1.5)
            order.append("hung" if n < HUNG else "healthy")
            if n < HUNG:
                assert answer.error["code"] == "GATEWAY_TIMEOUT"
                assert answer.error["mayHaveRun"] is (fault == "never_answer")
            else:
                assert answer.frame["ok"]

        async with asyncio.TaskGroup() as own:
            for n in range(OWNERS):
                own.create_task(ask(n), name=f"ask:{n}")
        assert order == ["healthy"] * (OWNERS - HUNG) + ["hung"] * HUNG


async def test_hundreds_of_owners_one_socket_each(tmp_path: Path) -> None:
    """P1: 100 owners, 5 calls each: exactly 100 sockets; after a drop of all, 100 again; then none."""
    async with SimulatedGateway() as gateway, bench(tmp_path) as made:
        owners = [f"owner{n}" for n in range(100)]
        for owner in owners:
            made.routes.put(owner, gateway)
        tab = made.tab()

        async def all_call() -> None:
            asked = [tab.ask(owner, "health") for owner in owners for _ in range(5)]
            for frame_id in asked:
                assert (await tab.final(frame_id)).frame["ok"]

        await all_call()
        assert gateway.total_connections == gateway.open_connections == 100
        await gateway.drop()
        await gateway.wait_connected(100)
        await all_call()
        assert gateway.total_connections == 200
        assert gateway.open_connections == 100
        await made.pool.close_all()
        await gateway.wait_for(lambda: gateway.open_connections == 0)


async def test_a_flooding_owner_takes_nothing_from_others(tmp_path: Path) -> None:
    """P13: an owner at its bound is refused; its neighbour, asked in between, is answered each time."""
    async with SimulatedGateway() as noisy, SimulatedGateway() as quiet, bench(tmp_path, max_pending_calls=10) as made:
        noisy.add_fault("never_answer")
        made.routes.put("noisy", noisy)
        made.routes.put("quiet", quiet)
        flood, tab = made.tab("flood"), made.tab("tab")
        for _ in range(20):
            for _ in range(5):
                flood.ask("noisy", "health")
            assert (await tab.call("quiet", "health")).frame["ok"]
        assert len(flood.answers) == 90
        assert {answer.error["code"] for answer in flood.answers} == {"OVERLOADED"}


async def test_a_gateway_that_floods_does_not_starve_the_others(tmp_path: Path) -> None:
    """R3: events as fast as a socket takes them, and a neighbour's calls are answered all the same."""
    async with SimulatedGateway() as noisy, SimulatedGateway() as quiet, bench(tmp_path) as made:
        made.routes.put("noisy", noisy)
        made.routes.put("quiet", quiet)
        await made.ready("noisy")
        noisy.add_fault("flood")
        tab = made.tab()
        for _ in range(20):
            assert (await tab.call("quiet", "health")).frame["ok"]
        noisy.remove_fault("flood")
        assert made.events["quiet"] == []


async def test_owners_never_hear_each_other(tmp_path: Path) -> None:
    """R1: an event belongs to the owner of the socket it came by."""
    async with SimulatedGateway() as one, SimulatedGateway() as two, bench(tmp_path) as made:
        made.routes.put("ada", one)
        made.routes.put("bob", two)
        await made.ready("ada")
        await made.ready("bob")
        tab = made.tab()
        for n in range(10):
            await one.emit("chat", {"for": "ada", "n": n})
            await two.emit("chat", {"for": "bob", "n": n})
        await tab.call("ada", "health")
        await tab.call("bob", "health")
        for owner in ("ada", "bob"):
            heard = [payload for name, payload in made.events[owner] if name == "chat"]
            assert heard == [{"for": owner, "n": n} for n in range(10)]
