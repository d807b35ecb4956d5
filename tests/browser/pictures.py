"""The pictures of the README: `make screenshots` takes them anew, on a real gateway with a day's work on it.

Writes docs/images/*.png. Needs what the browser tests need.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import async_playwright, expect

from browser.house import House
from browser.visitor import Visitor, visitor
from support.chromium import chromium
from support.openclaw import NEW, RealGateway
from support.realroad import new_session
from vestibule.testing import Reply, ToolCall

if TYPE_CHECKING:
    from playwright.async_api import Page, ViewportSize

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZE: ViewportSize = {"width": 1200, "height": 820}

JOBS = (
    ("Morning brief", {"kind": "cron", "expr": "30 7 * * 1-5"}, "What is on today?"),
    ("Backup check", {"kind": "every", "everyMs": 3_600_000}, "Did the backup finish?"),
    ("Release notes", {"kind": "cron", "expr": "0 16 * * 5"}, "Draft this week's release notes."),
)
QUESTION = "Is the backup of last night complete?"
LOOK = ToolCall("exec", {"command": "printf 'mail\\t4.1 GB\\tok\\nphotos\\t81 GB\\tok\\nwiki\\t0.3 GB\\tok\\n'"})
ANSWER = """Yes, all three sets are there and their checksums match:

| set | size | checked |
|---|---|---|
| mail | 4.1 GB | ok |
| photos | 81 GB | ok |
| wiki | 0.3 GB | ok |

The next one runs tonight at **02:30**. To look at it yourself:

```sh
restic snapshots --latest 1
```
"""
OTHERS = ("Plan the garden for spring", "Summarise the thread about the new office", "Which certificates expire soon?")


async def take() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        gateway = RealGateway(NEW, Path(folder) / "gateway", print)
        await asyncio.to_thread(gateway.begin)
        try:
            await furnish(gateway)
            async with House(Path(folder) / "door", gateway) as house, async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium(print), args=["--no-sandbox"])
                async with visitor(browser, house, "pictures", viewport=SIZE, scale=2) as ada:
                    await picture_all(ada, gateway)
                await browser.close()
        finally:
            await asyncio.to_thread(gateway.end)


async def furnish(gateway: RealGateway) -> None:
    """Jobs that wait for their hour."""
    for name, schedule, message in JOBS:
        job: dict[str, Any] = {
            "name": name,
            "schedule": schedule,
            "sessionTarget": "isolated",
            "wakeMode": "now",
            "payload": {"kind": "agentTurn", "message": message},
            "delivery": {"mode": "none"},
        }
        await gateway.call("cron.add", job)


async def picture_all(ada: Visitor, gateway: RealGateway) -> None:
    await ada.sign_in()
    for text in OTHERS:
        gateway.model.answer(text, Reply("Done: it is in your notes."))
        chat = await ada.conversation(new_session())
        await chat.say(text)
        await chat.ended("in your notes")
    gateway.model.answer(QUESTION, Reply("Let me look.", tool=LOOK), Reply(ANSWER, thinking="Three sets, all fresh."))
    chat = await ada.conversation(new_session())
    await chat.say(QUESTION)
    await chat.ended("restic snapshots")
    page = ada.app.page
    await picture(page, "chat")

    main = await ada.app.go("Overview")
    for loaded in ("All is well", "Up for", "last used", "Next cron run", "Disk"):
        await expect(main).to_contain_text(loaded, timeout=90_000)
    await picture(page, "overview")

    main = await ada.app.go("Cron")
    await expect(main).to_contain_text("Morning brief")
    await picture(page, "cron")


async def picture(page: Page, name: str) -> None:
    await page.mouse.move(0, 0)
    await expect(page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
    await page.screenshot(path=IMAGES / f"{name}.png", animations="disabled", caret="hide")
    print(f"docs/images/{name}.png")


if __name__ == "__main__":
    asyncio.run(take())
