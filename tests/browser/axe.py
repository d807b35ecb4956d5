"""axe-core's judgement of a page: WCAG 2.1 A and AA, findings that are serious or worse."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
GRAVE = ("serious", "critical")
AT_REST = """() => Promise.all(document.getAnimations()
  .filter((animation) => Number.isFinite(animation.effect.getComputedTiming().endTime))
  .map((animation) => animation.finished.catch(() => undefined)))"""
"""Nothing changes its colour any more, but for what breathes for ever."""


@cache
def _source() -> str:
    return AXE.read_text()


async def findings(page: Page, *, rule: str | None = None) -> list[str]:
    """What is serious, a line each: rule, what it means, where. All rules of the levels, or one."""
    await page.evaluate(AT_REST)
    await page.evaluate(_source())  # not by a script element: the page's own policy forbids that
    result = await page.evaluate("(which) => axe.run(document, which)", {"runOnly": [rule] if rule else LEVELS})
    return [_line(found) for found in result["violations"] if found["impact"] in GRAVE]


def _line(found: dict[str, Any]) -> str:
    places = "; ".join(f"{node['target'][0]} {node['html'][:160]}" for node in found["nodes"][:4])
    return f"{found['id']}: {found['help']} ({len(found['nodes'])}): {places}"
