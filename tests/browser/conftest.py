"""A real browser on `vestibule up`, with the real OpenClaw behind it.

One browser, one door and one gateway serve all tests; each test has a browser context of its own: a fresh visitor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from pytest_asyncio import is_async_test

from browser.house import House
from browser.visitor import Visitor, visitor
from support.chromium import NoChromium, chromium
from vestibule.edge.http.page import STATIC

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from support.openclaw import RealGateway

# /dev/shm is small in containers; without a user namespace there is no sandbox.
ARGS = ["--no-sandbox", "--disable-dev-shm-usage"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if is_async_test(item):
                # Playwright's objects belong to the loop they were made on: one loop for all of them.
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def built() -> None:
    """The web app is there."""
    if not (STATIC / "app" / "index.html").exists():
        pytest.fail("The web app is not built: make web", pytrace=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(say: Callable[[str], None]) -> AsyncIterator[Browser]:
    try:
        program = chromium(say)
    except NoChromium as missing:
        pytest.fail(str(missing), pytrace=False)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=ARGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(
    tmp_path_factory: pytest.TempPathFactory, openclaw: RealGateway, built: None, furniture: None
) -> AsyncIterator[House]:
    """`vestibule up` in front of the real gateway."""
    async with House(tmp_path_factory.mktemp("door"), openclaw) as house:
        yield house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def furniture(openclaw: RealGateway) -> AsyncIterator[None]:
    """A session and a job: an empty gateway has little to show."""
    session = await openclaw.call("sessions.create", {"label": "Dinner plans"})
    job = await openclaw.call(
        "cron.add",
        {
            "name": "Water the plants",
            "schedule": {"kind": "cron", "expr": "0 7 * * *"},
            "sessionTarget": "isolated",
            "wakeMode": "now",
            "payload": {"kind": "agentTurn", "message": "Remind me of the plants."},
            "delivery": {"mode": "none"},
        },
    )
    yield
    await openclaw.call("cron.remove", {"id": job["id"]})
    await openclaw.call("sessions.delete", {"key": session["key"]})


@pytest_asyncio.fixture(loop_scope="session")
async def ada(browser: Browser, house: House, request: pytest.FixtureRequest) -> AsyncIterator[Visitor]:
    """Somebody who signed in by the link, and sees the chat."""
    async with visitor(browser, house, request.node.name) as ada:
        await ada.sign_in()
        yield ada
