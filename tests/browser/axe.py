"""axe-core's judgement of a page: WCAG 2.1 A and AA, findings that are serious or worse."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
WHICH = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
GRAVE = ("serious", "critical")


@cache
def _source() -> str:
    return AXE.read_text()


async def findings(page: Page) -> list[str]:
    """What is serious, a line each: rule, what it means, where."""
    await page.evaluate(_source())  # not by a script element: the page's own policy forbids that
    result = await page.evaluate("(which) => axe.run(document, which)", WHICH)
    return [_line(found) for found in result["violations"] if found["impact"] in GRAVE]


def _line(found: dict[str, Any]) -> str:
    places = "; ".join(f"{node['target'][0]} {node['html'][:160]}" for node in found["nodes"][:4])
    return f"{found['id']}: {found['help']} ({len(found['nodes'])}): {places}"
