"""How fast it feels, with generous bounds: a loaded machine passes too. What was measured is printed.

In front of the simulated gateway: the real one throttles its stream, and a long past would take hours to make.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest_asyncio
from playwright.async_api import expect

from browser.house import House
from browser.visitor import visitor
from vestibule.edge.http.page import STATIC
from vestibule.testing import ChatScript, SimulatedGateway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    import pytest
    from playwright.async_api import Browser

T = TypeVar("T")

KB = 1024
CHUNKS = 4_000
ANSWER_BYTES = 200_000
MESSAGES = 2_000
OLD = "agent:main:long-ago"

LONGEST_TASK_MS = 100
OPENING_MS = 1_000
USABLE_MS = 1_500
SCRIPTS_KB = 250

WATCH_TASKS = """() => {
  window.longestTaskMs = 0;
  const note = (list) => list.getEntries().forEach((task) => {
    window.longestTaskMs = Math.max(window.longestTaskMs, task.duration);
  });
  new PerformanceObserver(note).observe({ type: "longtask" });
}"""
USABLE = """() => document.querySelector("textarea:not([disabled])") !== null
  && document.querySelector("[aria-label='Connection: Connected']") !== null"""
OPEN = """async ([hash, text]) => {
  const began = performance.now();
  location.hash = hash;
  const log = () => document.querySelector("[role=log]")?.textContent ?? "";
  while (!log().includes(text)) await new Promise((next) => requestAnimationFrame(next));
  return performance.now() - began;
}"""
SCRIPTS = """() => performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname)
  .filter((path) => path.endsWith(".js"))"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def simulated() -> AsyncIterator[SimulatedGateway]:
    async with SimulatedGateway() as gateway:
        for number in range(1, MESSAGES + 1):
            role = "user" if number % 2 else "assistant"
            gateway.world.append_message(gateway.world.session(OLD)["key"], role, f"Message {number}: **words** of it.")
        yield gateway


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def quick_house(
    tmp_path_factory: pytest.TempPathFactory, simulated: SimulatedGateway, built: None
) -> AsyncIterator[House]:
    async with House(tmp_path_factory.mktemp("quick"), simulated) as house:
        yield house


async def test_the_first_page(browser: Browser, quick_house: House, say: Callable[[str], None]) -> None:
    """Usable: one can type, and the gateway is there. An empty cache; the scripts as the door sends them, gzip."""

    async def come() -> tuple[float, list[str]]:
        async with visitor(browser, quick_house, "performance first page") as ada:
            app = await ada.open(quick_house.link)
            await app.page.wait_for_function(USABLE)
            return await app.page.evaluate("performance.now()"), await app.page.evaluate(SCRIPTS)

    usable_ms, scripts = await least(come, below=USABLE_MS)
    scripts_kb = sum(zipped(path) for path in scripts) / KB

    say(f"performance: app usable after {usable_ms:.0f} ms, with {scripts_kb:.0f} KB of JavaScript (gzip)")
    assert len(scripts) > 1
    assert scripts_kb <= SCRIPTS_KB
    assert usable_ms < USABLE_MS


async def least(measure: Callable[[], Awaitable[tuple[float, T]]], *, below: float) -> tuple[float, T]:
    """The best of up to three: whatever else the machine does makes a page slower, nothing makes it quicker."""
    best = await measure()
    for _again in range(2):
        if best[0] < below:
            break
        best = min(best, await measure(), key=lambda measured: measured[0])
    return best


def zipped(path: str) -> int:
    file = STATIC / "app" / path.removeprefix("/")
    beside = file.with_name(f"{file.name}.gz")
    return (beside if beside.exists() else file).stat().st_size


async def test_a_long_answer(
    browser: Browser, quick_house: House, simulated: SimulatedGateway, say: Callable[[str], None]
) -> None:
    """R4: 200 KB in 4,000 chunks; the page answers to the hand all the while, and no paragraph is missing."""
    pieces = answer()

    async def listen() -> tuple[float, str]:
        simulated.next_chat(ChatScript(text=pieces, one_delta=False, delay_s=0.001))
        async with visitor(browser, quick_house, "performance long answer") as ada:
            await ada.sign_in()
            chat = await ada.conversation()
            await chat.page.evaluate(WATCH_TASKS)
            await chat.say("at length, please")
            await chat.ended("The very end.", timeout_ms=120_000)
            return await chat.page.evaluate("window.longestTaskMs"), await chat.answer.text_content() or ""

    longest_ms, told = await least(listen, below=LONGEST_TASK_MS)

    longest = f"{longest_ms:.0f} ms" if longest_ms else "under 50 ms"
    say(f"performance: {sum(map(len, pieces)) / KB:.0f} KB in {len(pieces)} chunks: longest task {longest}")
    assert told.count("Paragraph ") == len(pieces) // 20
    assert longest_ms < LONGEST_TASK_MS


def answer() -> list[str]:
    """Paragraphs, lists and code, in pieces of about fifty bytes."""
    size = ANSWER_BYTES // CHUNKS
    text = "".join(paragraph(number, size * 20) for number in range(CHUNKS // 20 - 1))
    text += paragraph(CHUNKS // 20 - 1, size * 20 - 20) + "\n\nThe very end."
    return [text[start : start + size] for start in range(0, len(text), size)]


def paragraph(number: int, length: int) -> str:
    kinds = (
        f"\n\nParagraph {number} has *some* `words`, ",
        f"\n\n- Paragraph {number} is an item\n- and so is this, ",
        f"\n\nParagraph {number} shows code:\n\n```python\nfor each in range({number}):\n    print(each)\n```\n\nand ",
    )
    head = kinds[number % len(kinds)]
    return head + ("more of the same, " * (length // 18 + 1))[: length - len(head)]


async def test_a_long_past(browser: Browser, quick_house: House, say: Callable[[str], None]) -> None:
    """A session of 2,000 messages: its end is on the screen at once."""
    async with visitor(browser, quick_house, "performance long past") as ada:
        await ada.sign_in()
        chat = await ada.conversation()
        place = f"#/chat/main/{OLD.replace(':', '%3A')}"
        opening_ms = await chat.page.evaluate(OPEN, [place, f"Message {MESSAGES}"])
        await expect(chat.answer).to_be_in_viewport()

    say(f"performance: a session of {MESSAGES} messages opens in {opening_ms:.0f} ms")
    assert opening_ms < OPENING_MS
